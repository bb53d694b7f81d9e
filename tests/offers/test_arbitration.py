"""Who is offered what, and the one reason of everybody else."""

import pandas as pd

from pipeline.foundation.engines import Engine
from pipeline.offers.allocation import Limits
from pipeline.offers.arbitration import settle
from pipeline.offers.contact_options import charge
from pipeline.offers.runners_up import list_runners_up
from tests.offers.options import candidates, standing

NO_LIMITS = Limits(models={}, categories={}, channels={}, budget_cents=None)


def contacts(**costs: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"customer_id": name, "channel": "mail", "contact_cost_cents": cost, "response": 1.0}
            for name, cost in costs.items()
        ]
    )


def test_everybody_gets_one_offer_or_the_first_reason_that_holds(engine: Engine) -> None:
    rows = candidates(
        ("best", "x", 90), ("best", "y", 80), ("cut", "x", 50), ("poor", "x", 5), ("twin", "x", 60)
    )
    options = standing(charge(rows, contacts(best=10, cut=10, poor=5, twin=10)))
    settled = settle(
        options, {"twin": "household_duplicates"}, Limits({}, {"x": 1}, {}, budget_cents=10)
    )
    assert settled.chosen.to_numpy().tolist() == [["cross_sell", "best", "x", "mail"]]
    assert settled.reasons.to_numpy().tolist() == [
        ["cut", "over_capacity"],
        ["twin", "household_duplicates"],
    ]
    others = list_runners_up(engine.table(options), engine.table(settled.chosen))
    assert engine.arrow(others.select("category", "position")).to_pylist() == [
        {"category": "y", "position": 2}
    ]


def test_who_has_no_option_that_is_worth_its_cost_is_offered_nothing() -> None:
    none = standing(charge(candidates(("a", "x", 9)), contacts(b=1)))
    settled = settle(none, {}, NO_LIMITS)
    assert settled.chosen.empty
    assert settled.reasons.empty
