from datetime import datetime, timedelta

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


@pytest.mark.parametrize(
    ("day", "first"),
    [
        ("2025-03-01", "2024-12-01 00:00:00"),  # 90 days before
        ("2024-03-01", "2023-12-02 00:00:00"),  # through a leap day
        ("2025-04-01", "2025-01-01 00:00:00"),  # through the change to summer time
    ],
)
def test_the_rows_of_the_last_days_begin_at_the_midnight_so_many_days_back(
    engine: Engine, day: str, first: str
) -> None:
    row = {"customer_id": "ana", "product_id": "tv1", "kind": "acquired"}
    just_before = str(datetime.fromisoformat(first) - timedelta(seconds=1))
    events = [{**row, "occurred_at": moment} for moment in (just_before, first)]
    past = seen(engine, [day], customers=CUSTOMERS, products=PRODUCTS, product_events=events)
    assert len(rows_of(engine, past.known("product_events"))) == 2
    kept = rows_of(engine, past.known("product_events", days=90))
    assert [(str(one["occurred_at"]), one["age_days"]) for one in kept] == [(first, 90)]


def test_who_was_mentioned_is_who_has_a_known_row(engine: Engine) -> None:
    row = {"channel": "web", "kind": "visit"}
    visits = [
        {**row, "customer_id": "ana", "occurred_at": "2020-01-01"},
        {**row, "customer_id": "ana", "occurred_at": "2025-02-10"},
        {**row, "customer_id": "ben", "occurred_at": "2025-02-10", "known_at": "2025-03-01"},
    ]
    past = seen(
        engine, [DAY, "2025-03-02"], customers=CUSTOMERS, products=PRODUCTS, interactions=visits
    )
    found = rows_of(engine, past.mentioned("interactions"))
    assert sorted((str(one["as_of_date"])[:10], one["customer_id"]) for one in found) == [
        ("2025-03-01", "ana"),
        ("2025-03-02", "ana"),
        ("2025-03-02", "ben"),
    ]


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
