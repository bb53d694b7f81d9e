"""Visits and contacts, worked out by hand as of Saturday, 1 March 2025."""

import pytest

from pipeline.engines import Engine
from tests.features.views import answer, with_row
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
        touch("call_centre", "incident", "2025-01-30 17:59:59", resolved_at="2025-02-03 08:00"),
        touch("call_centre", "call", "2025-02-14 10:00"),  # 15
        touch("store", "visit", "2025-02-22 20:00"),  # 7, a Saturday evening
        # Resolved at midnight of the as-of date: still open before it.
        touch("app", "complaint", "2025-02-24 12:00", resolved_at="2025-03-01 00:00"),  # 5
        touch("web", "visit", "2025-02-28 23:59:59"),  # 1, a Friday evening
        touch("call_centre", "call", "2025-02-14 10:00", customer_id="ben"),
    ],
}


def test_a_customer_on_every_channel(engine: Engine) -> None:
    assert answer(engine, "channel_interactions", LEDGER, DAY, "ana") == pytest.approx(
        {
            "visits__7d": 2,
            "visits__30d": 2,
            "visits__90d": 3,
            "visits__365d": 4,
            "visit_trend": 2.0,  # 3 × 2 ÷ 3
            "service_calls__30d": 2,
            "service_calls__90d": 2,
            "incidents__30d": 2,
            "incidents__90d": 2,
            "incidents__365d": 2,
            "open_incidents": 1,
            "resolution_days__365d": 4.0,  # 30 January to 3 February
            "days_since_visit": 1,
            "days_since_incident": 5,
            "channels__90d": 4,
            "store_share__365d": 2 / 7,
            "evening_share__365d": 3 / 7,  # 18:00 is evening, 17:59:59 is not
            "weekend_share__365d": 2 / 7,
            "preferred_channel": "call_centre",  # two each with store and web: the first by name
        }
    )


def test_a_customer_with_one_call(engine: Engine) -> None:
    assert answer(engine, "channel_interactions", LEDGER, DAY, "ben") == {
        "visits__7d": 0,
        "visits__30d": 0,
        "visits__90d": 0,
        "visits__365d": 0,
        "visit_trend": None,
        "service_calls__30d": 1,
        "service_calls__90d": 1,
        "incidents__30d": 0,
        "incidents__90d": 0,
        "incidents__365d": 0,
        "open_incidents": 0,
        "resolution_days__365d": None,
        "days_since_visit": None,
        "days_since_incident": None,
        "channels__90d": 1,
        "store_share__365d": 0.0,
        "evening_share__365d": 0.0,
        "weekend_share__365d": 0.0,
        "preferred_channel": "call_centre",
    }


def test_an_interaction_that_came_late_changes_nothing(engine: Engine) -> None:
    before = answer(engine, "channel_interactions", LEDGER, DAY, "ana")
    visit = touch("store", "visit", "2025-02-27 10:00")
    late = with_row(LEDGER, "interactions", visit, known_at=DAY)
    in_time = with_row(LEDGER, "interactions", visit, known_at="2025-02-28 23:59:59")
    assert answer(engine, "channel_interactions", late, DAY, "ana") == before
    assert answer(engine, "channel_interactions", in_time, DAY, "ana") != before
