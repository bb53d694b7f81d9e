"""Policies are valued by what their contacts truly cause, by hand on a handful of contacts."""

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.errors import DataError
from pipeline.statistics.arrays import Floats
from pipeline.studies.policy_comparison import (
    NO_CONTACT,
    ORACLE,
    ORACLE_OWN,
    PROPENSITY,
    Claim,
    compare_policies,
)
from pipeline.studies.policy_truth import Known, average_effect, predict_told_by_truth
from pipeline.studies.policy_value import (
    OPTION_KEYS,
    Options,
    contacts_of_own_candidates,
    find_offers,
    mean_of,
    take_best,
    value_rows,
)

# Three customers; the first two live together. Gains by the truth: 19, -390, 30, -11.
ROWS = [
    ("cross_sell", "C1", "tv", "email", 2000, 1, 0.010),
    ("cross_sell", "C1", "tv", "phone", 2000, 450, 0.030),
    ("cross_sell", "C2", "tv", "email", 3100, 1, 0.010),
    ("up_sell", "C3", "tv", "email", 5000, 1, -0.002),
]


def options(weight: float = 1.0) -> Options:
    rows = pd.DataFrame(ROWS, columns=[*OPTION_KEYS, "value", "cost", "effect"])
    return Options(
        keys=rows[list(OPTION_KEYS)],
        customers=np.array([0, 0, 1, 2]),
        households=np.array([0, 0, 0, 1]),
        value_cents=rows["value"].to_numpy(np.float64),
        weight=np.full(4, weight),
        cost_cents=rows["cost"].to_numpy(np.float64),
        true_effect=rows["effect"].to_numpy(np.float64),
    )


def test_the_oracle_takes_the_best_contact_of_each_household_and_leaves_losses_alone() -> None:
    some = options()
    assert take_best(some, some.gain(some.true_effect)).tolist() == [2]


def test_a_policy_by_another_effect_takes_others_and_is_paid_by_the_truth() -> None:
    some = options()
    rows = take_best(some, some.gain(np.array([0.01, 0.30, 0.01, 0.01])))
    assert rows.tolist() == [1, 3]  # 0.3 x 2000 - 450 = 150; 0.01 x 5000 - 1 = 49
    value = value_rows(some, rows)
    assert value.offers == 2
    assert value.by_customer == pytest.approx([60 - 450, 0, -11])
    assert value.by_channel == pytest.approx({"phone": -390.0, "email": -11.0})


def test_equal_gains_go_to_the_first_by_key_and_a_gain_of_zero_to_nobody() -> None:
    some = options()
    assert take_best(some, np.array([7.0, 7.0, 7.0, 0.0])).tolist() == [0]


def test_levers_move_choices_and_are_no_money() -> None:
    doubled = options(weight=2.0)
    assert doubled.gain(doubled.true_effect).tolist() == pytest.approx([39, -330, 61, -21])
    assert doubled.profit.tolist() == pytest.approx([19, -390, 30, -11])


def test_decided_offers_are_found_and_others_refused() -> None:
    some = options()
    offers = some.keys.iloc[[3, 1]]
    assert find_offers(some, offers).tolist() == [1, 3]
    with pytest.raises(DataError, match="1 others"):
        find_offers(some, offers.assign(channel=["sms", "phone"]))


def test_the_interval_of_a_mean_counts_households_once() -> None:
    # Mean 4; the household of the first two lies 2 + 2 above it together, the third 4 below:
    # sqrt(4^2 + 4^2) / 3 = 1.886.
    mean = mean_of(options(), np.array([6.0, 6.0, 0.0]))
    assert mean.value == 4
    assert mean.high - mean.value == pytest.approx(1.959964 * 1.885618, rel=1e-5)
    assert mean.value - mean.low == pytest.approx(mean.high - mean.value)


