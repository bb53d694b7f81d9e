"""What the segment stage says of itself: how many are where, and how well forecasts did."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.segments.horizon import ForecastDates
from pipeline.segments.rhythm import Rhythm, days_until_purchase
from pipeline.statistics.arrays import Floats


def overview(customers: pd.DataFrame) -> dict[str, Any]:
    """Return counts and means by lifecycle stage, type and RFM segment.

    Args:
        customers: rows of data/segments/customers.parquet.
    """
    bought = customers[~customers["lifecycle_stage"].isin(["prospect", "visitor"])]
    return {
        "customers": len(customers),
        "buyers": len(bought),
        "buyers_below_mean_spend": int((bought["spend_to_mean"] < 1).sum()),
        "with_next_purchase": int(customers["next_purchase_on"].notna().sum()),
        **{name: _by(customers, name) for name in ("lifecycle_stage", "rfm_segment")},
        "customer_type": {
            str(name): int(count)
            for name, count in customers["customer_type"].value_counts().sort_index().items()
        },
    }


def _by(customers: pd.DataFrame, name: str) -> dict[str, dict[str, int]]:
    groups = customers.groupby(name)
    table = pd.DataFrame(
        {
            "customers": groups.size(),
            "mean_spend_cents_365d": groups["spend_cents_365d"].mean().round(),
            "mean_value_12m_cents": groups["value_12m_cents"].mean().round(),
        }
    ).astype("int64")
    return {
        str(key): {str(column): int(value) for column, value in row.items()}
        for key, row in table.to_dict("index").items()
    }


def rhythm_check(
    facts: Mapping[str, pd.DataFrame], horizon: ForecastDates, gaps_worth: float
) -> dict[str, Any]:
    """Return how far expected days were off, learnt before the test date and judged after it.

    Args:
        facts: `customer_facts` by date: train, test, now.
        horizon: the three dates.
        gaps_worth: what the population's gap weighs.
    """
    days = horizon.horizon_days
    rhythm = Rhythm.learn(facts["train"], facts["test"], days, gaps_worth)
    expected = rhythm.days_ahead(facts["test"])
    observed = days_until_purchase(facts["test"], facts["now"], days)
    asked = ~np.isnan(expected)
    bought = asked & np.isfinite(observed)
    waited = facts["test"]["days_since_purchase"].to_numpy(np.float64)
    plain = np.maximum(rhythm.gap.population_days - waited, 0)
    return {
        "population_gap_days": rhythm.gap.population_days,
        "expected": int(asked.sum()),
        "bought_within_horizon": int(bought.sum()),
        "median_days_off": _median(np.abs(expected - observed)[bought]),
        "median_days_off_by_the_population_gap": _median(np.abs(plain - observed)[bought]),
        "share_that_came_by_the_expected_day": _mean((observed <= expected)[asked]),
    }


def _median(values: Floats) -> float | None:
    return float(np.median(values)) if len(values) else None


def _mean(values: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> float | None:
    return round(float(values.mean()), 4) if len(values) else None
