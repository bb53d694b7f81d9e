from datetime import datetime

import pytest

from pipeline.foundation.engines import Engine
from tests.ledger import Rows, rows_of, seen

CUSTOMERS: Rows = [{"customer_id": "ana"}, {"customer_id": "ben"}]
PRODUCTS: Rows = [{"product_id": "tv1", "category": "tv", "tier": 1}]
DAY = "2025-03-01"


@pytest.mark.parametrize(
    ("moment", "age_days"),
    [
        ("2025-02-28 23:59:59", 1),
        ("2025-02-28 00:00:00", 1),
        ("2025-02-27 23:59:59", 2),
        ("2024-02-29 12:00:00", 366),
    ],
)
def test_age_is_in_whole_days_and_the_day_before_is_one(
    engine: Engine, moment: str, age_days: int
) -> None:
    event = {"customer_id": "ana", "product_id": "tv1", "kind": "acquired", "occurred_at": moment}
    past = seen(engine, [DAY], customers=CUSTOMERS, products=PRODUCTS, product_events=[event])
    assert [row["age_days"] for row in rows_of(engine, past.known("product_events"))] == [age_days]


@pytest.mark.parametrize(
    ("occurred_at", "known_at"),
    [
        ("2025-03-01 00:00:00", None),
        ("2025-02-20 10:00:00", "2025-03-01 00:00:00"),
        ("2025-02-20 10:00:00", "2025-04-01 00:00:00"),
    ],
)
def test_a_fact_not_known_before_midnight_is_not_seen(
    engine: Engine, occurred_at: str, known_at: str | None
) -> None:
    event = {
        "customer_id": "ana",
        "product_id": "tv1",
        "kind": "acquired",
        "occurred_at": occurred_at,
        "known_at": known_at,
    }
    past = seen(engine, [DAY], customers=CUSTOMERS, products=PRODUCTS, product_events=[event])
    assert rows_of(engine, past.known("product_events")) == []


def test_an_answer_that_lay_ahead_is_empty_with_all_that_it_told(engine: Engine) -> None:
    survey = {
        "survey_id": "s1",
        "customer_id": "ana",
        "instrument": "nps",
        "sent_at": "2025-02-01 09:00:00",
        "answered_at": "2025-03-01 00:00:00",
        "score": 9,
        "comment": "fine",
    }
    past = seen(
        engine, [DAY, "2025-03-02"], customers=CUSTOMERS, products=PRODUCTS, surveys=[survey]
    )
    answers = past.known("surveys").select("as_of_date", "answered_at", "score", "comment")
    before, after = rows_of(engine, answers)
    assert (before["answered_at"], before["score"], before["comment"]) == (None, None, None)
    assert (after["answered_at"], after["score"]) == (datetime(2025, 3, 1), 9.0)  # noqa: DTZ001 - times are naive UTC


def test_a_customer_without_sign_up_is_known_from_the_first_fact_on(engine: Engine) -> None:
    visit = {
        "customer_id": "ana",
        "channel": "web",
        "kind": "visit",
        "occurred_at": "2025-02-10 09:00:00",
        "known_at": "2025-02-20 09:00:00",
    }
    past = seen(
        engine,
        ["2025-02-15", DAY],
        customers=[*CUSTOMERS, {"customer_id": "eve", "signed_up_on": "2025-02-01"}],
        products=PRODUCTS,
        interactions=[visit],
    )
    found = [
        (str(row["as_of_date"]), row["customer_id"])
        for row in rows_of(engine, past.customers.select("as_of_date", "customer_id"))
    ]
    assert found == [("2025-02-15", "eve"), ("2025-03-01", "ana"), ("2025-03-01", "eve")]


def test_a_message_without_category_is_about_its_products_category(engine: Engine) -> None:
    message = {
        "message_id": "m1",
        "customer_id": "ana",
        "campaign_id": "spring",
        "channel": "email",
        "sent_at": "2025-02-01 09:00:00",
        "product_id": "tv1",
    }
    past = seen(engine, [DAY], customers=CUSTOMERS, products=PRODUCTS, messages=[message])
    assert [row["category"] for row in rows_of(engine, past.known("messages"))] == ["tv"]


def test_personal_columns_do_not_pass_the_door(engine: Engine) -> None:
    customers = [{"customer_id": "ana", "signed_up_on": "2025-01-01", "email": "a@b.example"}]
    event = {
        "customer_id": "ana",
        "product_id": "tv1",
        "kind": "acquired",
        "occurred_at": "2025-01-02 10:00:00",
    }
    past = seen(engine, [DAY], customers=customers, products=PRODUCTS, product_events=[event])
    assert not {"email", "phone"} & set(past.customers.columns)
