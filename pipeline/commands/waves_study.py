"""waves_study: simulated companies decide, seal, live on and measure, three waves in a row.

    python -m pipeline.commands.study waves [<seed> ...]

Each company is a project of its own in `data/tmp/waves/<seed>`, where the stages themselves run. It
trains its models once, before the first wave, so that what changes from wave to wave is what is
known of effects. Policies are valued before the first wave and after each one, as `study policy`
does; after the last, also with the effects that the ledger alone would have taught. A finished
company's figures are kept in `reports/studies/simulated/waves/<seed>.json`.
"""

import logging
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from pipeline.commands.policy_study import crown, run_module, seeds_of, set_up, write_params
from pipeline.foundation import config, paths
from pipeline.io.study_answers import play_missing, write_answer
from pipeline.io.tables import read_json
from pipeline.studies import wave_gains
from pipeline.studies.answer import Answer

log = logging.getLogger(__name__)

SOURCE = "simulated"
QUESTION = "waves"
SEEDS = (71_001, 71_002, 71_003)
CUSTOMERS = 10_000
WAVES = 3
KNOWN = ("ingest", "validate", "population", "features", "segment")
WAVE = (
    "pipeline.stages.decide",
    "pipeline.commands.seal",
    "pipeline.commands.simulate_responses",
)


def main(given: Sequence[str]) -> None:
    """Play the companies of the seeds given, or of the default ones."""
    found = answer(seeds_of(given) if given else SEEDS)
    base = paths.STUDIES / SOURCE / QUESTION
    write_answer(found, base)
    log.info("%d companies: %s", len(found.facts["seeds"]), base.with_suffix(".md"))


def answer(seeds: Sequence[int]) -> Answer:
    """Let every company live through its waves that has not yet, and put all of them together."""
    return wave_gains.answer(play_missing(seeds, partial(paths.waves_study, SOURCE), play))


def play(seed: int) -> dict[str, Any]:
    """Let one company live through its waves; return what `value_policies` finds after each."""
    folder = (paths.TEMPORARY / QUESTION / str(seed)).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    set_up(folder, seed)
    moments = []
    for wave in range(WAVES + 1):
        live_on(folder, wave)
        if wave == 0:
            train(folder)
        moments.append(value(folder))
        if wave < WAVES:
            for module in WAVE:
                run_module(folder, module)
    found = {"moments": moments, "ledger_alone": value_without_responses(folder)}
    shutil.rmtree(folder)
    return found


def live_on(folder: Path, periods: int) -> None:
    """Let the company's records reach so many periods further, and make everything known of them."""
    params = yaml.safe_load((folder / paths.PARAMS).read_text(encoding="utf-8"))
    params["source"]["simulated"] |= {"customers": CUSTOMERS, "later_periods": periods}
    write_params(folder, params)
    for stage in KNOWN:
        run_module(folder, f"pipeline.stages.{stage}")


def train(folder: Path) -> None:
    """Train the models that score, without asking the gate."""
    for model in config.load().models:
        run_module(folder, "pipeline.stages.train", model)
        crown(folder, model)


def value(folder: Path) -> dict[str, Any]:
    """Measure the waves so far, learn effects anew, and value the policies."""
    for module in ("stages.score", "stages.measure", "stages.effects", "commands.value_policies"):
        run_module(folder, f"pipeline.{module}")
    learnt = read_json(folder / paths.EFFECTS_REPORT)
    return {
        **read_json(folder / paths.POLICIES_REPORT),
        "effects": {name: learnt[name] for name in ("arms", "levels", "randomised")},
        "claims": read_json(folder / paths.CLAIMS)["waves"],
    }


def value_without_responses(folder: Path) -> dict[str, Any]:
    """Value the policies of the same day with what the past's messages alone teach."""
    for place in (paths.RESPONSES, paths.MEASUREMENT):
        shutil.rmtree(folder / place)
        (folder / place).mkdir()
    return value(folder)
