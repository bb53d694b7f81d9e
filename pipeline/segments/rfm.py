"""Recency, frequency and monetary scores, 1 to 5, 5 = best, and the name of each combination.

Scores are fifths of those who ever bought; equal values have equal scores, so a fifth may hold more
or fewer than a fifth of the customers. Who never bought scores 1, 1, 1.

Where a fifth ends is known of everybody alone, so that the engine counts it; a customer's scores
need nothing but where fifths end.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.foundation.engines import Engine
from pipeline.statistics.arrays import Floats

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


@dataclass(frozen=True)
class RfmScale:
    """What scores and the multiple of the mean are told by: where fifths of the buyers end."""

    tops: Mapping[str, Floats]
    """By score, the highest value of each of the first four fifths and of those below it."""
    mean_spend_cents: float | None
    """Of the buyers in 365 days; None where nobody spent."""

    def rfm(self, facts: pd.DataFrame) -> pd.DataFrame:
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
            {
                name: _fifths(value, has_bought, self.tops[name])
                for name, value in zip(SCORES, values, strict=True)
            }
        )
        names = np.select(
            [rule.holds(scores) for rule in RFM_SEGMENTS], [rule.name for rule in RFM_SEGMENTS], ""
        )
        return scores.assign(rfm_segment=np.where(has_bought, names, NEVER_BOUGHT))

    def spend_to_mean(self, facts: pd.DataFrame) -> pd.Series:
        """Return the spend of 365 days as a multiple of the mean among those who ever bought.

        Empty where the source knows no amounts. Below 1 is the target of a reactivation.
        """
        if self.mean_spend_cents is None:
            return pd.Series(np.nan, facts.index)
        return facts["spend_cents_365d"] / self.mean_spend_cents


def rfm_scale(engine: Engine, facts: ir.Table) -> RfmScale:
    """Find where fifths end, and the mean spend, of all who ever bought.

    Args:
        engine: counts.
        facts: what `customer_facts` returns of everybody.
    """
    buyers = facts.filter(facts.purchase_count > 0)
    (told,) = engine.arrow(
        buyers.aggregate(spend=buyers.spend_cents_365d.sum().cast("int64"), rows=buyers.count())
    ).to_pylist()
    return RfmScale(
        _tops(engine.arrow(_highest_of_fifths(buyers)).to_pandas()),
        told["spend"] / told["rows"] if told["spend"] else None,
    )


def _highest_of_fifths(buyers: ir.Table) -> ir.Table:
    """Return name × score with the highest value: fifths by the middle rank of equal values."""
    values = (
        -buyers.days_since_purchase,
        buyers.purchase_count_365d,
        buyers.spend_cents_365d,
    )
    every = ibis.union(
        *(
            buyers.select(name=ibis.literal(name), value=value.cast("int64"))
            for name, value in zip(SCORES, values, strict=True)
        )
    )
    equal = every.group_by("name", "value").aggregate(rows=every.count().cast("int64"))
    below = ibis.window(group_by="name", order_by="value", rows=(None, -1))
    ranked = equal.mutate(
        below=equal.rows.sum().over(below).cast("float64").fill_null(0.0),
        every=equal.rows.sum().over(ibis.window(group_by="name")).cast("float64"),
    )
    middle = ranked.below + (ranked.rows.cast("float64") + 1.0) / 2.0
    scored = ranked.mutate(score=(middle / ranked.every * float(FIFTHS)).ceil().cast("int64"))
    return scored.group_by("name", "score").aggregate(top=scored.value.max())


def _tops(found: pd.DataFrame) -> Mapping[str, Floats]:
    """Return the highest value up to each of the first four fifths: none ends where the one before does."""
    by_score = found.pivot_table(index="name", columns="score", values="top")
    whole = by_score.reindex(index=list(SCORES), columns=range(1, FIFTHS)).astype("float64")
    filled = whole.fillna(-np.inf).cummax(axis="columns")
    return {name: filled.loc[name].to_numpy(np.float64) for name in SCORES}


def _fifths(values: pd.Series, counted: pd.Series, tops: Floats) -> pd.Series:
    """Return 1 to 5 of the counted rows; 1 elsewhere."""
    score = np.searchsorted(tops, values.to_numpy(np.float64, na_value=np.nan), side="left") + 1
    return pd.Series(np.where(counted, score, 1), values.index).astype("int64")
