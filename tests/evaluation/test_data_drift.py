from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.evaluation.data_drift import (
    DriftLimits,
    family_drift,
    judge_drift,
    new_categories_of,
    volume_of,
)
from pipeline.foundation.config import SimulatedParams
from pipeline.foundation.contracts.hand_overs.drift_report import DriftReport
from pipeline.foundation.contracts.tables import CUSTOMERS, RAW_TABLES, raw_tables
from pipeline.sources.base import RawData
from pipeline.sources.simulated import draw
from tests.sources.gathering import gather

DAY = date(2026, 3, 1)
LIMITS = DriftLimits(stop_silent_days=42, stop_volume_ratio=2.5)


def steady(days: int = 400, rows: int = 30, until: int = 0) -> pd.DataFrame:
    """Return as many rows on every day up to `until` days before the scoring day."""
    found = [DAY - timedelta(days=1 + ago) for ago in range(until, days)]
    return pd.DataFrame({"day": found, "rows": rows})


def judged(days: pd.DataFrame) -> DriftReport:
    volume = volume_of(days, DAY)
    assert volume is not None
    return judge_drift(DAY, {"interactions": volume}, {}, {}, LIMITS)


def test_a_table_that_stopped_fifty_days_before_stops_the_wave() -> None:
    (reason,) = judged(steady(until=50)).stops()
    assert "no row in the 50 days before 2026-03-01; its longest silence before" in reason


def test_a_table_that_stopped_thirty_days_before_is_warned_of() -> None:
    report = judged(steady(until=30))
    assert (len(report.warnings()), report.stops()) == (1, ())


def test_a_table_with_a_row_every_twenty_days_may_be_silent_for_forty() -> None:
    every = steady(days=800).iloc[38::20]
    assert judged(every).findings == ()
    assert len(judged(every.iloc[1:]).findings) == 1


def test_halved_volumes_are_warned_of_and_a_third_stops_the_wave() -> None:
    halved = steady().assign(rows=[15] * 28 + [30] * 372)
    assert judged(halved).warnings() == (
        "interactions: 420 rows in the 28 days before 2026-03-01, where 840 are usual.",
    )
    a_third = steady().assign(rows=[10] * 28 + [30] * 372)
    assert len(judged(a_third).stops()) == 1


def test_rows_on_and_after_the_scoring_day_do_not_count() -> None:
    ahead = pd.DataFrame({"day": [DAY, DAY + timedelta(days=9)], "rows": [7, 7]})
    assert volume_of(ahead, DAY) is None
    assert judged(pd.concat([steady(until=50), ahead])).stops()


def test_a_category_of_the_last_day_is_named() -> None:
    firsts = pd.DataFrame(
        {"category": ["new", "old", "ahead"], "first": [date(2026, 2, 28), date(2024, 1, 1), DAY]}
    )
    found = new_categories_of(firsts, DAY)
    assert found == {"new": date(2026, 2, 28)}
    report = judge_drift(DAY, {}, {}, found, LIMITS)
    assert report.warnings()[0].startswith("Category new has its first events in the 28 days")


def test_where_all_history_is_new_no_category_is() -> None:
    firsts = pd.DataFrame({"category": ["a", "b"], "first": [date(2026, 1, 20), date(2026, 2, 20)]})
    assert new_categories_of(firsts, DAY) == {}


def snapshots(shift: float, seed: int = 1) -> list[pd.DataFrame]:
    """Return five dates of a still, a constant and a seasonal feature, and one that moves at last."""
    random = np.random.default_rng(seed)
    return [
        pd.DataFrame(
            {
                "still": random.normal(size=800),
                "constant": float(number == 4),
                "seasonal": random.normal(size=800) + 2 * number,
                "last": random.normal(size=800) + (shift if number == 4 else 0),
            }
        )
        for number in range(5)
    ]


def test_the_feature_that_moved_beyond_its_habit_is_named() -> None:
    found = family_drift(snapshots(1.5))
    assert found is not None
    assert (found.features, found.moved, found.strongest) == (4, 1, "last")
    report = judge_drift(DAY, {}, {"surveys": found}, {}, LIMITS)
    assert "surveys: 1 of 4 features" in report.warnings()[0]


def test_what_always_moves_and_what_never_had_a_spread_is_no_drift() -> None:
    found = family_drift(snapshots(0.0))
    assert found is not None
    assert (found.moved, found.strongest) == (0, None)


def test_a_habit_needs_dates() -> None:
    assert family_drift(snapshots(9.0)[2:]) is None


@pytest.mark.parametrize("seed", [3, 4])
def test_a_quiet_company_warns_of_nothing(seed: int) -> None:
    own = SimulatedParams(customers=200, periods=16, later_periods=0, seed=seed, dirty_share=0.0)
    company = gather(RawData(tables={}, statement="", streamed=draw(own, raw_tables({}))))
    moments = {one.name: one.occurred_at for one in RAW_TABLES} | {CUSTOMERS.name: "signed_up_on"}
    days = {
        name: pd.to_datetime(rows[moment].to_pandas().dropna()).dt.date
        for name, rows in company.tables.items()
        if (moment := moments.get(name)) is not None
    }
    scoring = max(days["product_events"])
    volumes = {
        name: volume_of(
            found.value_counts().rename_axis("day").rename("rows").reset_index(), scoring
        )
        for name, found in days.items()
    }
    told = {name: volume for name, volume in volumes.items() if volume is not None}
    assert len(told) == 6
    assert judge_drift(scoring, told, {}, {}, LIMITS).findings == ()
