"""Hours to send are those of the clocks where customers live, through summer and winter time."""

from datetime import date, datetime

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from pipeline.foundation.config import DecideParams, TimeZones, load
from pipeline.foundation.engines import Engine
from pipeline.offers.habits import count_habits
from pipeline.offers.local_time import hour_of_week, offsets, read_clocks, unused_places
from tests.ledger import Rows, seen

MADRID = offsets("Europe/Madrid", date(2025, 12, 15), 365)
MONDAY, SUNDAY = 0, 144


def hours(moments: list[str], clock: list[tuple[datetime, int]]) -> list[int]:
    rows = ibis.memtable(
        pd.DataFrame({"at": pd.to_datetime(moments), "place": range(len(moments))})
    )
    found = rows.mutate(hour=hour_of_week(rows.at, clock)).order_by("place")
    return [int(one) for one in found.hour.to_pandas()]


def test_madrid_changes_its_clocks_twice_a_year() -> None:
    assert [
        (datetime(2024, 12, 14), 60),  # noqa: DTZ001 - moments are naive UTC
        (datetime(2025, 3, 30, 1), 120),  # noqa: DTZ001
        (datetime(2025, 10, 26, 1), 60),  # noqa: DTZ001
    ] == MADRID


def test_an_hour_is_the_local_one_in_summer_and_in_winter() -> None:
    # Monday 7 July 2025, 09:30 UTC is 11:30 in Madrid; Monday 1 December 2025, 09:30 is 10:30.
    assert hours(["2025-07-07 09:30", "2025-12-01 09:30"], MADRID) == [MONDAY + 11, MONDAY + 10]
    assert hours(["2025-03-30 00:59", "2025-03-30 01:00"], MADRID) == [SUNDAY + 1, SUNDAY + 3]


def test_late_on_sunday_in_utc_is_monday_there_and_early_on_monday_is_sunday_elsewhere() -> None:
    assert hours(["2025-12-07 23:30"], MADRID) == [MONDAY]
    bogota = offsets("America/Bogota", date(2025, 12, 15), 365)
    assert hours(["2025-12-08 02:00"], bogota) == [SUNDAY + 21]


def test_half_hours_count() -> None:
    kolkata = offsets("Asia/Kolkata", date(2025, 12, 15), 365)
    assert hours(["2025-12-01 09:15", "2025-12-01 09:30"], kolkata) == [14, 15]


def test_utc_changes_nothing() -> None:
    assert hours(["2025-12-01 09:30"], offsets("UTC", date(2025, 12, 15), 365)) == [9]


def test_a_mistyped_zone_is_refused_with_the_one_that_is_meant() -> None:
    given = load().decide.model_dump() | {"timezone": "Europe/Madird"}
    with pytest.raises(ValueError, match="Did you mean 'Europe/Madrid'"):
        DecideParams.model_validate(given)


DAY = date(2025, 12, 15)
LONG_AGO: Rows = [
    {
        "customer_id": "islander",
        "product_id": "tea1",
        "kind": "acquired",
        "occurred_at": "2021-01-01",
    }
]
SPAIN = TimeZones(
    default="Europe/Madrid", attribute="region", zones={"canarias": "Atlantic/Canary"}
)


def local_hours(engine: Engine, zones: TimeZones, *moments: str) -> dict[str, list[int]]:
    """Return at which hours of the week an islander, a mainlander and somebody unplaced were seen."""
    homes = {"islander": "canarias", "mainlander": "centro", "unplaced": None}
    past = seen(
        engine,
        [DAY.isoformat()],
        products=[{"product_id": "tea1", "category": "tea", "tier": 1}],
        product_events=LONG_AGO,
        customers=[
            {"customer_id": name, "signed_up_on": "2020-01-01", "region": home}
            for name, home in homes.items()
        ],
        interactions=[
            {"customer_id": name, "channel": "web", "kind": "visit", "occurred_at": moment}
            for name in homes
            for moment in moments
        ],
    )
    segments = engine.table(
        pa.table({"customer_id": list(homes), "rfm_segment": ["champions"] * len(homes)})
    )
    hours, _ = count_habits(
        engine,
        past,
        past.customers,
        segments,
        pd.Series(list(homes)),
        clocks=read_clocks(zones, DAY, 365),
    )
    own = hours.own.sort_values(["place", "cell"])
    return {
        name: own.loc[own["place"] == place, "cell"].tolist() for place, name in enumerate(homes)
    }


def test_each_customer_is_seen_by_the_clocks_where_they_live(engine: Engine) -> None:
    # 09:30 UTC is 11:30 in Madrid and 10:30 on the Canaries in July, an hour less in December.
    # Monday 7 July and Tuesday 2 December 2025.
    assert local_hours(engine, SPAIN, "2025-07-07 09:30", "2025-12-02 09:30") == {
        "islander": [MONDAY + 10, 24 + 9],
        "mainlander": [MONDAY + 11, 24 + 10],
        "unplaced": [MONDAY + 11, 24 + 10],
    }


def test_midnight_between_two_zones_is_two_days(engine: Engine) -> None:
    # Sunday 7 December 2025, 23:30 UTC: Monday 00:30 in Madrid, Sunday 23:30 on the Canaries.
    found = local_hours(engine, SPAIN, "2025-12-07 23:30")
    assert (found["islander"], found["mainlander"]) == ([SUNDAY + 23], [MONDAY])


def test_clocks_that_change_on_different_days_are_an_hour_further_apart_between() -> None:
    # New York has summer time from 9 March 2025, Madrid from 30 March: 5 hours apart, not 6.
    clocks = read_clocks(
        TimeZones(default="Europe/Madrid", attribute="country", zones={"US": "America/New_York"}),
        DAY,
        365,
    )
    moments = ["2025-03-08 18:00", "2025-03-17 18:00", "2025-03-31 18:00"]
    assert hours(moments, list(clocks.default)) == [5 * 24 + 19, 19, 20]
    assert hours(moments, list(clocks.places["US"])) == [5 * 24 + 13, 14, 14]


def test_one_zone_for_all_is_one_word() -> None:
    given = load().decide.model_dump() | {"timezone": "Europe/Lisbon"}
    assert DecideParams.model_validate(given).timezone == TimeZones(default="Europe/Lisbon")


@pytest.mark.parametrize(
    ("zones", "told"),
    [
        ({"attribute": "region", "zones": {"x": "Atlantic/Canari"}}, "mean 'Atlantic/Canary'"),
        ({"zones": {"x": "UTC"}}, "attribute and zones together"),
        ({"attribute": "region"}, "attribute and zones together"),
    ],
)
def test_zones_that_cannot_be_meant_are_refused(zones: dict[str, object], told: str) -> None:
    given = load().decide.model_dump() | {"timezone": {"default": "UTC", **zones}}
    with pytest.raises(ValueError, match=told):
        DecideParams.model_validate(given)


def test_a_place_where_nobody_lives_is_told_with_the_one_that_is_meant(engine: Engine) -> None:
    zones = {"canaria": "Atlantic/Canary", "centro": "UTC"}
    people = engine.table(pa.table({"region": ["canarias", "centro", None]}))
    (told,) = unused_places(engine, people, SPAIN.model_copy(update={"zones": zones}))
    assert "no customer has region 'canaria'" in told
    assert "Did you mean 'canarias'?" in told
