from datetime import date

import pandas as pd

from pipeline.campaigns.recorded_orders import as_responses, kept_orders
from tests.campaigns.waves import responses


def events(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return product events of one wave's offers, which stand until the 28th of March."""
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "kind", "day"])
    return frame.assign(
        wave="w20250301",
        category="tea",
        occurred_at=pd.to_datetime("2025-" + frame["day"], format="ISO8601"),
        amount_cents=4990,
        valid_until=date(2025, 3, 28),
    )


def kept(*rows: tuple[str, str, str, str]) -> list[str]:
    found = kept_orders(events(*rows))
    return [f"{row.customer_id} {row.occurred_at:%m-%d}" for row in found.itertuples()]


def test_a_return_undoes_the_last_order_of_the_same_product_before_it() -> None:
    assert kept(
        ("c1", "tea1", "acquired", "03-05"),
        ("c1", "tea1", "returned", "03-07"),
        ("c1", "tea1", "acquired", "03-09"),
        ("c1", "tea2", "acquired", "03-04"),
        ("c2", "tea1", "acquired", "03-06"),
    ) == ["c1 03-09", "c1 03-04", "c2 03-06"]


def test_a_return_after_the_offer_still_undoes_an_order_on_its_days() -> None:
    assert kept(("c1", "tea1", "acquired", "03-28"), ("c1", "tea1", "returned", "04-20")) == []


def test_orders_after_the_last_day_do_not_count_and_the_last_day_does() -> None:
    late = ("c2", "tea1", "acquired", "03-29")
    assert kept(("c1", "tea1", "acquired", "03-28T23:59:59"), late) == ["c1 03-28"]


def test_a_return_of_what_was_bought_before_the_offer_undoes_nothing() -> None:
    bought = ("c1", "tea1", "acquired", "03-10")
    assert kept(("c1", "tea1", "returned", "03-03"), bought) == ["c1 03-10"]


def test_recorded_orders_have_the_form_of_responses() -> None:
    like = responses({"customer_id": "c9"})
    orders = kept_orders(events(("c1", "tea1", "acquired", "03-05")))
    found = as_responses(orders, like)
    assert list(found.columns) == list(like.columns)
    assert found.dtypes.equals(like.dtypes)
    assert found[["customer_id", "kind", "category"]].to_numpy().tolist() == [
        ["c1", "ordered", "tea"]
    ]
    assert found["amount_cents"].tolist() == [4990]