def wider_options() -> Options:
    """Return two candidates of each of two customers; the gains by the truth stand beside them."""
    rows = pd.DataFrame(
        [
            ("cross_sell", "C1", "tea", "email", 1000, 1, 0.009),  # 8: the decision's own
            ("cross_sell", "C1", "tea", "mail", 1000, 75, 0.095),  # 20
            ("cross_sell", "C1", "tv", "email", 4000, 1, 0.010),  # 39
            ("cross_sell", "C2", "tea", "email", 1000, 1, 0.003),  # 2: what it holds for the best
            ("cross_sell", "C2", "tv", "email", 4000, 1, 0.005),  # 19
        ],
        columns=[*OPTION_KEYS, "value", "cost", "effect"],
    )
    return Options(
        keys=rows[list(OPTION_KEYS)],
        customers=np.array([0, 0, 0, 1, 1]),
        households=np.array([0, 0, 0, 1, 1]),
        value_cents=rows["value"].to_numpy(np.float64),
        weight=np.ones(5),
        cost_cents=rows["cost"].to_numpy(np.float64),
        true_effect=rows["effect"].to_numpy(np.float64),
    )


def test_an_oracle_may_keep_the_decisions_candidate_and_choose_the_channel() -> None:
    some, taken = wider_options(), np.array([0])
    is_own = contacts_of_own_candidates(some, taken, np.array([5.0, 1.0, 2.0, -1.0, -3.0]))
    assert is_own.tolist() == [True, True, False, True, False]
    policies = compare_policies(some, {PROPENSITY: taken}, {}, is_own)["policies"]
    assert policies[PROPENSITY]["profit"]["value"] == pytest.approx(8 / 2)
    assert policies[ORACLE_OWN]["profit"]["value"] == pytest.approx((20 + 2) / 2)
    assert policies[ORACLE]["profit"]["value"] == pytest.approx((39 + 19) / 2)


def test_policies_stand_beside_each_other_and_claims_beside_the_truth() -> None:
    found = compare_policies(
        options(),
        {PROPENSITY: np.array([1, 3])},
        {PROPENSITY: Claim(profit=900.0, low=600.0, high=1200.0)},
    )
    assert found["customers"] == 3
    policies = found["policies"]
    assert list(policies) == [NO_CONTACT, PROPENSITY, ORACLE]
    assert policies[NO_CONTACT]["profit"] == {"value": 0, "low": 0, "high": 0}
    assert policies[PROPENSITY]["profit"]["value"] == pytest.approx(-401 / 3)
    assert policies[ORACLE]["profit"]["value"] == pytest.approx(10)
    assert policies[ORACLE]["over_propensity"]["value"] == pytest.approx(431 / 3)
    assert policies[PROPENSITY]["claim"] == {"profit": 300, "low": 200, "high": 400, "held": False}
    assert "claim" not in policies[ORACLE]


def known(rows: int = 4000) -> Known:
    random = np.random.default_rng(2)
    seen = random.integers(0, 2, rows)
    propensity: Floats = random.uniform(0.01, 0.1, rows)
    hidden = random.normal(0, 0.1, rows)
    relative = np.where(seen == 1, 0.4, -0.1) + hidden
    return Known(
        features=pd.DataFrame({"seen": seen.astype(np.float32), "propensity": propensity}),
        propensity=propensity,
        true_effect=propensity * (1 - propensity) * relative,
        groups=np.arange(rows) // 2,
    )


def test_one_average_effect_is_the_sum_of_effects_over_that_of_variances() -> None:
    two = Known(
        features=pd.DataFrame({"none": [0.0, 0.0, 0.0]}),
        propensity=np.array([0.5, 0.5, 0.2]),
        true_effect=np.array([0.05, 0.0, 0.08]),
        groups=np.arange(3),
    )
    # Strata: 0.05 / 0.5 = 0.1 of p(1 - p) = 0.25; 0.08 / 0.16 = 0.5 of 0.16.
    assert average_effect(two, np.array([0, 0, 1])) == pytest.approx([0.025, 0.025, 0.08])


def test_told_by_the_truth_finds_what_the_features_show_and_not_what_they_hide() -> None:
    rows = known()
    found = predict_told_by_truth(rows, threads=1)
    relative = found / (rows.propensity * (1 - rows.propensity))
    seen = rows.features["seen"] == 1
    assert relative[seen].mean() == pytest.approx(0.4, abs=0.02)
    assert relative[~seen].mean() == pytest.approx(-0.1, abs=0.02)
    assert relative[seen].std() < 0.05
