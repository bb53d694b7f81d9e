"""Next purchase date: each customer's usual gap, and how much of it is left by time waited.

Each customer has a usual gap: the median of their own, shrunk to the population's as far as their
gaps are few. How much longer a gap lasts is learnt from an earlier date: customers who had then
waited about as many of their usual gaps, and how many more the middle one of them took, those who
never came back included. Where fewer than half came back, no day is predicted.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from pipeline.statistics.arrays import Floats
from pipeline.statistics.shrinkage import credibility

GROUPS = 20


@dataclass(frozen=True)
class UsualGap:
    """A customer's own gap between purchases and the population's, weighed."""

    population_days: float
    gaps_worth: float
    """Own gaps that weigh as much as the population's."""

    def of(self, facts: pd.DataFrame) -> Floats:
        """Return each customer's usual gap in days; medians are weighed on a log scale."""
        count = facts["gap_count"].to_numpy(np.float64)
        own = facts["median_gap_days"].fillna(self.population_days).to_numpy(np.float64)
        share = credibility(count, self.gaps_worth)
        usual: Floats = np.exp(share * np.log(own) + (1 - share) * np.log(self.population_days))
        return usual


@dataclass(frozen=True)
class Rhythm:
    """How many usual gaps are still to come, by how many have passed."""

    gap: UsualGap
    edges: Floats
    """Usual gaps waited at which one group of customers ends and the next begins."""
    ahead: Floats
    """Usual gaps still to come for the middle one of each group; infinite for never."""

    @classmethod
    def learn(
        cls, then: pd.DataFrame, later: pd.DataFrame, horizon_days: int, gaps_worth: float
    ) -> Self:
        """Learn from the facts of two dates that lie one horizon apart."""
        middle = float(then["median_gap_days"].median())
        gap = UsualGap(middle if middle > 0 else float(horizon_days), gaps_worth)
        bought = then["days_since_purchase"].notna().to_numpy()
        usual = gap.of(then)[bought]
        waited = then["days_since_purchase"].to_numpy(np.float64)[bought] / usual
        observed = days_until_purchase(then, later, horizon_days)[bought] / usual
        if not len(waited):
            return cls(gap, np.zeros(0), np.full(1, np.inf))
        levels = np.linspace(0, 1, GROUPS + 1)[1:-1]
        edges = np.asarray(np.unique(np.quantile(waited, levels)), dtype=np.float64)
        group = np.searchsorted(edges, waited, side="right")
        ahead = pd.Series(observed).groupby(group).median().reindex(range(len(edges) + 1))
        return cls(gap, edges, np.asarray(ahead.fillna(np.inf), dtype=np.float64))

    def days_ahead(self, facts: pd.DataFrame) -> Floats:
        """Return the expected days to the next purchase, 0 = the as-of date; NaN where unknown."""
        usual = self.gap.of(facts)
        waited = facts["days_since_purchase"].to_numpy(np.float64)
        group = np.searchsorted(self.edges, waited / usual, side="right")
        days = np.rint(self.ahead[np.minimum(group, len(self.edges))] * usual)
        return np.where(np.isfinite(days) & ~np.isnan(waited), days, np.nan)

    def next_purchase_on(self, facts: pd.DataFrame) -> pd.Series:
        """Return the expected day; empty where unknown."""
        days = pd.to_timedelta(self.days_ahead(facts), unit="D")
        return pd.Series(pd.to_datetime(facts["as_of_date"]) + days, facts.index)


def days_until_purchase(then: pd.DataFrame, later: pd.DataFrame, horizon_days: int) -> Floats:
    """Return days from the earlier date to the next purchase; infinite for none in the horizon."""
    seen = later.set_index("customer_id")["days_since_first_in_horizon"]
    days = horizon_days - then["customer_id"].map(seen)
    return days.fillna(np.inf).to_numpy(np.float64)
