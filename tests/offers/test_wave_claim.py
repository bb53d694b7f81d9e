"""The claim of a wave: what is expected of the contacted, in numbers and in words."""

import pandas as pd
import pytest

from pipeline.offers.wave_claim import claim_of, claimed_totals, headline_of

DECIDED = pd.DataFrame(
    {
        "arm": ["treated", "treated", "campaign_control", None],
        "propensity": [0.1, 0.2, 0.3, None],
        "effect": [0.02, 0.04, 0.5, None],
        "effect_low": [0.01, 0.0, 0.4, None],
        "effect_high": [0.03, 0.08, 0.6, None],
        "effect_origin": ["observational", "assumed", "assumed", None],
        "value_cents": pd.array([1000, 1000, 1000, None], dtype="Int64"),
        "contact_cost_cents": pd.array([10, 10, 10, None], dtype="Int64"),
        "is_explored": pd.array([False, True, False, None], dtype="boolean"),
    }
)


def test_the_interval_of_a_sum_goes_from_the_lower_limits_to_the_upper_ones() -> None:
    take_ups, profit = claimed_totals(DECIDED.iloc[:2])
    assert (take_ups.value, take_ups.low, take_ups.high) == pytest.approx((0.06, 0.01, 0.11))
    assert (profit.value, profit.low, profit.high) == pytest.approx((40, -10, 90))


def test_only_the_contacted_are_claimed_for() -> None:
    claim = claim_of(DECIDED, "effect")
    assert (claim.contacted, claim.explored, claim.contact_cost_cents) == (2, 1, 20)
    assert claim.take_ups_predicted == pytest.approx(0.3)
    assert claim.take_ups_caused.value == pytest.approx(0.06)
    assert claim.origins == {"assumed": 1, "observational": 1}
    assert "For 1 of them the effect is assumed, not measured." in claim.statement


def test_two_waves_are_compared_by_what_is_claimed_in_money() -> None:
    assert headline_of(claim_of(DECIDED, "effect")).root == {
        "contacted": 2,
        "contact_cost": 0.2,
        "take_ups_caused": 0.1,
        "profit_added": 0.4,
        "profit_added_low": -0.1,
        "profit_added_high": 0.9,
    }


def test_an_assumed_effect_is_called_assumed_and_a_propensity_what_would_happen_anyway() -> None:
    statement = claim_of(DECIDED.assign(effect_origin="assumed"), "propensity").statement
    assert "The effect of a contact is assumed, not measured." in statement
    assert "which counts what would happen anyway" in statement
