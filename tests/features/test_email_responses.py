"""Messages and responses, worked out by hand as of 1 March 2025."""

import pytest

from pipeline.engines import Engine
from tests.features.views import answer, with_row
from tests.ledger import Rows

DAY = "2025-03-01"


def message(number: int, channel: str, sent_at: str, **more: object) -> dict[str, object]:
    row = {"message_id": f"m{number}", "customer_id": "ana", "campaign_id": "spring"}
    return {**row, "channel": channel, "sent_at": sent_at, **more}


LEDGER: dict[str, Rows] = {
    "customers": [
        {"customer_id": "ana", "signed_up_on": "2023-01-01"},
        {"customer_id": "ben", "signed_up_on": "2023-01-01"},
    ],
    "products": [
        {"product_id": "tv1", "category": "tv", "tier": 1},
        {"product_id": "cof", "category": "coffee", "tier": 1},
    ],
    "messages": [
        # 366 days before: delivered, never opened.
        message(1, "email", "2024-02-29", category="tv", delivered_at="2024-02-29 00:00:01"),
        message(
            2,
            "sms",
            "2024-03-01",  # 365
            category="tv",
            clicked_at="2024-03-02",
            unsubscribed_at="2024-03-02",
        ),
        message(
            3,
            "email",
            "2024-12-01",  # 90
            delivered_at="2024-12-01 00:00:01",
            opened_at="2024-12-02",
            responded_at="2024-12-03",
        ),
        message(4, "email", "2025-01-30", category="tv", bounced_at="2025-01-30 00:05"),  # 30
        # 9 days before; clicked at midnight of the as-of date; about tv through its product.
        message(5, "push", "2025-02-20", product_id="tv1", clicked_at="2025-03-01"),
        message(
            6,
            "email",
            "2025-02-22",  # 7
            category="tv",
            delivered_at="2025-02-22 00:00:02",
            opened_at="2025-02-22 00:10",
            clicked_at="2025-02-22 00:11",
        ),
        # 1 day before, and opened 4 seconds after its delivery: by a machine.
        message(
            7,
            "email",
            "2025-02-28 10:00",
            category="tv",
            delivered_at="2025-02-28 10:00:01",
            opened_at="2025-02-28 10:00:05",
        ),
    ],
}


def test_a_customer_who_responds(engine: Engine) -> None:
    assert answer(engine, "email_responses", LEDGER, DAY, "ana") == pytest.approx(
        {
            "sent__7d": 2,
            "sent__30d": 4,
            "sent__90d": 5,
            "sent__365d": 6,
            "emails__30d": 3,
            "emails__365d": 4,
            "opened_share": 3 / 9,  # 2 of 4 delivered, and 1 of 5 beforehand
            "clicked_share": 2.15 / 12,  # 2 of 7, and 0.15 of 5
            "responded_share": 1.1 / 12,  # 1 of 7, and 0.1 of 5
            "opened__30d": 1,
            "opened__90d": 2,
            "clicked__90d": 1,
            "clicked__365d": 2,
            "responded__365d": 1,
            "bounced": 1,
            "unsubscribed": 1,
            "days_since_sent": 1,
            "days_since_click": 7,
            "days_since_response": 90,
        }
    )


def test_a_category_that_messages_were_about(engine: Engine) -> None:
    assert answer(engine, "email_responses", LEDGER, DAY, "ana", category="tv") == {
        "category_sent__30d": 4,
        "category_sent__90d": 4,
        "category_clicked__90d": 1,
        "category_clicked__365d": 2,
        "category_responded__365d": 0,
        "days_since_category_sent": 1,
    }


def test_who_got_no_message_has_no_row(engine: Engine) -> None:
    assert answer(engine, "email_responses", LEDGER, DAY, "ben") is None
    assert answer(engine, "email_responses", LEDGER, DAY, "ana", category="coffee") is None


@pytest.mark.parametrize("category", [None, "tv"])
def test_a_message_that_came_late_changes_nothing(engine: Engine, category: str | None) -> None:
    before = answer(engine, "email_responses", LEDGER, DAY, "ana", category=category)
    sent = message(8, "sms", "2025-02-27 10:00", category="tv", clicked_at="2025-02-27 11:00")
    late = with_row(LEDGER, "messages", sent, known_at=DAY)
    in_time = with_row(LEDGER, "messages", sent, known_at="2025-02-28 23:59:59")
    assert answer(engine, "email_responses", late, DAY, "ana", category=category) == before
    assert answer(engine, "email_responses", in_time, DAY, "ana", category=category) != before
