"""Visits and contacts, worked out by hand as of Saturday, 1 March 2025."""

import pytest

from tests.features.answers import Answers, answer, answers, with_row
from tests.ledger import Rows

DAY = "2025-03-01"


def touch(channel: str, kind: str, at: str, **more: object) -> dict[str, object]:
    row = {"customer_id": "ana", "channel": channel, "kind": kind, "occurred_at": at}
    return {**row, **more}


LEDGER: dict[str, Rows] = {
    "customers": [
        {"customer_id": "ana", "signed_up_on": "2023-01-01"},
        {"customer_id": "ben", "signed_up_on": "2023-01-01"},
    ],
    "products": [{"product_id": "tv1", "category": "tv", "tier": 1}],
    "interactions": [
        touch("store", "visit", "2024-02-29 12:00"),  # 366 days before: in no window
        touch("store", "visit", "2024-03-01 00:00"),  # 365, a Friday
        touch("web", "visit", "2024-12-01 18:00"),  # 90, a Sunday evening
        touch(
            "call_centre",
            "incident",
            "2025-01-30 17:59:59",  # 30
            resolved_at="2025-02-03 08:00",
        ),
        touch("call_centre", "service_call", "2025-02-14 10:00"),  # 15
        touch("store", "visit", "2025-02-22 20:00"),  # 7, a Saturday evening
        # Resolved at midnight of the as-of date: still open before it.
        touch("app", "incident", "2025-02-24 12:00", resolved_at="2025-03-01 00:00"),  # 5
        touch("chat", "complaint", "2025-02-26 09:00"),  # 3
        touch("web", "visit", "2025-02-28 23:59:59"),  # 1, a Friday evening
        touch("call_centre", "call", "2025-02-14 10:00", customer_id="ben"),
    ],
}


@pytest.fixture(scope="module")
def found() -> Answers:
    return answers("channel_interactions", LEDGER, DAY, "customer")


def test_a_customer_on_every_channel(found: Answers) -> None:
    assert found["ana", None] == pytest.approx(
        {
            "visits__30d": 2,
            "visits__90d": 3,
            "visits__365d": 4,
            "visit_trend": 2.0,  # 3 × 2 ÷ 3
            "days_between_visits": 91.25,  # from 366 to 1 days before, four gaps
            "days_since_service": 3,
            "incidents__90d": 3,
            "open_incident_days": 5,
            "resolution_days__365d": 4.0,  # 30 January to 3 February
            "days_since_visit": 1,
            "days_since_incident": 3,
            "store_share__365d": 2 / 8,
            "digital_share__90d": 3 / 7,
            # Web and call centre from 2 of 8 to 2 of 7, app and chat from 1 of 8 to 1 of 7.
            "channel_shift__90d": 2 / 28 + 2 / 56,
            "morning_share__365d": 2 / 8,  # 12:00 is no morning
            "evening_share__365d": 3 / 8,  # 18:00 is evening, 17:59:59 is not
            "weekend_share__365d": 2 / 8,
            "preferred_channel": "call_centre",  # two each with store and web: the first by name
        }
    )


def test_a_customer_with_one_call(found: Answers) -> None:
    assert found["ben", None] == {
        "visits__30d": 0,
        "visits__90d": 0,
        "visits__365d": 0,
        "visit_trend": None,
        "days_between_visits": None,
        "days_since_service": None,
        "incidents__90d": 0,
        "open_incident_days": None,
        "resolution_days__365d": None,
        "days_since_visit": None,
        "days_since_incident": None,
        "store_share__365d": 0.0,
        "digital_share__90d": 0.0,
        "channel_shift__90d": 0.0,
        "morning_share__365d": 1.0,
        "evening_share__365d": 0.0,
        "weekend_share__365d": 0.0,
        "preferred_channel": "call_centre",
    }


def in_shops(*visits: tuple[str, str]) -> dict[str, object]:
    rows = [touch(shop, "visit", f"{day} 10:00") for shop, day in visits]
    found = answer("channel_interactions", {**LEDGER, "interactions": rows}, DAY, "ana")
    assert found is not None
    return {name: found[name] for name in ("preferred_channel", "channel_shift__90d")}


def test_channels_of_any_other_name_count_as_the_usual_ones_do() -> None:
    in_autumn, in_winter = "2024-10-01", "2025-02-01"  # one in the year alone, one in the quarter
    two_at_a_kiosk = [("kiosk", in_autumn), ("kiosk", in_winter), ("web", in_winter)]
    # The kiosk from 2 of 3 to 1 of 2, the web from 1 of 3 to 1 of 2.
    expected = {"preferred_channel": "kiosk", "channel_shift__90d": pytest.approx(1 / 6)}
    assert in_shops(*two_at_a_kiosk) == expected
    # Of equals the first by name, usual or not.
    assert in_shops(("kiosk", in_winter), ("web", in_winter))["preferred_channel"] == "kiosk"
    assert in_shops(("kiosk", in_winter), ("app", in_winter))["preferred_channel"] == "app"
    assert in_shops(("kiosk", in_winter), ("fair", in_winter))["preferred_channel"] == "fair"
    # All of the kiosk's to the fair: the whole of it moved, and half of the year's already had.
    assert in_shops(("kiosk", in_autumn), ("fair", in_winter))["channel_shift__90d"] == 1 / 2


def test_an_interaction_that_came_late_changes_nothing(found: Answers) -> None:
    before = found["ana", None]
    visit = touch("store", "visit", "2025-02-27 10:00")
    late = with_row(LEDGER, "interactions", visit, known_at=DAY)
    in_time = with_row(LEDGER, "interactions", visit, known_at="2025-02-28 23:59:59")
    assert answer("channel_interactions", late, DAY, "ana") == before
    assert answer("channel_interactions", in_time, DAY, "ana") != before
