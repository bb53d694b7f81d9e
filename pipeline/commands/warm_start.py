"""warm_start: the champions' tuned parameters -> `tune.warm_start` in params.yaml.

Called when one likes; no DVC stage. `tune` cannot read the champions by itself: they follow from
it. Comments and order of the file stay.
"""

import logging

from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.running import run
from pipeline.io.params_file import change_params
from pipeline.models.estimators.blend import trees_of
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer
from pipeline.models.tuning.search_space import search_space

log = logging.getLogger(__name__)


def main() -> None:
    """Write the parameters of every champion that was tuned."""
    params = config.load()
    folders = {name: paths.champion(params.source.name, name) for name in params.models}
    found = {
        name: tuned_parameters(load_scorer(folder))
        for name, folder in folders.items()
        if folder.is_dir()
    }
    tuned = {name: values for name, values in found.items() if values}
    write_warm_start(tuned)
    log.info(
        "%d of %d models have a champion that was tuned: %s",
        len(tuned),
        len(folders),
        ", ".join(tuned) or "none",
    )


def tuned_parameters(champion: PropensityModel) -> dict[str, float]:
    """Return what was searched for a champion; nothing where it is a rule."""
    trees = trees_of(champion.core)
    if trees is None:
        return {}
    positives = champion.made_from["positives"]
    return search_space(positives, trees.encoder.largest_vocabulary).searched(trees.params)


def write_warm_start(tuned: dict[ModelName, dict[str, float]]) -> None:
    """Put the parameters into params.yaml and leave all else as it is."""
    change_params(lambda content: content["tune"].update(warm_start=tuned))


if __name__ == "__main__":
    run(main)
