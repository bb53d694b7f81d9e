"""What `decide` does by effect is valued by the truth, and its claim held against it, by hand."""

import numpy as np
import pandas as pd
import pytest

from pipeline.commands.value_policies import Market, claim_profit, value_policies
from pipeline.studies.policy_comparison import ESTIMATED, ORACLE, ORACLE_OWN, PROPENSITY, TOLD_OWN
from pipeline.studies.policy_truth import Known
from tests.studies.test_policy_value import wider_options

# Customer 1 is offered tea by e-mail; the truth is 0.009 x 1000 - 1 = 8 cents.
OFFERS = (
    wider_options()
    .keys.iloc[[0]]
    .assign(
        value_cents=1000,
        contact_cost_cents=1,
        effect=0.02,
        effect_low=0.005,
        effect_high=0.035,
        priority_cents=19.0,
    )
)


def market() -> Market:
    some = wider_options()
    known = Known(
        features=pd.DataFrame({"nothing": np.zeros(5, dtype=np.float32)}),
        propensity=np.full(5, 0.1),
        true_effect=some.true_effect,
        groups=some.households,
    )
    # By these, tea by e-mail is best for customer 1, and nothing pays for customer 2.
    estimated = np.array([0.02, 0.02, 0.004, 0.0005, 0.0])
    return Market(some, known, estimated, {PROPENSITY: OFFERS, ESTIMATED: OFFERS})


def test_a_claim_is_the_interval_of_all_offers_as_if_each_were_sent() -> None:
    # 0.02 (0.005 to 0.035) x 1000 cents less 1 cent, twice.
    claim = claim_profit(pd.concat([OFFERS, OFFERS]))
    assert (claim.profit, claim.low, claim.high) == pytest.approx((38, 8, 68))


def test_the_estimated_policy_is_the_decision_and_its_claim_is_held_against_the_truth() -> None:
    policies = value_policies(market(), threads=1)["policies"]
    estimated = policies[ESTIMATED]
    assert estimated["offers"] == 1
    assert estimated["profit"]["value"] == pytest.approx(8 / 2)
    assert estimated["claim"] == pytest.approx(
        {"profit": 19 / 2, "low": 4 / 2, "high": 34 / 2, "held": True}
    )
    assert "held" not in policies[PROPENSITY]["claim"]


def test_the_oracles_are_free_in_everything_or_in_all_but_the_decisions_candidates() -> None:
    policies = value_policies(market(), threads=1)["policies"]
    # Tea for both: by letter 20 cents, by e-mail 2; the television would bring 39 and 19.
    assert policies[ORACLE_OWN]["profit"]["value"] == pytest.approx((20 + 2) / 2)
    assert policies[ORACLE]["profit"]["value"] == pytest.approx((39 + 19) / 2)
    assert policies[TOLD_OWN]["profit"]["value"] <= policies[ORACLE_OWN]["profit"]["value"]
