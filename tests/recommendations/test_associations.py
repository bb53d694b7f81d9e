"""Market-basket rules, bundles, hooks, penetration, complements and substitutes."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipeline.foundation.engines import Engine
from pipeline.population.holdings import held_products
from pipeline.recommendations.associations.association_rules import (
    association_rules,
    best_rules,
    lift_interval,
)
from pipeline.recommendations.associations.baskets import (
    Baskets,
    Incidence,
    baskets,
    incidence,
    most_sold,
)
from pipeline.recommendations.associations.bundles import bundles, likely_pairs
from pipeline.recommendations.associations.hooks import beginnings, hooks
from pipeline.recommendations.associations.pair_counts import (
    KINDS,
    CountPairs,
    PairCounts,
    pairs_by_kind,
)
from pipeline.recommendations.associations.penetration import (
    HeldSets,
    cross_holdings,
    held_sets,
    penetration,
    top_sets,
)
from pipeline.recommendations.associations.relations import relations
from pipeline.recommendations.associations.third_counts import CountThirds, thirds
from pipeline.recommendations.coded import Coded, Codes, encode
from tests.ledger import Rows, seen

NO_GUESTS = pd.DataFrame({"basket": [], "product": []}, dtype=np.int64)
DAY = "2025-03-01"


def baskets_of_most(
    purchases: pd.DataFrame, most: int, guests: pd.DataFrame = NO_GUESTS
) -> tuple[Codes, Baskets]:
    """Return the products that stand in most baskets, and the baskets."""
    sold = np.concatenate([purchases["product"].to_numpy(), guests["product"].to_numpy()])
    products = most_sold(np.bincount(sold), most)
    return products, baskets(purchases, products, guests)


def rules(some: Incidence, min_count: int) -> pd.DataFrame:
    """Return the rules among the columns of one table."""
    return association_rules(PairCounts.of(some, some), min_count)


def bought(*lines: tuple[int, int, int]) -> pd.DataFrame:
    """Return purchases from customer, age in days and product."""
    return pd.DataFrame(sorted(lines), columns=["customer", "age_days", "product"])


def table(*rows: str) -> Incidence:
    """Return rows × columns from texts of 0 and 1."""
    return filled(np.array([[int(one) for one in row] for row in rows]))


def filled(ones: np.ndarray) -> Incidence:
    """Return the places that are not zero."""
    row, column = np.nonzero(ones)
    return incidence(row, column, (ones.shape[0], ones.shape[1]))


def pair(frame: pd.DataFrame, first: object, second: object) -> pd.Series:
    """Return the one row of a pair."""
    return frame[(frame["first"] == first) & (frame["second"] == second)].iloc[0]


def dense(some: Incidence) -> list[list[int]]:
    return [[int(one) for one in row] for row in some.toarray()]


def test_a_basket_is_what_a_customer_buys_on_one_day() -> None:
    products, made = baskets_of_most(bought((0, 9, 5), (0, 9, 7), (0, 2, 5), (1, 9, 7)), 10)
    assert products.tolist() == [5, 7]
    assert dense(made.together) == [[1, 0], [1, 1], [0, 1]]
    assert dense(made.large) == [[1, 1]]
    assert dense(made.by_customer) == [[1, 1], [0, 1]]


def test_a_guests_order_is_a_basket_of_nobody() -> None:
    guests = pd.DataFrame({"basket": [0, 0, 1], "product": [5, 7, 9]})
    products, made = baskets_of_most(bought((0, 9, 5), (0, 9, 7), (1, 2, 5)), 2, guests)
    assert products.tolist() == [5, 7]  # 9 stands in one basket, 5 in three, 7 in two
    assert dense(made.large) == [[1, 1], [1, 1]]
    assert dense(made.by_customer) == [[1, 1], [1, 0]]
    assert len(made.steps[0].toarray()) == 0


def test_a_step_goes_from_a_basket_to_the_customers_next_one() -> None:
    _, made = baskets_of_most(bought((0, 9, 1), (0, 5, 2), (0, 2, 3), (1, 9, 3)), 10)
    earlier, later = made.steps
    steps = zip(dense(earlier), dense(later), strict=True)
    assert sorted(steps) == [([0, 1, 0], [0, 0, 1]), ([1, 0, 0], [0, 1, 0])]


def test_only_the_products_of_most_baskets_are_looked_at() -> None:
    products, _ = baskets_of_most(bought((0, 9, 1), (0, 5, 2), (1, 2, 2), (1, 9, 3)), 2)
    assert products.tolist() == [1, 2]  # of equals the lower code


def test_a_rule_tells_support_confidence_and_lift() -> None:
    some = table(*["11"] * 3, *["10"] * 1, *["01"] * 2, *["00"] * 4)
    found = rules(some, min_count=1)
    rule = pair(found, 0, 1)
    assert rule["support"] == pytest.approx(0.3)
    assert rule["confidence"] == pytest.approx(0.75)
    assert rule["lift"] == pytest.approx(1.5)
    assert pair(found, 1, 0)["confidence"] == pytest.approx(0.6)
    assert rule["lift_low"] < 1.5 < rule["lift_high"]


def test_the_interval_of_a_lift_covers_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    inside = 0
    for _ in range(400):
        one = random.random(500) < 0.3
        other = random.random(500) < np.where(one, 0.4, 0.2)  # lift 0.4 / 0.26
        some = filled(np.column_stack([one, other]))
        rule = rules(some, min_count=1).iloc[0]
        inside += bool(rule["lift_low"] <= 0.4 / 0.26 <= rule["lift_high"])
    assert 0.92 <= inside / 400 <= 0.98


def test_the_rules_of_a_pair_are_tied_either_way_round() -> None:
    one, other = np.random.default_rng(4).integers(100, 5_000, (2, 1_000)).astype(float)
    count = np.minimum(one, other) // 3
    there, back = (lift_interval(count, *both, 20_000) for both in ((one, other), (other, one)))
    assert np.array_equal(there, back)


def test_too_few_rows_make_no_rule_and_chance_makes_no_best_one() -> None:
    some = table(*["11"] * 3, *["10"] * 3, *["01"] * 3, *["00"] * 3)
    assert rules(some, min_count=4).empty
    assert best_rules(rules(some, min_count=1), per_product=5).empty  # the lift is 1


def test_the_surest_rule_of_a_product_comes_first() -> None:
    some = table(*["110"] * 30, *["101"] * 20, *["001"] * 5, *["000"] * 45)
    found = best_rules(rules(some, min_count=1), per_product=5)
    assert found.loc[found["first"] == 0, ["second", "position"]].to_numpy().tolist() == [
        [1, 1],
        [2, 2],
    ]


def test_a_bundle_is_listed_once_with_its_joint_lift() -> None:
    some = table(*["111"] * 20, *["000"] * 80)
    found = bundled(some, "tea", "cup", "cake")
    assert found == pytest.approx({(0, 1, 2): 25, (0, 1): 5, (0, 2): 5, (1, 2): 5})


def test_two_products_of_one_category_are_no_bundle() -> None:
    some = table(*["111"] * 20, *["000"] * 80)
    assert set(bundled(some, "tea", "tea", "cake")) == {(0, 2), (1, 2)}


def test_a_pair_and_a_product_that_goes_with_everything_is_no_bundle_of_three() -> None:
    some = table(*["110"] * 10, *["111"] * 10, *["001"] * 40, *["000"] * 40)
    # 20 baskets hold the pair, half of all baskets the third: chance puts it into 10 of them.
    assert set(bundled(some, "tea", "cup", "cake")) == {(0, 1)}


def bundled(some: Incidence, *categories: str) -> dict[tuple[int, ...], float]:
    counts, named = PairCounts.of(some, some), pd.Series(categories)
    pairs = likely_pairs(named, association_rules(counts, min_count=2))
    third = thirds(some, pairs[["first", "second"]].to_numpy())
    found = bundles(counts, third, named, pairs, min_count=2)
    return dict(zip(found["columns"], found["joint_lift"], strict=True))


def coded(engine: Engine, people: Rows, events: Rows, products: Sequence[str]) -> Coded:
    """Return customers with segments, and products of which each is a category of its own."""
    past = seen(
        engine,
        [DAY],
        customers=[{"customer_id": one["customer_id"]} for one in people],
        products=[{"product_id": name, "category": f"of {name}", "tier": 1} for name in products],
        product_events=[{"kind": "acquired", **one} for one in events],
    )
    segments = pd.DataFrame(list(people)).reindex(
        columns=["customer_id", "lifecycle_stage", "rfm_segment", "spend_to_mean"]
    )
    known = past.customers
    told = engine.table(pa.Table.from_pandas(segments, preserve_index=False))
    return encode(engine, past, known, held_products(past), told)


def spent(customer: int, days_ago: int, product: str, cents: int) -> dict[str, object]:
    day = date.fromisoformat(DAY) - timedelta(days=days_ago)
    return {
        "customer_id": f"c{customer}",
        "product_id": product,
        "occurred_at": f"{day} 09:00:00",
        "amount": f"{cents / 100:.2f}",
    }


def test_a_hook_is_compared_with_all_beginnings_followed_as_long(engine: Engine) -> None:
    events = [
        *(spent(customer, 50, "p1", 10) for customer in (0, 1)),
        *(spent(customer, 50, "p2", 10) for customer in (2, 3)),
        spent(4, 3, "p1", 10),
        *(spent(customer, 45, "p3", cents) for customer, cents in ((0, 200), (1, 400))),
        *(spent(customer, 45, "p3", 100) for customer in (2, 3)),
        spent(3, 20, "p3", 9999),
    ]
    people = [{"customer_id": f"c{number}", "spend_to_mean": 1.0} for number in range(5)]
    made = coded(engine, people, events, ["p1", "p2", "p3"])
    begun = beginnings(engine, made.purchases, made.spend, follow_days=20)
    found = hooks(begun, min_count=2).set_index("product")
    assert begun.customers == 4  # customer 4 began too lately
    assert found["customers"].to_dict() == {0: 2, 1: 2}
    assert found["later_cents"].to_dict() == {0: 300, 1: 100}
    assert found["ratio"].to_dict() == {0: 1.5, 1: 0.5}
    # Two customers 100 from their mean: a deviation of 141.4, and an error of 100 of 200.
    assert found["ratio_high"].to_dict() == pytest.approx({0: 1.5 + 1.959964 / 2, 1: 0.5})


def held_by(*rows: str, below: Sequence[bool] = ()) -> HeldSets:
    """Return customers who hold what their texts of 0 and 1 say."""
    holds = np.array([[one == "1" for one in row] for row in rows])
    low = np.array(below or [False] * len(rows))
    return HeldSets(list("abc")[: holds.shape[1]], holds, low, np.ones(len(rows), dtype=np.int64))


def test_who_holds_one_but_not_the_other_is_counted_below_mean_spend_too() -> None:
    held = held_by("11", "11", "10", "10", "00", below=[True, False, True, False, True])
    assert penetration(held)["share"].tolist() == [0.8, 0.4]
    found = pair(cross_holdings(held), "a", "b")
    assert found.drop(["first", "second"]).to_dict() == {
        "both": 2,
        "share_both": 0.4,
        "share_of_first_with_second": 0.5,
        "first_without_second": 2,
        "of_these_below_mean_spend": 1,
    }


def test_of_three_products_some_hold_any_two_and_some_all() -> None:
    shares = top_sets(held_by("111", "110", "001", "000")).iloc[0]
    assert shares.iloc[1:].tolist() == [0.75, 0.5, 0.25]


def test_customers_are_counted_by_the_set_that_they_hold(engine: Engine) -> None:
    stages = ["repeat", "repeat", "repeat", "prospect"]
    people = [
        {"customer_id": f"c{number}", "lifecycle_stage": stage, "spend_to_mean": mean}
        for number, (stage, mean) in enumerate(zip(stages, [0.5, 0.5, 2.0, 0.1], strict=True))
    ]
    held = ["c0 p2", "c1 p2", "c2 p2", "c0 p1", "c1 p1", "c0 p9"]
    events = [spent(int(one[1]), 9, one[3:], 100) for one in held]
    events.append(spent(3, -9, "p1", 100))  # of later
    people[3]["spend_to_mean"] = 0.1
    made = coded(engine, people, events, ["p1", "p2", "p9"])
    sets = held_sets(made, "product")
    assert sets.names == ["of p2 (p2)", "of p1 (p1)", "of p9 (p9)"]  # that most hold first
    assert sets.both().tolist() == [[3, 2, 1], [2, 2, 1], [1, 1, 1]]
    assert sets.both(sets.spends_below_mean).diagonal().tolist() == [2, 2, 1]
    assert held_sets(made, "category").names == ["of p2", "of p1", "of p9"]


def _shop() -> dict[str, PairCounts]:
    """Bread goes with butter; two milks are bought by the same customers, never together."""
    lines = []
    for customer in range(60):
        milk = customer % 2
        lines += [(customer, day, 0) for day in (9, 5)] + [(customer, day, 1) for day in (9, 5)]
        lines += [
            (customer, 7, 2 + milk),
            (customer, 7, 4),
            (customer, 3, 3 - milk),
            (customer, 3, 4),
        ]
    lines += [(customer, 1, 5) for customer in range(60, 200)]
    return pairs_by_kind(baskets_of_most(bought(*lines), 10)[1])


def test_what_stands_in_one_basket_is_a_complement_and_what_replaces_it_a_substitute() -> None:
    shop = _shop()
    categories = pd.Series(["bread", "butter", "milk", "milk", "jam", "tea"])
    found = {kind: association_rules(counts, 5) for kind, counts in shop.items()}
    called = relations(shop["bought_together"], categories, found)
    milks = pair(called, 2, 3)
    assert pair(called, 0, 1)["relation"] == "complement"
    assert milks["relation"] == "substitute"
    assert milks["reason"].startswith("in one basket 0.00 times as often as by chance")
    others = called[(called["first"] == 0) & (called["second"] == 2)]
    assert others.empty  # never together, but of other categories


def _batch(*lines: tuple[str, bool, int, int]) -> pa.RecordBatch:
    names = ["buyer", "is_guest", "age_days", "product"]
    types = [pa.string(), pa.bool_(), pa.int64(), pa.int32()]
    columns = [
        pa.array(some, kind) for some, kind in zip(zip(*lines, strict=True), types, strict=True)
    ]
    return pa.record_batch(columns, names=names)


def test_counts_of_some_buyers_add_up_to_those_of_all() -> None:
    ours = [("c1", False, 2, 2), ("c1", False, 9, 0), ("c1", False, 9, 1)]
    others = [("c2", False, 5, 0), ("c2", False, 5, 1), ("c2", True, 7, 1), ("c2", True, 9, 2)]
    count = CountPairs(np.arange(3, dtype=np.int32))
    told = [
        pa.Table.from_batches(count(iter(batches))).to_pandas()
        for batches in ([_batch(*ours, *others)], [_batch(*ours), _batch(*others)])
    ]
    assert told[0].equals(told[1])
    found = {kind: PairCounts.read(told[1][told[1]["kind"] == kind], 3) for kind in KINDS}
    # An order with a customer's id is a guest's all the same: a basket, and no customer.
    assert found["bought_together"].rows == 3
    assert found["bought_together"].both.tolist() == [[2, 2, 0], [2, 3, 1], [0, 1, 1]]
    assert found["same_customer"].both.tolist() == [[2, 2, 1], [2, 2, 1], [1, 1, 1]]
    assert found["bought_next"].both.tolist() == [[0, 0, 1], [0, 0, 1], [0, 0, 0]]
    assert found["bought_next"].first.tolist() == [1, 1, 0]


def test_a_third_product_is_counted_beside_each_pair_a_part_at_a_time() -> None:
    ours = [("c1", False, 9, product) for product in (0, 1, 2)]
    others = [("c2", False, 9, product) for product in (0, 1)] + [("c2", False, 5, 2)]
    doubles = {"bought_together": np.array([[0, 1]]), "same_customer": np.array([[0, 1], [1, 2]])}
    count = CountThirds(np.arange(3, dtype=np.int32), doubles)
    told = pa.Table.from_batches(count(iter([_batch(*ours), _batch(*others)]))).to_pandas()
    found = told.set_index(["kind", "first", "second"])["count"].to_dict()
    assert found["bought_together", 0, 2] == 1
    assert found["same_customer", 0, 2] == 2
    assert found["same_customer", 1, 0] == 2
