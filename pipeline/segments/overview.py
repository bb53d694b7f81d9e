"""What the segment stage says of itself: how many are where, and how well forecasts did."""

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.foundation.engines import Engine
from pipeline.segments.horizon import ForecastDates
from pipeline.segments.rhythm import Rhythm, days_until_purchase
from pipeline.statistics.arrays import Floats


def overview(engine: Engine, customers: ir.Table) -> dict[str, Any]:
    """Return counts and means by lifecycle stage, type and RFM segment.

    Args:
        engine: counts.
        customers: rows of data/segments/customers.parquet.
    """
    bought = ~customers.lifecycle_stage.isin(["prospect", "visitor"])
    counts = customers.aggregate(
        customers=customers.count(),
        buyers=customers.count(where=bought),
        buyers_below_mean_spend=customers.count(where=bought & (customers.spend_to_mean < 1)),
        with_next_purchase=customers.next_purchase_on.count(),
    )
    (told,) = engine.arrow(counts).to_pylist()
    typed = customers.drop_null("customer_type")
    types = engine.arrow(typed.group_by("customer_type").aggregate(customers=typed.count()))
    return {
        **told,
        **{name: _by(engine, customers, name) for name in ("lifecycle_stage", "rfm_segment")},
        "customer_type": {row["customer_type"]: row["customers"] for row in types.to_pylist()},
    }


def _by(engine: Engine, customers: ir.Table, name: str) -> dict[str, dict[str, int]]:
    """Count and sum in the engine: whole numbers, the same in any order."""
    sums = customers.group_by(name).aggregate(
        customers=customers.count(),
        spend=customers.spend_cents_365d.sum().cast("int64"),
        value=customers.value_12m_cents.sum().cast("int64"),
    )
    return {
        row[name]: {
            "customers": row["customers"],
            "mean_spend_cents_365d": round(row["spend"] / row["customers"]),
            "mean_value_12m_cents": round(row["value"] / row["customers"]),
        }
        for row in engine.arrow(sums).to_pylist()
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
