"""Who is offered what, and the one reason of everybody else."""

import pandas as pd

from pipeline.offers.allocation import Limits
from pipeline.offers.arbitration import settle
from pipeline.offers.contact_options import charge
from tests.offers.options import candidates

NO_LIMITS = Limits(models={}, categories={}, channels={}, budget_cents=None)


def contacts(**costs: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"customer_id": name, "channel": "mail", "contact_cost_cents": cost, "response": 1.0}
            for name, cost in costs.items()
        ]
    )


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
