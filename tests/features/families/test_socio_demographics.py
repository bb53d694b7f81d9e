"""Who the customer is, worked out by hand."""

import pytest

from tests.features.answers import answer, with_row
from tests.ledger import Rows

DAY = "2025-03-01"
PURCHASE = {
    "customer_id": "ben",
    "product_id": "tv1",
    "kind": "acquired",
    "occurred_at": "2025-02-20 09:00",
    "known_at": "2025-02-24 12:00",
}
LEDGER: dict[str, Rows] = {
    "customers": [
        {
            "customer_id": "ana",
            "household_id": "h1",
            "customer_type": "consumer",
            "birth_date": "1990-03-01",
            "gender": "f",
            "region": "north",
            "household_size": 3,
            "income_band": "high",
            "signed_up_on": "2024-03-01",
            "language": "es",
        },
        {"customer_id": "ben", "household_id": "h1"},
        # Signs up on the as-of date: not known before it, and not counted in the household.
        {"customer_id": "eve", "household_id": "h1", "signed_up_on": DAY},
    ],
    "products": [{"product_id": "tv1", "category": "tv", "tier": 1}],
    "product_events": [PURCHASE],
}


def test_a_customer_with_a_full_profile() -> None:
    assert answer("socio_demographics", LEDGER, DAY, "ana") == {
        "age": 35,  # on the birthday itself
        "tenure": 365,
        "household_size": 3,
        "household_customers": 2,  # ana and ben
        "customer_type": "consumer",
        "gender": "f",
        "region": "north",
        "income_band": "high",
        "language": "es",
        "profile_completeness": 1.0,
        "income_level": 1,
        "region_acquirers__30d": 0.0,
        "income_acquirers__30d": 0.0,
    }


def test_a_customer_of_whom_nothing_is_told() -> None:
    assert answer("socio_demographics", LEDGER, DAY, "ben") == {
        "age": None,
        "tenure": 5,  # from 24 February, when the first purchase became known
        "household_size": None,
        "household_customers": 2,
        "customer_type": None,
        "gender": None,
        "region": None,
        "income_band": None,
        "language": None,
        "profile_completeness": 0.0,
        "income_level": None,
        "region_acquirers__30d": None,
        "income_acquirers__30d": None,
    }


def test_income_bands_stand_in_the_order_of_their_names() -> None:
    people = [
        {"customer_id": "ana", "income_band": "3 high", "region": "north"},
        {"customer_id": "ben", "income_band": "1 low", "region": "north"},
        {"customer_id": "cid", "income_band": "2 middle", "region": "south"},
        {"customer_id": "dan", "income_band": "3 high", "region": "north"},
    ]
    known = [{**person, "signed_up_on": "2024-01-01"} for person in people]
    ledger = {**LEDGER, "customers": known}
    found = {name: answer("socio_demographics", ledger, DAY, name) for name in ("ana", "ben")}
    assert found["ana"] is not None
    assert found["ben"] is not None
    assert (found["ana"]["income_level"], found["ben"]["income_level"]) == (3, 1)
    assert found["ana"]["region_acquirers__30d"] == pytest.approx(1 / 3)  # ben of the north
    assert found["ana"]["income_acquirers__30d"] == 0.0
    assert found["ben"]["income_acquirers__30d"] == 1.0


def test_who_signs_up_on_the_as_of_date_is_not_known() -> None:
    assert answer("socio_demographics", LEDGER, DAY, "eve") is None
    assert answer("socio_demographics", LEDGER, "2025-03-02", "eve") is not None


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2000-03-01", "2025-02-28", 24),
        ("2000-03-01", "2025-03-01", 25),
        ("2004-03-01", "2005-03-01", 1),  # 365 days
        ("2004-02-29", "2025-02-28", 20),
        ("2004-02-29", "2025-03-01", 21),
        ("2004-02-29", "2024-02-29", 20),
        ("1999-12-31", "2025-01-01", 25),
    ],
)
def test_age_changes_on_the_birthday(born: str, day: str, age: int) -> None:
    person = {"customer_id": "kim", "birth_date": born, "signed_up_on": "2004-06-01"}
    # A sign-up before the first as-of date of 2005.
    found = answer("socio_demographics", {**LEDGER, "customers": [person]}, day, "kim")
    assert found is not None
    assert found["age"] == age


@pytest.mark.parametrize(("known_at", "tenure"), [("2025-02-01", 28), (DAY, 5)])
def test_a_fact_that_came_late_does_not_make_a_customer_older(known_at: str, tenure: int) -> None:
    ledger = with_row(
        LEDGER, "product_events", PURCHASE, occurred_at="2025-01-05", known_at=known_at
    )
    found = answer("socio_demographics", ledger, DAY, "ben")
    assert found is not None
    assert found["tenure"] == tenure
