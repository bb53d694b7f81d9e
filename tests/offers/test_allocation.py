"""At most one offer a customer, never above a limit, and as good as trying everything."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.foundation.errors import ConfigurationError
from pipeline.offers import allocation
from pipeline.offers.allocation import Limits, allocate, check_limits

NO_LIMITS = Limits(models={}, categories={}, channels={}, budget_cents=None)


def offers_of(worth: "list[list[int]]", seed: int = 0) -> pd.DataFrame:
    """One list of priorities a customer, of random categories, channels and costs."""
    random = np.random.default_rng(seed)
    rows = [
        {
            "customer_id": f"c{number:07d}",
            "model": str(random.choice(["up_sell", "cross_sell"])),
            "category": f"k{random.integers(3)}",
            "channel": "email" if number % 2 else "mail",
            "priority_cents": float(value),
            "contact_cost_cents": 1 if number % 2 else 75,
        }
        for number, values in enumerate(worth)
        for value in sorted(values, reverse=True)
    ]
    return pd.DataFrame(rows)


def is_within(offers: pd.DataFrame, limits: Limits) -> bool:
    counts = {"model": limits.models, "category": limits.categories, "channel": limits.channels}
    return all(
        (offers[column] == name).sum() <= capacity
        for column, capacities in counts.items()
        for name, capacity in capacities.items()
    ) and (limits.budget_cents is None or offers["contact_cost_cents"].sum() <= limits.budget_cents)


def best_by_trying_everything(offers: pd.DataFrame, limits: Limits) -> float:
    choices = [[None, *rows] for rows in offers.groupby("customer_id").groups.values()]
    best = 0.0
    for combination in itertools.product(*choices):
        made = offers.loc[[row for row in combination if row is not None]]
        if is_within(made, limits):
            best = max(best, made["priority_cents"].sum())
    return best


def test_without_limits_everybody_gets_what_is_worth_most() -> None:
    offers = offers_of([[5, 9], [3], [2, 8, 4]])
    made = offers[allocate(offers, NO_LIMITS).chosen]
    assert made["priority_cents"].tolist() == [9, 3, 8]


def test_one_call_goes_where_it_adds_most_and_the_other_customer_gets_an_email() -> None:
    offers = pd.DataFrame(
        {
            "customer_id": ["a", "a", "b", "b", "c"],
            "model": "cross_sell",
            "category": ["tv", "tv", "tv", "tv", "tea"],
            "channel": ["phone", "email", "phone", "email", "email"],
            "priority_cents": [9.0, 5.0, 8.0, 5.0, 1.0],
            "contact_cost_cents": 1,
        }
    )
    found = allocate(offers, Limits({}, {}, {"phone": 1}, None))
    assert found.chosen.tolist() == [True, False, False, True, True]
    assert (found.value, found.bound) == (15.0, 15.0)


def test_no_offers_are_no_problem() -> None:
    offers = offers_of([[1]]).iloc[:0]
    assert len(allocate(offers, NO_LIMITS).chosen) == 0


def test_the_second_choice_of_one_makes_room_for_the_first_of_another() -> None:
    offers = offers_of([[10, 9], [10]]).assign(category=["tea", "tv", "tea"])
    limits = Limits({}, {"tea": 1}, {}, None)
    made = offers[allocate(offers, limits).chosen]
    assert made["priority_cents"].tolist() == [9, 10]


def test_a_budget_goes_to_what_is_worth_most_of_it() -> None:
    offers = offers_of([[100], [50], [60]]).assign(contact_cost_cents=[10, 5, 5])
    result = allocate(offers, Limits({}, {}, {}, 10))
    assert offers[result.chosen]["priority_cents"].tolist() == [50, 60]
    assert result.is_bound_by_limits


@settings(max_examples=25)
@given(
    worth=st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=3), min_size=1, max_size=5),
    seed=st.integers(0, 999),
    capacity=st.integers(0, 2),
    budget=st.sampled_from([None, 0, 76, 151]),
)
def test_small_companies_get_the_best_there_is(
    worth: "list[list[int]]", seed: int, capacity: int, budget: int | None
) -> None:
    offers = offers_of(worth, seed)
    limits = Limits({"up_sell": capacity}, {"k0": 1}, {"mail": 1}, budget)
    result = allocate(offers, limits)
    made = offers[result.chosen]
    assert is_within(made, limits)
    assert made["customer_id"].is_unique
    assert result.value == pytest.approx(best_by_trying_everything(offers, limits))


@pytest.mark.parametrize("direct", [50, 10_000])
def test_a_large_company_solved_in_parts_comes_within_its_bound(
    direct: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(4)
    offers = offers_of(random.integers(1, 10_000, (1500, 3)).tolist())
    limits = Limits({"up_sell": 300}, {"k0": 200, "k1": 400}, {"mail": 250}, 20_000)
    monkeypatch.setattr(allocation, "WHOLE_ROWS", 100)
    monkeypatch.setattr(allocation, "DIRECT_CUSTOMERS", direct)
    result = allocate(offers, limits)
    made = offers[result.chosen]
    assert is_within(made, limits)
    assert made["customer_id"].is_unique
    assert 0.999 * result.bound < result.value <= result.bound * (1 + 1e-9)
    assert result.chosen.tolist() == allocate(offers, limits).chosen.tolist()


def test_a_capacity_of_something_unknown_is_refused() -> None:
    with pytest.raises(
        ConfigurationError,
        match=r"capacities\.channels one of email.*'e-mail'.*Did you mean 'email'",
    ):
        check_limits(
            Limits({}, {}, {"e-mail": 3}, None),
            models={"up_sell"},
            categories={"tea"},
            channels={"email"},
        )
