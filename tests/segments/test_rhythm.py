"""The expected next purchase."""

import numpy as np
import pandas as pd
import pytest

from pipeline.segments.rhythm import Rhythm, UsualGap, days_until_purchase


def facts(gap: float, waited: float, count: int = 40, gaps: int = 1) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": [f"c{number:02d}" for number in range(count)],
            "as_of_date": pd.Timestamp("2025-03-01"),
            "gap_count": gaps,
            "median_gap_days": gap,
            "days_since_purchase": waited,
        }
    )


def came(days: float, count: int = 40, horizon: int = 100) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": [f"c{number:02d}" for number in range(count)],
            "days_since_first_in_horizon": horizon - days,
        }
    )


def test_few_own_gaps_are_shrunk_to_the_population() -> None:
    gap = UsualGap(population_days=10, gaps_worth=3)
    assert gap.of(facts(40, 0, count=1, gaps=3))[0] == pytest.approx(20)  # halfway, on a log scale
    assert gap.of(facts(float("nan"), 0, count=1, gaps=0))[0] == pytest.approx(10)


def test_the_days_ahead_are_those_of_customers_who_had_waited_as_long() -> None:
    rhythm = Rhythm.learn(facts(10, 4), came(6), horizon_days=100, gaps_worth=3)
    asked = facts(10, 4, count=1)
    assert list(rhythm.days_ahead(asked)) == [6]
    assert list(rhythm.next_purchase_on(asked)) == [pd.Timestamp("2025-03-07")]


def test_where_fewer_than_half_came_back_no_day_is_told() -> None:
    later = came(6, count=15)  # of 40
    rhythm = Rhythm.learn(facts(10, 4), later, horizon_days=100, gaps_worth=3)
    assert rhythm.next_purchase_on(facts(10, 4, count=1)).isna().all()


def test_who_never_bought_has_no_day() -> None:
    rhythm = Rhythm.learn(facts(10, 4), came(6), horizon_days=100, gaps_worth=3)
    assert np.isnan(rhythm.days_ahead(facts(float("nan"), float("nan"), count=1, gaps=0))).all()


def test_a_customer_without_a_purchase_in_the_horizon_never_came() -> None:
    assert days_until_purchase(facts(10, 4, count=2), came(6, count=1), 100).tolist() == [6, np.inf]


def test_nobody_who_bought_means_no_days_at_all() -> None:
    nobody = facts(float("nan"), float("nan"), gaps=0)
    rhythm = Rhythm.learn(nobody, came(6), horizon_days=100, gaps_worth=3)
    assert rhythm.next_purchase_on(nobody).isna().all()
