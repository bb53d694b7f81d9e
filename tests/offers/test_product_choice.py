"""The product of an offer: what customers like this one take, in stock of life, new to them."""

import pandas as pd
import pytest

from pipeline.foundation.engines import Engine
from pipeline.offers.product_choice import choose_products
from pipeline.offers.product_ranking import list_options, place_prices, rank_products
from pipeline.offers.return_rates import return_rates
from pipeline.population.holdings import held_products
from tests.ledger import Rows, seen
from tests.offers.situations import DAY, customers

TV = [
    {"product_id": "tv1", "category": "tv", "tier": 1, "price": "100.00"},
    {"product_id": "tv2", "category": "tv", "tier": 2, "price": "200.00"},
    {"product_id": "tv3", "category": "tv", "tier": 3, "price": "300.00"},
]


def events(*rows: tuple[str, str, str, str]) -> list[dict[str, object]]:
    names = ("customer_id", "product_id", "kind", "occurred_at")
    return [dict(zip(names, row, strict=True)) for row in rows]


def choose(
    engine: Engine,
    asked: list[tuple[str, str, int]],
    ledger: list[dict[str, object]],
    products: Rows,
) -> dict[tuple[str, str], str | None]:
    people = sorted({*(row[0] for row in asked), *(str(row["customer_id"]) for row in ledger)})
    past = seen(
        engine, [DAY], customers=customers(*people), products=products, product_events=ledger
    )
    rows = pd.DataFrame(asked, columns=["customer_id", "model", "held_tier"]).assign(category="tv")
    chosen = engine.arrow(
        choose_products(engine, past, past.customers, held_products(past), engine.table(rows))
    ).to_pylist()
    return {(row["customer_id"], row["model"]): row["product_id"] for row in chosen}


def test_a_cross_sell_names_what_others_start_with(engine: Engine) -> None:
    ledger = events(
        ("x", "tv2", "acquired", "2025-01-01"),
        ("x", "tv1", "acquired", "2025-02-01"),
        ("y", "tv2", "acquired", "2025-01-01"),
        ("z", "tv1", "acquired", "2025-01-01"),
        ("w", "tv1", "acquired", "2026-03-15"),
        ("v", "tv1", "acquired", "2026-03-16"),
    )
    chosen = choose(engine, [("new", "cross_sell", 0)], ledger, TV)
    assert chosen == {("new", "cross_sell"): "tv2"}


def test_an_up_sell_names_the_step_that_others_took_above_the_held_tier(engine: Engine) -> None:
    ledger = events(
        *(("x", p, "acquired", day) for p, day in (("tv1", "2025-01-01"), ("tv3", "2025-02-01"))),
        ("a", "tv1", "acquired", "2025-01-01"),
        ("b", "tv2", "acquired", "2025-01-01"),
    )
    asked = [("a", "up_sell", 1), ("b", "up_sell", 2)]
    assert choose(engine, asked, ledger, TV) == {("a", "up_sell"): "tv3", ("b", "up_sell"): "tv3"}


def test_the_next_tier_is_the_step_that_nobody_has_taken_yet(engine: Engine) -> None:
    ledger = events(("a", "tv1", "acquired", "2025-01-01"))
    assert choose(engine, [("a", "up_sell", 1)], ledger, TV) == {("a", "up_sell"): "tv2"}


def test_what_is_retired_or_not_yet_launched_is_never_named(engine: Engine) -> None:
    products = [
        TV[0] | {"retired_on": DAY},
        TV[1] | {"launched_on": "2026-03-16"},
        TV[2] | {"launched_on": DAY},
    ]
    ledger = events(("x", "tv1", "acquired", "2025-01-01"))
    chosen = choose(engine, [("a", "cross_sell", 0), ("x", "up_sell", 1)], ledger, products)
    assert chosen == {("a", "cross_sell"): "tv3", ("x", "up_sell"): "tv3"}
    alone = choose(engine, [("x", "up_sell", 1)], ledger, products[:2])
    assert alone == {("x", "up_sell"): None}


def test_what_was_returned_is_not_offered_again(engine: Engine) -> None:
    ledger = events(
        *(
            ("a", "tv1", kind, day)
            for kind, day in (("acquired", "2025-01-01"), ("returned", "2025-01-05"))
        ),
        ("x", "tv1", "acquired", "2025-01-01"),
    )
    asked = [("a", "cross_sell", 0), ("b", "cross_sell", 0)]
    assert choose(engine, asked, ledger, TV) == {
        ("a", "cross_sell"): "tv2",
        ("b", "cross_sell"): "tv1",
    }


def test_shares_of_a_small_group_are_shrunk_to_those_of_the_wider_one() -> None:
    options = list_options(pd.DataFrame(TV).drop(columns="price"))
    people = {"price_level": "low", "income_band": "", "region": ""}
    counts = [("consumer", "tv1", 300), ("business", "tv3", 90), ("business", "tv1", 5)]
    taken = pd.DataFrame(
        [
            {
                "model": "cross_sell",
                "category": "tv",
                "held_tier": 0,
                "product_id": product,
                "customer_type": kind,
                **people,
                "taken": count,
            }
            for kind, product, count in counts
        ]
    )
    cells = pd.DataFrame(
        [{"customer_type": kind, **people} for kind in ("consumer", "business", "")]
    )
    ranked = rank_products(taken, options, cells)
    first = ranked[(ranked["model"] == "cross_sell") & (ranked["position"] == 1)]
    assert dict(zip(first["customer_type"], first["product_id"], strict=True)) == {
        "consumer": "tv1",
        "business": "tv3",
        "": "tv1",
    }


def test_steps_lead_upwards_only() -> None:
    options = list_options(pd.DataFrame(TV))
    steps = options[options["model"] == "up_sell"]
    assert sorted(zip(steps["held_tier"], steps["product_id"], strict=True)) == [
        (1, "tv2"),
        (1, "tv3"),
        (2, "tv3"),
    ]


def test_prices_are_placed_within_their_category() -> None:
    products = pd.DataFrame(
        {"product_id": list("abcd"), "category": ["tv", "tv", "tv", "tea"], "price": [9, 1, 5, 3]}
    )
    places = place_prices(products).set_index("product_id")["place"]
    assert places.to_dict() == {"a": 1000, "b": 0, "c": 500, "d": 500}


def test_return_rates_are_shrunk_to_the_category_and_that_to_the_world() -> None:
    sales = pd.DataFrame(
        {
            "product_id": ["a", "b"],
            "category": ["tv", "tea"],
            "acquired": [100, 300],
            "returned": [20, 0],
        }
    )
    rates = return_rates(sales).set_index("product_id")["return_rate"]
    # The world 20/400 = 5%. TV (20 + 5) / 200 = 12.5%, so a: (20 + 12.5) / 200.
    assert rates["a"] == pytest.approx(0.1625)
    # Tea (0 + 5) / 400 = 1.25%, so b: (0 + 1.25) / 400.
    assert rates["b"] == pytest.approx(0.003125)
