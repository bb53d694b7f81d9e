"""Messages and responses, worked out by hand as of 1 March 2025."""

import pytest

from tests.features.answers import Answers, answer, answers, with_row
from tests.ledger import Rows

DAY = "2025-03-01"


def message(number: int, channel: str, sent_at: str, **more: object) -> dict[str, object]:
    row = {"message_id": f"m{number}", "customer_id": "ana", "campaign_id": "spring"}
    return {**row, "channel": channel, "sent_at": sent_at, **more}


LEDGER: dict[str, Rows] = {
    "customers": [
        {"customer_id": "ana", "signed_up_on": "2023-01-01"},
        {"customer_id": "ben", "signed_up_on": "2023-01-01"},
        {"customer_id": "eva", "signed_up_on": "2023-01-01"},
    ],
    "products": [
        {"product_id": "tv1", "category": "tv", "tier": 1},
        {"product_id": "ph1", "category": "phone", "tier": 1},
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
        ),
        message(
            3,
            "email",
            "2024-12-01",  # 90
            category="phone",
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
        message(11, "email", "2025-02-01", customer_id="eva", category="tv"),
        message(12, "push", "2025-02-10", customer_id="eva", opened_at="2025-02-11"),
        message(13, "mail", "2025-02-11", customer_id="eva", responded_at="2025-02-20"),
        message(14, "phone", "2025-02-12", customer_id="eva"),
    ],
}


@pytest.fixture(scope="module")
def found() -> Answers:
    return answers("email_responses", LEDGER, DAY, "customer", "candidate")


def test_a_customer_who_responds(found: Answers) -> None:
    assert found["ana", None] == pytest.approx(
        {
            "sent__90d": 5,
            # Of her own, and of five as all customers have them.
            "opened_share": (2 + 5 * 2 / 5) / 9,  # 2 of 4 delivered; 2 of 5
            "clicked_share": (2 + 5 * 2 / 11) / 12,  # 2 of 7; 2 of 11
            "responded_share": (1 + 5 * 2 / 11) / 12,  # 1 of 7; 2 of 11
            "letter_responded_share": None,
            "call_responded_share": None,
            "ignored_in_a_row": 1,  # the last, which a machine opened
            "days_since_sent": 1,
            "days_since_click": 7,
            "days_since_response": 90,
        }
    )


def test_each_channel_is_answered_in_its_own_way(found: Answers) -> None:
    eva = found["eva", None]
    assert eva["letter_responded_share"] == 1.0
    assert eva["call_responded_share"] == 0.0
    assert eva["ignored_in_a_row"] == 1  # the call after the letter


def test_a_category_that_messages_were_about(found: Answers) -> None:
    assert found["ana", "tv"] == pytest.approx(
        {
            "category_clicked_share": (2 + 5 * 2 / 7) / 11,  # 2 of 6; 2 of 7
            "days_since_category_sent": 1,
            "days_since_category_click": 7,
        }
    )


def test_who_got_no_message_has_no_row(found: Answers) -> None:
    assert ("ben", None) not in found
    assert ("ana", "coffee") not in found


def test_who_never_answered_has_ignored_every_message() -> None:
    sent = [message(number, "sms", "2025-02-20") for number in range(3)]
    told = answer("email_responses", {**LEDGER, "messages": sent}, DAY, "ana")
    assert told is not None
    assert told["ignored_in_a_row"] == 3


def test_a_message_that_came_late_changes_nothing(found: Answers) -> None:
    sent = message(8, "sms", "2025-02-27 10:00", category="tv", clicked_at="2025-02-27 11:00")

    def read(known_at: str) -> Answers:
        ledger = with_row(LEDGER, "messages", sent, known_at=known_at)
        return answers("email_responses", ledger, DAY, "customer", "candidate")

    assert read(DAY) == found
    in_time = read("2025-02-28 23:59:59")
    assert in_time["ana", None] != found["ana", None]
    assert in_time["ana", "tv"] != found["ana", "tv"]
