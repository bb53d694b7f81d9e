"""Market-basket rules, bundles, hooks, penetration, complements and substitutes."""

import numpy as np
import pandas as pd
import pytest

from pipeline.recommendations.associations.association_rules import (
    association_rules,
    best_rules,
    lift_interval,
    rules_by_kind,
)
from pipeline.recommendations.associations.baskets import Baskets, Incidence, baskets, incidence
from pipeline.recommendations.associations.bundles import bundles
from pipeline.recommendations.associations.hooks import hooks
from pipeline.recommendations.associations.penetration import (
    cross_holdings,
    penetration,
    top_held,
    top_sets,
)
from pipeline.recommendations.associations.relations import relations

NO_GUESTS = pd.DataFrame({"basket": [], "product": []}, dtype=np.int64)


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
    made = baskets(
        bought((0, 9, 5), (0, 9, 7), (0, 2, 5), (1, 9, 7)), max_products=10, guests=NO_GUESTS
    )
    assert made.products.tolist() == [5, 7]
    assert dense(made.together) == [[1, 0], [1, 1], [0, 1]]
    assert dense(made.large) == [[1, 1]]
    assert dense(made.by_customer) == [[1, 1], [0, 1]]


def test_a_guests_order_is_a_basket_of_nobody() -> None:
    guests = pd.DataFrame({"basket": [0, 0, 1], "product": [5, 7, 9]})
    made = baskets(bought((0, 9, 5), (0, 9, 7), (1, 2, 5)), max_products=2, guests=guests)
    assert made.products.tolist() == [5, 7]  # 9 stands in one basket, 5 in three, 7 in two
    assert dense(made.large) == [[1, 1], [1, 1]]
    assert dense(made.by_customer) == [[1, 1], [1, 0]]
    assert len(made.steps[0].toarray()) == 0


def test_a_step_goes_from_a_basket_to_the_customers_next_one() -> None:
    made = baskets(
        bought((0, 9, 1), (0, 5, 2), (0, 2, 3), (1, 9, 3)), max_products=10, guests=NO_GUESTS
    )
    earlier, later = made.steps
    steps = zip(dense(earlier), dense(later), strict=True)
    assert sorted(steps) == [([0, 1, 0], [0, 0, 1]), ([1, 0, 0], [0, 1, 0])]


def test_only_the_products_of_most_baskets_are_looked_at() -> None:
    made = baskets(
        bought((0, 9, 1), (0, 5, 2), (1, 2, 2), (1, 9, 3)), max_products=2, guests=NO_GUESTS
    )
    assert made.products.tolist() == [1, 2]  # of equals the lower code


def test_a_rule_tells_support_confidence_and_lift() -> None:
    some = table(*["11"] * 3, *["10"] * 1, *["01"] * 2, *["00"] * 4)
    found = association_rules(some, some, min_count=1)
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
        rule = association_rules(some, some, min_count=1).iloc[0]
        inside += bool(rule["lift_low"] <= 0.4 / 0.26 <= rule["lift_high"])
    assert 0.92 <= inside / 400 <= 0.98


def test_the_rules_of_a_pair_are_tied_either_way_round() -> None:
    one, other = np.random.default_rng(4).integers(100, 5_000, (2, 1_000)).astype(float)
    count = np.minimum(one, other) // 3
    there, back = (lift_interval(count, *both, 20_000) for both in ((one, other), (other, one)))
    assert np.array_equal(there, back)


def test_too_few_rows_make_no_rule_and_chance_makes_no_best_one() -> None:
    some = table(*["11"] * 3, *["10"] * 3, *["01"] * 3, *["00"] * 3)
    assert association_rules(some, some, min_count=4).empty
    assert best_rules(
        association_rules(some, some, min_count=1), per_product=5
    ).empty  # the lift is 1


def test_the_surest_rule_of_a_product_comes_first() -> None:
    some = table(*["110"] * 30, *["101"] * 20, *["001"] * 5, *["000"] * 45)
    found = best_rules(association_rules(some, some, min_count=1), per_product=5)
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
    rules = association_rules(some, some, min_count=2)
    found = bundles(some, pd.Series(categories), rules, min_count=2)
    return dict(zip(found["columns"], found["joint_lift"], strict=True))


def test_a_hook_is_compared_with_all_beginnings_followed_as_long() -> None:
    made = baskets(
        bought((0, 50, 1), (1, 50, 1), (2, 50, 2), (3, 50, 2), (4, 3, 1)),
        max_products=9,
        guests=NO_GUESTS,
    )
    spend = pd.DataFrame(
        [
            *((customer, 50, 10) for customer in range(4)),
            *((customer, 45, 300) for customer in (0, 1)),
            *((customer, 45, 100) for customer in (2, 3)),
            (3, 20, 9999),
            (4, 3, 10),
        ],
        columns=["customer", "age_days", "cents"],
    )
    found = hooks(made, spend, follow_days=20, min_count=2).set_index("column")
    assert found["customers"].tolist() == [2, 2]  # customer 4 began too lately
    assert found["later_cents"].to_dict() == {0: 300, 1: 100}
    assert found["ratio"].to_dict() == {0: 1.5, 1: 0.5}


def test_who_holds_one_but_not_the_other_is_counted_below_mean_spend_too() -> None:
    top, names = top_held(table("110", "110", "100", "100", "000"), pd.Series(["a", "b", "c"]), 5)
    assert names == ["a", "b"]
    assert penetration(top, names)["share"].tolist() == [0.8, 0.4]
    low = np.array([True, False, True, False, True])
    found = pair(cross_holdings(top, names, low), "a", "b")
    assert found.drop(["first", "second"]).to_dict() == {
        "both": 2,
        "share_both": 0.4,
        "share_of_first_with_second": 0.5,
        "first_without_second": 2,
        "of_these_below_mean_spend": 1,
    }


def test_of_three_products_some_hold_any_two_and_some_all() -> None:
    top, names = top_held(table("111", "110", "001", "000"), pd.Series(["a", "b", "c"]), 3)
    shares = top_sets(top, names).iloc[0]
    assert shares.iloc[1:].tolist() == [0.75, 0.5, 0.25]


def _shop() -> Baskets:
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
    return baskets(bought(*lines), max_products=10, guests=NO_GUESTS)


def test_what_stands_in_one_basket_is_a_complement_and_what_replaces_it_a_substitute() -> None:
    shop = _shop()
    categories = pd.Series(["bread", "butter", "milk", "milk", "jam", "tea"])
    called = relations(shop, categories, rules_by_kind(shop, 5))
    milks = pair(called, 2, 3)
    assert pair(called, 0, 1)["relation"] == "complement"
    assert milks["relation"] == "substitute"
    assert milks["reason"].startswith("in one basket 0.00 times as often as by chance")
    others = called[(called["first"] == 0) & (called["second"] == 2)]
    assert others.empty  # never together, but of other categories
