"""Who is offered what, and the one reason of everybody else."""

from datetime import date

import pandas as pd
import pytest

from pipeline.foundation.errors import BrokenCheckError
from pipeline.offers.allocation import Limits
from pipeline.offers.answers import answer, explain_reason
from pipeline.offers.arbitration import affordable, charge, settle, shortlist
from pipeline.offers.contact_policy import OFFER_RULES, RULES
from pipeline.offers.funnel_report import advise_sample_sizes, count_falls, count_offers
from pipeline.offers.next_best_offers import date_offers, decide_on_everybody, draw_arms

DAY = date(2026, 3, 15)
NO_LIMITS = Limits(models={}, categories={}, channels={}, budget_cents=None)


def candidates(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Return customer, category and worth before the contact is paid for."""
    frame = pd.DataFrame(rows, columns=["customer_id", "category", "gross_cents"])
    return frame.assign(
        model="cross_sell",
        product_id=frame["category"] + "1",
        propensity=frame["gross_cents"] / 1000,
        value_cents=1000,
        context=1.0,
        lever=1.0,
    )


def contacts(**costs: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"customer_id": name, "channel": "mail", "contact_cost_cents": cost, "response": 1.0}
            for name, cost in costs.items()
        ]
    )


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


def test_everybody_gets_one_offer_or_the_first_reason_that_holds() -> None:
    rows = candidates(
        ("best", "x", 90), ("best", "y", 80), ("cut", "x", 50), ("poor", "x", 5), ("twin", "x", 60)
    )
    charged = charge(rows, contacts(best=10, cut=10, poor=5, twin=10))
    settled = settle(
        charged, {"twin": "household_duplicates"}, Limits({}, {"x": 1}, {}, budget_cents=10)
    )
    assert settled.offers[["customer_id", "category", "priority_cents"]].to_numpy().tolist() == [
        ["best", "x", 80.0]
    ]
    assert settled.runners_up[["category", "position"]].to_numpy().tolist() == [["y", 2]]
    assert settled.reasons.to_dict() == {
        "cut": "over_capacity",
        "poor": "no_offer_worth_its_cost",
        "twin": "household_duplicates",
    }


def test_an_offer_without_an_affordable_channel_is_not_worth_its_cost() -> None:
    settled = settle(charge(candidates(("a", "x", 9)), contacts(b=1)), {}, NO_LIMITS)
    assert settled.reasons.to_dict() == {"a": "no_offer_worth_its_cost"}
    assert settled.offers.empty


def known(*names: str, control: str = "") -> pd.DataFrame:
    return pd.DataFrame({"customer_id": names, "household_id": None}).assign(
        is_universal_control=[name == control for name in names]
    )


def test_controls_are_decided_on_and_left_alone() -> None:
    offers = date_offers(candidates(*((f"c{n:03d}", "x", 9.0) for n in range(200))), DAY, 28)
    customers = known(*offers["customer_id"], control="c007")
    arms = draw_arms(offers, customers, share=0.1, salt="s")
    assert arms.value_counts()["campaign_control"] in (19, 20)
    decided = decide_on_everybody(
        customers, offers.assign(arm=arms), pd.Series(dtype="object"), DAY
    ).set_index("customer_id")
    universal = decided[["arm", "suppression_reason"]].filter(["c007"], axis=0)
    assert universal.to_numpy().tolist() == [["universal_control"] * 2]
    assert decided["suppression_reason"].isna().equals(decided["arm"] == "treated")
    assert set(decided["campaign"]) == {"w20260315-cross_sell"}
    assert set(decided["valid_until"]) == {date(2026, 4, 11)}


def test_a_customer_with_neither_offer_nor_reason_breaks_the_run() -> None:
    offers = date_offers(candidates(("a", "x", 9.0)), DAY, 28).assign(arm="treated")
    with pytest.raises(BrokenCheckError, match="1 with both or neither"):
        decide_on_everybody(known("a", "b"), offers, pd.Series(dtype="object"), DAY)
    with pytest.raises(BrokenCheckError, match="1 with both or neither"):
        decide_on_everybody(known("a"), offers, pd.Series({"a": "consent"}), DAY)


def test_the_funnel_adds_up() -> None:
    reasons = pd.Series(["consent", "consent", "over_capacity", None], dtype="object")
    assert count_falls(reasons, ["consent", "minimum_age", "over_capacity"]) == [
        {"step": "consent", "came": 4, "fell": 2, "stayed": 2},
        {"step": "minimum_age", "came": 2, "fell": 0, "stayed": 2},
        {"step": "over_capacity", "came": 2, "fell": 1, "stayed": 1},
    ]


def test_the_report_counts_what_is_sent_and_says_what_it_can_show() -> None:
    decided = pd.DataFrame(
        {
            "campaign": ["k"] * 1000,
            "arm": ["treated"] * 900 + ["campaign_control"] * 100,
            "propensity": 0.05,
            "model": "up_sell",
            "category": "tv",
            "channel": "email",
            "contact_cost_cents": 2,
            "priority_cents": 10.0,
        }
    )
    counted = count_offers(decided)
    assert (counted["sent"], counted["contact_cost_cents"]) == (900, 1800)
    assert counted["arms"] == {"k campaign_control": 100, "k treated": 900}
    advice = advise_sample_sizes(decided, power=0.8, confidence=0.95)["k"]
    assert (advice["customers"], advice["control_share"]) == (1000, 0.1)
    assert (advice["customers_for_a_tenth_more"] or 0) > 1000


def test_the_answer_names_the_reason_in_plain_words() -> None:
    row = {
        "customer_id": "a",
        "wave": "w20260315",
        "model": None,
        "suppression_reason": "minimum_age",
    }
    assert answer("a", row, []) == (
        "a in wave w20260315 is not to be contacted (minimum_age): the contact policy has the rule "
        "to exclude whoever is known to be younger; an unknown birth date excludes nobody."
    )
    assert "no such customer was known" in answer("b", None, [])


def test_the_answer_for_an_offer_tells_it_whole() -> None:
    row = {
        "customer_id": "a",
        "wave": "w20260315",
        "suppression_reason": None,
        "model": "up_sell",
        "category": "tv",
        "product_id": "tv2",
        "propensity": 0.0123,
        "value_cents": 123_456,
        "contact_cost_cents": 75,
        "channel": "mail",
        "weekday": 2,
        "hour": 9,
        "valid_until": date(2026, 4, 11),
    }
    assert answer("a", row, [row | {"position": 2, "product_id": "tv3"}]).splitlines() == [
        "a in wave w20260315 is to be contacted.",
        (
            "Offer: tv2 of tv (up_sell), taken up by 1.23% of such customers, worth 1,234.56 then, less "
            "0.75 for the contact; by mail, Tuesday at 09:00 UTC; valid until 2026-04-11."
        ),
        "Runner-up 2: tv3 of tv (up_sell), taken up by 1.23% of such customers, worth 1,234.56 then.",
    ]


def test_every_rule_has_words() -> None:
    assert all(" rule to " in explain_reason(name) for name in {**RULES, **OFFER_RULES})
