"""Events beside their neighbours, in the order in which the company learnt of them."""

from pipeline.foundation.engines import Engine
from pipeline.population.sequence import in_sequence
from tests.ledger import rows_of, seen

CUSTOMERS = [{"customer_id": "ana", "signed_up_on": "2023-01-01"}]
PRODUCTS = [
    {"product_id": "tv1", "category": "tv", "tier": 1, "brand": "acme", "price": "10.00"},
    {"product_id": "tv2", "category": "tv", "tier": 2, "brand": "best", "price": "15.00"},
    {"product_id": "mug", "category": "mug", "tier": 1},
]


def sequence(engine: Engine, *events: tuple[str, ...]) -> list[dict[str, object]]:
    rows = [
        dict(zip(("product_id", "kind", "occurred_at", "known_at"), each, strict=False))
        | {"customer_id": "ana"}
        for each in events
    ]
    past = seen(engine, ["2025-03-01"], customers=CUSTOMERS, products=PRODUCTS, product_events=rows)
    found = rows_of(engine, in_sequence(past))
    return sorted(found, key=lambda row: (str(row["occurred_at"]), str(row["product_id"])))


def test_an_event_stands_after_the_one_before_it(engine: Engine) -> None:
    first, mug, last = sequence(
        engine,
        ("tv1", "acquired", "2025-01-01 10:00"),
        ("mug", "acquired", "2025-01-04 09:00"),
        ("tv2", "acquired", "2025-01-11 08:00"),
    )
    assert first["gap_days"] is None
    assert (mug["gap_days"], mug["category_gap_days"]) == (3, None)
    assert (last["gap_days"], last["category_gap_days"]) == (7, 10)
    assert (last["tier_before"], last["brand_before"], last["list_cents_before"]) == (
        1,
        "acme",
        1000,
    )


def test_an_event_stands_after_the_one_before_it_of_its_kind(engine: Engine) -> None:
    _, cancelled, bought = sequence(
        engine,
        ("tv1", "acquired", "2025-01-01"),
        ("tv1", "cancelled", "2025-01-05"),
        ("tv2", "acquired", "2025-01-09"),
    )
    assert cancelled["gap_days"] is None  # the first cancellation
    assert bought["gap_days"] == 8


def test_what_came_late_does_not_change_what_was_known_before(engine: Engine) -> None:
    _, late, last = sequence(
        engine,
        ("tv1", "acquired", "2025-01-01"),
        ("tv1", "acquired", "2025-01-05", "2025-02-01"),
        ("tv1", "acquired", "2025-01-11"),
    )
    assert last["gap_days"] == 10  # as of 11 January nothing was known of the fifth
    assert late["gap_days"] == -6
