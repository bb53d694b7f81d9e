"""What guests bought, as the associations and the best sellers count it."""

from pipeline.foundation.engines import Engine
from pipeline.recommendations.associations.pair_counts import bought_by_all
from pipeline.recommendations.coded import Coded, encode
from tests.ledger import Rows, seen

DAY = "2025-03-01"
CUSTOMERS = [{"customer_id": "c1", "signed_up_on": "2024-01-01"}]
PRODUCTS = [{"product_id": f"p{n}", "category": "tea", "tier": 1} for n in range(4)]
EVENTS = [
    {"customer_id": "c1", "product_id": "p0", "kind": "acquired", "occurred_at": "2025-01-01"}
]


def line(
    product: str, order: str | None, day: str, kind: str = "acquired", units: int | None = None
) -> dict[str, object]:
    """Return a row of the ledger of guests."""
    return {
        "product_id": product,
        "order_id": order,
        "occurred_at": day,
        "kind": kind,
        "quantity": units,
    }


def coded(engine: Engine, *lines: dict[str, object]) -> Coded:
    """Return one customer's purchase, and what guests bought."""
    tables: dict[str, Rows] = {
        "customers": CUSTOMERS,
        "products": PRODUCTS,
        "product_events": EVENTS,
    }
    past = seen(engine, [DAY], **(tables | ({"guest_events": lines} if lines else {})))
    nothing = past.tables["product_events"].select("customer_id", "product_id").limit(0)
    return encode(engine, past, past.customers, nothing, nothing.select("customer_id"))


def bought_by_guests(
    engine: Engine, *lines: dict[str, object]
) -> list[tuple[str | None, int, int]]:
    """Return order, product and age in days."""
    rows = engine.arrow(coded(engine, *lines).guest_purchases).to_pylist()
    return sorted((tuple(row.values()) for row in rows), key=str)


def test_orders_of_guests_stand_beside_what_customers_bought(engine: Engine) -> None:
    made = coded(engine, line("p1", "c1", "2025-02-27"), line("p2", None, "2025-02-27"))
    rows = engine.arrow(bought_by_all(made)).to_pylist()
    assert sorted(tuple(row.values()) for row in rows) == [
        ("c1", False, 59, 0),
        ("c1", True, 2, 1),  # an order that is called as the customer is
    ]


def test_an_order_of_a_guest_is_a_basket_and_a_line_without_one_stands_alone(
    engine: Engine,
) -> None:
    lines = [
        line("p2", "o1", "2025-02-27"),
        line("p1", "o1", "2025-02-27"),
        line("p1", None, "2025-02-20"),
        line("p1", None, "2025-02-20"),
    ]
    assert bought_by_guests(engine, *lines) == [
        ("o1", 1, 2),
        ("o1", 2, 2),
        (None, 1, 9),
        (None, 1, 9),
    ]


def test_what_a_guest_sent_back_or_buys_later_does_not_count(engine: Engine) -> None:
    lines = [
        line("p1", "o1", "2025-02-01", units=3),
        line("p1", "o1", "2025-02-05", "returned", 2),
        line("p2", "o1", "2025-02-01", units=3),
        line("p2", "o1", "2025-02-05", "returned"),
        line("p3", "o1", DAY),
    ]
    assert bought_by_guests(engine, *lines) == [("o1", 1, 28)]


def test_a_source_without_guests_has_none(engine: Engine) -> None:
    assert bought_by_guests(engine) == []
