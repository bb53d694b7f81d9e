"""What the customer said when asked, worked out by hand as of 1 March 2025."""

import pytest

from tests.features.answers import Answers, answer, answers, with_row
from tests.ledger import Rows

DAY = "2025-03-01"


def survey(number: int, instrument: str, sent_at: str, **more: object) -> dict[str, object]:
    row = {"survey_id": f"s{number}", "customer_id": "ana", "instrument": instrument}
    return {**row, "sent_at": sent_at, **more}


LEDGER: dict[str, Rows] = {
    "customers": [
        {"customer_id": "ana", "signed_up_on": "2023-01-01"},
        {"customer_id": "ben", "signed_up_on": "2023-01-01"},
    ],
    "products": [{"product_id": "tv1", "category": "tv", "tier": 1}],
    "surveys": [
        # Sent 375 days before, answered 373; 9 of 10.
        survey(1, "nps", "2024-02-20 10:00", answered_at="2024-02-22 09:00", score=9),
        # Sent 90 days before, answered 87; 2 on a scale from 1 to 5 is 2.5 of 10.
        survey(2, "csat", "2024-12-01 00:00", answered_at="2024-12-04 09:00", score=2),
        # Sent 71 days before, answered 69; 4 on a scale from 1 to 7 is 5 of 10.
        survey(6, "ces", "2024-12-20 10:00", answered_at="2024-12-22 09:00", score=4),
        # Answered 18 days before; 7 on a scale from 1 to 7 is 10 of 10.
        survey(3, "ces", "2025-02-10 10:00", answered_at="2025-02-11 09:00", score=7),
        # Answered at midnight of the as-of date: not answered before it.
        survey(4, "nps", "2025-02-20 10:00", answered_at="2025-03-01 00:00", score=0),
        survey(5, "nps", "2025-02-20 10:00", customer_id="ben"),
    ],
}


@pytest.fixture(scope="module")
def found() -> Answers:
    return answers("surveys", LEDGER, DAY, "customer")


def test_a_customer_who_answers(found: Answers) -> None:
    assert found["ana", None] == pytest.approx(
        {
            "last_score": 10.0,
            "mean_score": 26.5 / 4,  # 9, 2.5, 5 and 10
            "last_step": 5.0,  # from 5 to 10
            "answered_share": 4 / 5,
            "last_delay": 1,
            "days_since_asked": 9,
            "days_since_answer": 18,
            "days_since_bad_answer": 87,
        }
    )


def test_a_customer_who_never_answers(found: Answers) -> None:
    known = {name: value for name, value in found["ben", None].items() if value is not None}
    assert known == {
        "answered_share": 0.0,
        "days_since_asked": 9,
    }


def test_an_answer_that_came_late_changes_nothing(found: Answers) -> None:
    before = found["ana", None]
    said = survey(7, "nps", "2025-02-25 10:00", answered_at="2025-02-26 10:00", score=3)
    late = with_row(LEDGER, "surveys", said, known_at=DAY)
    in_time = with_row(LEDGER, "surveys", said, known_at="2025-02-28 23:59:59")
    assert answer("surveys", late, DAY, "ana") == before
    assert answer("surveys", in_time, DAY, "ana") != before
