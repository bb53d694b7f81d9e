"""Recency, frequency and monetary scores, 1 to 5, 5 = best, and the name of each combination.

Scores are fifths of those who ever bought; equal values have equal scores, so a fifth may hold more
or fewer than a fifth of the customers. Who never bought scores 1, 1, 1.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

FIFTHS = 5
NEVER_BOUGHT = "never_bought"
SCORES = ("recency_score", "frequency_score", "monetary_score")


@dataclass(frozen=True)
class RfmSegment:
    """A segment: the lowest and highest score of recency, frequency and monetary value."""

    name: str
    recency: tuple[int, int] = (1, FIFTHS)
    frequency: tuple[int, int] = (1, FIFTHS)
    monetary: tuple[int, int] = (1, FIFTHS)

    def holds(self, scores: pd.DataFrame) -> pd.Series:
        """Say which rows the rule describes."""
        ranges = (self.recency, self.frequency, self.monetary)
        inside = [
            scores[name].between(*range_) for name, range_ in zip(SCORES, ranges, strict=True)
        ]
        return inside[0] & inside[1] & inside[2]


# The first rule that holds names the segment.
RFM_SEGMENTS: tuple[RfmSegment, ...] = (
    RfmSegment("champions", recency=(4, 5), frequency=(4, 5), monetary=(4, 5)),
    RfmSegment("cannot_lose", recency=(1, 2), frequency=(4, 5), monetary=(4, 5)),
    RfmSegment("big_spenders", recency=(3, 5), monetary=(5, 5)),
    RfmSegment("loyal_small_baskets", recency=(3, 5), frequency=(4, 5)),
    RfmSegment("new_or_returning", recency=(4, 5), frequency=(1, 2)),
    RfmSegment("at_risk", recency=(1, 2), frequency=(3, 5)),
    RfmSegment("hibernating", recency=(1, 2), frequency=(1, 2)),
    RfmSegment("steady"),
)


def rfm(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the three scores and `rfm_segment` of each customer.

    Args:
        facts: what `customer_facts` returns; frequency and value are those of 365 days.
    """
    has_bought = facts["purchase_count"] > 0
    values = (
        -facts["days_since_purchase"],
        facts["purchase_count_365d"],
        facts["spend_cents_365d"],
    )
    scores = pd.DataFrame(
        {name: fifths(value, has_bought) for name, value in zip(SCORES, values, strict=True)}
    )
    names = np.select(
        [rule.holds(scores) for rule in RFM_SEGMENTS], [rule.name for rule in RFM_SEGMENTS], ""
    )
    return scores.assign(rfm_segment=np.where(has_bought, names, NEVER_BOUGHT))


def fifths(values: pd.Series, counted: pd.Series) -> pd.Series:
    """Return 1 to 5 by the middle rank of equal values among the counted rows; 1 elsewhere."""
    places = values.where(counted).rank(method="average", pct=True)
    score = np.ceil(places.to_numpy(np.float64) * FIFTHS)
    return pd.Series(np.nan_to_num(score, nan=1.0).clip(1, FIFTHS), values.index).astype("int64")


def spend_to_mean(facts: pd.DataFrame) -> pd.Series:
    """Return the spend of 365 days as a multiple of the mean among those who ever bought.

    Empty where the source knows no amounts. Below 1 is the target of a reactivation.
    """
    mean = facts.loc[facts["purchase_count"] > 0, "spend_cents_365d"].mean()
    if not mean > 0:
        return pd.Series(np.nan, facts.index)
    return facts["spend_cents_365d"] / mean
