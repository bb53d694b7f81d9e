"""Tables whose true relative effect is known."""

import numpy as np
import pandas as pd
from scipy.special import expit

from pipeline.effects.comparison import Comparisons
from pipeline.effects.rows import TreatmentRows, treatment_rows
from pipeline.statistics.arrays import Floats


def compared(
    treated: list[float],
    probability: list[float],
    outcomes: list[float],
    baseline: list[float],
    groups: list[int] | None = None,
) -> Comparisons:
    """Return a comparison of one arm, written by hand."""
    count = len(treated)
    codes = np.zeros(count, dtype=np.int64)
    return Comparisons(
        rows=np.arange(count),
        arm=codes + 1,
        treated=np.array(treated, dtype=np.float64),
        probability=np.array(probability, dtype=np.float64),
        baseline=np.array(baseline, dtype=np.float64),
        outcomes=np.array(outcomes, dtype=np.float64),
        weights=np.ones(count),
        groups=np.arange(count) if groups is None else np.array(groups, dtype=np.int64),
        periods=codes,
        cells=codes,
        levels={},
    )


def confounded(
    seed: int, share: float, *, rows: int = 4000, hidden: float = 0.0, slope: float = 0.0
) -> tuple[TreatmentRows, Floats]:
    """Return rows whose treatment goes to who is likely to act anyway, and each row's true share.

    Args:
        seed: of the draw.
        share: by which treatment changes the odds.
        rows: how many.
        hidden: strength of a confounder that the features do not show.
        slope: how the share grows with the trait `openness`.
    """
    rng = np.random.default_rng(seed)
    drive, openness, secret = rng.normal(size=(3, rows))
    treatment = rng.random(rows) < expit(-1.0 + 0.9 * drive + hidden * secret)
    shares = np.maximum(share + slope * openness, -0.9)
    log_odds = -2.2 + 0.8 * drive + hidden * secret + treatment * np.log1p(shares)
    outcomes = rng.random(rows) < expit(log_odds)
    features = pd.DataFrame({"drive": drive, "openness": openness, "constant": 1.0})
    return treatment_rows(features, treatment, outcomes), shares
