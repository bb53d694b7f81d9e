"""What the customer said when asked, worked out by hand as of 1 March 2025."""

import pytest

from pipeline.engines import Engine
from tests.features.views import answer, with_row
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
        # Answered 18 days before; 7 on a scale from 1 to 7 is 10 of 10.
        survey(3, "ces", "2025-02-10 10:00", answered_at="2025-02-11 09:00", score=7),
        # Answered at midnight of the as-of date: not answered before it.
        survey(4, "nps", "2025-02-20 10:00", answered_at="2025-03-01 00:00", score=0),
        survey(5, "nps", "2025-02-20 10:00", customer_id="ben"),
    ],
}


def test_a_customer_who_answers(engine: Engine) -> None:
    assert answer(engine, "surveys", LEDGER, DAY, "ana") == pytest.approx(
        {
            "last_nps": 9,
            "last_csat": 2,
            "last_ces": 7,
            "last_score": 10.0,
            "mean_score": 21.5 / 3,  # 9, 2.5 and 10
            "score_change": 8.5 / 3,  # 10 − 21.5 ÷ 3
            "promoter": 1,
            "asked__90d": 3,
            "asked__365d": 3,
            "answered_share": 3 / 4,
            "answer_delay": 2.0,  # 2, 3 and 1 days
            "days_since_answer": 18,
            "days_since_bad_answer": 87,
        }
    )


def test_a_customer_who_never_answers(engine: Engine) -> None:
    assert answer(engine, "surveys", LEDGER, DAY, "ben") == {
        "last_nps": None,
        "last_csat": None,
        "last_ces": None,
        "last_score": None,
        "mean_score": None,
        "score_change": None,
        "promoter": None,
        "asked__90d": 1,
        "asked__365d": 1,
        "answered_share": 0.0,
        "answer_delay": None,
        "days_since_answer": None,
        "days_since_bad_answer": None,
    }


@pytest.mark.parametrize(("score", "promoter"), [(0, -1), (6, -1), (7, 0), (8, 0), (9, 1), (10, 1)])
def test_nine_makes_a_promoter_and_six_a_detractor(
    engine: Engine, score: int, promoter: int
) -> None:
    said = survey(5, "nps", "2025-02-20", answered_at="2025-02-21", score=score)
    found = answer(engine, "surveys", {**LEDGER, "surveys": [said]}, DAY, "ana")
    assert found is not None
    assert found["promoter"] == promoter


def test_an_answer_that_came_late_changes_nothing(engine: Engine) -> None:
    before = answer(engine, "surveys", LEDGER, DAY, "ana")
    said = survey(6, "nps", "2025-02-25 10:00", answered_at="2025-02-26 10:00", score=3)
    late = with_row(LEDGER, "surveys", said, known_at=DAY)
    in_time = with_row(LEDGER, "surveys", said, known_at="2025-02-28 23:59:59")
    assert answer(engine, "surveys", late, DAY, "ana") == before
    assert answer(engine, "surveys", in_time, DAY, "ana") != before
