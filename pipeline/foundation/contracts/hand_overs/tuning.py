"""data/tuning/<model>/: the winning hyperparameters, every trial, and what mattered."""

from collections.abc import Mapping

from pydantic import RootModel

from pipeline.foundation.contracts.hand_overs.document import Document


class TuningWinner(Document):
    """best.json."""

    params: Mapping[str, int | float]
    """Hyperparameters of the boosting."""
    trees: int
    validation_log_loss: float


class TuningTrial(Document):
    """One trial."""

    number: int
    state: str
    """`complete` or `pruned`."""
    value: float
    """Validation log loss, also of a pruned trial."""
    trees: int
    params: Mapping[str, int | float]


class TuningTrials(Document):
    """trials.json."""

    trials: tuple[TuningTrial, ...]


class TuningImportance(RootModel[Mapping[str, float]]):
    """importance.json: hyperparameter → share of the variance of the validation log loss."""
