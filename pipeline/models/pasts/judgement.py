"""How a model would have done at a past date beside its baselines, all chosen and fitted alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.models.examples import Examples
from pipeline.models.pasts.rolling import period_of
from pipeline.statistics.arrays import Floats, dot, mean_with_error


@dataclass(frozen=True)
class PastJudgement:
    """Log losses at one date, and how far the model's lies from that of the best baseline."""

    period: int
    rows: int
    positives: int
    log_losses: Mapping[str, float]
    """By scorer."""
    best_baseline: str
    difference: float
    """Log loss of the model less that of the best baseline of the date: below 0 is better."""
    standard_error: float
    """Of the difference, over groups."""


def judge_past(rows: Examples, losses: Mapping[str, Floats], model: str) -> PastJudgement:
    """Compare the losses of rows by scorer, of which one is the model."""
    total = float(rows.weights.sum())
    means = {name: dot(loss, rows.weights) / total for name, loss in losses.items()}
    best = min((name for name in means if name != model), key=lambda name: (means[name], name))
    difference, error = mean_with_error(losses[model] - losses[best], rows.weights, rows.groups)
    return PastJudgement(
        period_of(rows),
        len(rows),
        rows.positives,
        {name: round(value, 8) for name, value in sorted(means.items())},
        best,
        round(difference, 8),
        round(error, 8),
    )
