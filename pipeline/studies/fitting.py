"""The procedure that studies repeat: the tuned parameters, stopped and calibrated on later rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.models.estimators.boosted_trees import BoostedTrees, fit_watched
from pipeline.models.estimators.boosting import BoostingParams, Objective
from pipeline.models.examples import Examples, sample_negatives
from pipeline.models.propensity_model import PropensityModel, calibrate_core

MAX_ROWS = 100_000
"""Above this, negatives are sampled and weighted: a study fits dozens of times."""


@dataclass(frozen=True)
class Procedure:
    """How every model of a study is fitted and measured."""

    params: BoostingParams
    max_trees: int
    patience: int
    seed: int
    threads: int
    resampling: Resampling
    max_rows: int = MAX_ROWS
    segments: str | None = None
    """The text feature whose values are each calibrated, as the pipeline calibrates them."""


@dataclass(frozen=True)
class Fitted:
    """A calibrated model and the trees it stopped at."""

    model: PropensityModel
    core: BoostedTrees

    @property
    def trees(self) -> int:
        """Return the number of trees."""
        return self.core.booster.trees


def fit_stopped(train: Examples, validation: Examples, procedure: Procedure) -> Fitted:
    """Fit until the validation rows say stop, and calibrate on them."""
    fitted_on = sample_negatives(train, procedure.max_rows, procedure.seed)
    watched = sample_negatives(validation, procedure.max_rows, procedure.seed)
    core = _fit_trees(fitted_on, watched, procedure, "binary")
    segments = procedure.segments
    model = calibrate_core("study", core, train, validation, {}, segments=segments)
    return Fitted(model, core)


def fit_probabilities(train: Examples, watched: Examples, procedure: Procedure) -> BoostedTrees:
    """Fit to probabilities instead of outcomes, until the watched rows say stop.

    Nothing is calibrated: the labels are what calibration would aim at.
    """
    return _fit_trees(train, watched, procedure, "cross_entropy")


def with_features(examples: Examples, names: Sequence[str]) -> Examples:
    """Return the rows with some of their features."""
    return replace(examples, features=examples.features[list(names)])


def _fit_trees(
    train: Examples, watched: Examples, procedure: Procedure, objective: Objective
) -> BoostedTrees:
    return fit_watched(
        train,
        watched,
        procedure.params,
        procedure.max_trees,
        procedure.patience,
        seed=procedure.seed,
        threads=procedure.threads,
        objective=objective,
    )
