"""Candidate × channel: what competes, and what each pair is worth."""

import pandas as pd

from pipeline.offers.allocation import Limits
from pipeline.offers.channels import ChannelResponses
from pipeline.offers.contact_options import affordable, list_contact_options, shortlist
from tests.offers.options import candidates

NO_ANSWERS = ChannelResponses(rate=0.0, by_channel=pd.DataFrame(columns=["rate", "strength"]))


def open_to(customers: list[str], channels: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame({"customer_id": customers, "channel": channels})
    return frame.assign(sent=0, answered=0)


def test_the_shortlist_keeps_the_best_of_each_customer_the_best_first() -> None:
    listed = shortlist(candidates(("a", "x", 1), ("a", "y", 3), ("a", "z", 2), ("b", "x", 1)), 2)
    assert list(zip(listed["customer_id"], listed["category"], strict=True)) == [
        ("a", "y"),
        ("a", "z"),
        ("b", "x"),
    ]


def test_a_channel_that_costs_what_the_offer_is_worth_is_not_used() -> None:
    permitted = pd.DataFrame(
        {"customer_id": ["a", "a", "a", "b"], "channel": ["email", "mail", "phone", "mail"]}
    )
    best = pd.DataFrame({"customer_id": ["a", "b"], "gross_cents": [75.5, 75.0]})
    pays = affordable(permitted, best, {"email": 1, "mail": 75, "phone": 450})
    assert pays.to_numpy().tolist() == [["a", "email"], ["a", "mail"]]


def test_the_table_holds_each_candidate_on_each_channel_that_an_allocation_could_want() -> None:
    offered = candidates(("a", "tea", 50), ("a", "tv", 500), ("b", "tv", 100))
    permitted = open_to(["a", "a", "b"], ["email", "mail", "mail"])
    costs = {"email": 1, "mail": 75}
    full = Limits(models={}, categories={}, channels={"email": 1}, budget_cents=None)

    options = list_contact_options(offered, permitted, NO_ANSWERS, costs, full, candidates_each=2)

    found = options[["customer_id", "category", "channel", "contact_cost_cents", "priority_cents"]]
    assert found.to_numpy().tolist() == [
        ["a", "tv", "email", 1, 499.0],
        ["a", "tv", "mail", 75, 425.0],
        ["a", "tea", "email", 1, 49.0],
        ["a", "tea", "mail", 75, -25.0],
        ["b", "tv", "mail", 75, 25.0],
    ]


def test_without_limits_nobody_needs_a_second_channel() -> None:
    offered = candidates(("a", "tv", 500))
    permitted = open_to(["a", "a"], ["email", "mail"])
    none = Limits(models={}, categories={}, channels={}, budget_cents=None)

    options = list_contact_options(
        offered, permitted, NO_ANSWERS, {"email": 1, "mail": 75}, none, candidates_each=1
    )

    assert options["channel"].tolist() == ["email"]
