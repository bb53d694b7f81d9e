import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind

from pipeline.campaigns.average_effect import (
    average_effect,
    average_effects_by_campaign,
    compare_arms,
    estimate,
)
from tests.campaigns.waves import drawn


def ones(count: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.ones((count, 1))


def test_the_plain_difference_is_that_of_two_means_with_welchs_error() -> None:
    outcome = np.array([1.0, 0, 1, 1, 0, 0, 0, 1, 0, 0])
    treated = np.arange(10) < 4
    found = estimate(outcome, treated, np.arange(10), ones(10))
    assert (found.treated, found.control) == pytest.approx((0.75, 1 / 6))
    # 0.75 - 1/6, and the root of 0.25/4 + (1/6)/6: the arms' variances over their sizes.
    error = np.sqrt(0.25 / 4 + (1 / 6) / 6)
    assert found.difference.value == pytest.approx(0.583333, abs=1e-6)
    assert found.width == pytest.approx(2 * 1.959964 * error)
    welch = ttest_ind(outcome[treated], outcome[~treated], equal_var=False)
    assert found.difference.value / error == pytest.approx(welch.statistic)


def test_the_ratio_has_limits_that_are_symmetric_in_its_logarithm() -> None:
    outcome = np.repeat([1.0, 0, 1, 0], [30, 170, 20, 180])
    found = estimate(outcome, np.arange(400) < 200, np.arange(400), ones(400)).ratio
    assert found.value == pytest.approx(1.5)
    assert found.low is not None
    assert found.high is not None
    assert found.low * found.high == pytest.approx(1.5**2)
    # Katz: the root of (1 - 0.15)/30 + (1 - 0.10)/20, with 199 for 200 as for any variance.
    error = np.sqrt((0.85 / 30 + 0.9 / 20) * 200 / 199)
    assert np.log(found.high / 1.5) == pytest.approx(1.959964 * error)


def test_an_arm_in_which_nothing_happened_has_no_ratio() -> None:
    found = estimate(np.repeat([1.0, 0], 20), np.arange(40) < 20, np.arange(40), ones(40))
    assert found.difference.value == pytest.approx(1)
    assert found.ratio.value is None


def test_an_arm_of_one_customer_says_nothing() -> None:
    found = estimate(np.ones(5), np.arange(5) < 4, np.arange(5), ones(5))
    assert found.difference.value is None


def test_households_that_act_as_one_are_counted_as_one() -> None:
    alone = drawn(1, 2_000, uplift=0.02)
    twice = pd.concat([alone, alone], ignore_index=True)
    single = average_effect(alone, "campaign_control", "take_up").raw
    double = average_effect(twice, "campaign_control", "take_up").raw
    assert double.difference.value == pytest.approx(single.difference.value)
    assert double.width == pytest.approx(single.width, rel=0.01)


def test_a_telling_propensity_makes_the_limits_narrower() -> None:
    rows = drawn(2, 4_000, uplift=0.02)
    rows = rows.assign(take_up=rows["propensity"] + 0.02 * (rows["arm"] == "treated"))
    found = average_effect(rows, "campaign_control", "take_up")
    assert found.is_adjusted
    assert found.best.difference.value == pytest.approx(0.02)
    assert found.adjusted.width < 0.01 * found.raw.width


def test_an_unlucky_draw_is_put_right_by_the_propensity() -> None:
    rows = drawn(3, 4_000, uplift=0.0)
    lucky = rows[(rows["arm"] != "treated") | (rows["propensity"] > 0.05)]
    found = average_effect(lucky, "campaign_control", "take_up")
    assert found.raw.difference.low is not None
    assert found.adjusted.difference.low is not None
    assert found.raw.difference.low > 0
    assert found.adjusted.difference.low < 0


def test_campaigns_with_other_shares_of_controls_do_not_bias_the_adjusted_effect() -> None:
    rich = drawn(4, 20_000, uplift=0.0, control_share=0.5).assign(campaign="rich")
    rich = rich.assign(take_up=1 - rich["take_up"])  # a campaign in which nearly everybody buys
    poor = drawn(5, 20_000, uplift=0.0, control_share=0.1).assign(campaign="poor")
    both = pd.concat([rich, poor], ignore_index=True).assign(
        household=lambda rows: np.arange(len(rows)).astype(str)
    )
    found = average_effect(both, "campaign_control", "take_up")
    assert found.raw.difference.high is not None
    assert found.raw.difference.high < -0.1
    assert found.adjusted.difference.value == pytest.approx(0, abs=0.02)


def test_a_campaign_with_hardly_a_control_is_no_stratum_of_its_own() -> None:
    rows = drawn(6, 1_000, uplift=0.1)
    campaign = np.where(np.arange(1_000) < 3, "tiny", "large")
    found = average_effect(rows.assign(campaign=campaign), "campaign_control", "take_up")
    whole = average_effect(rows, "campaign_control", "take_up")
    assert found.adjusted == whole.adjusted


def test_both_controls_are_compared_where_the_wave_has_them() -> None:
    rows = drawn(7, 1_000, uplift=0.1)
    assert {effect.control for effect in compare_arms(rows)} == {"campaign_control"}
    universal = rows["arm"].where(rows.index > 100, "universal_control")
    found = compare_arms(rows.assign(arm=universal))
    assert [(effect.control, effect.outcome) for effect in found] == [
        (control, outcome)
        for control in ("campaign_control", "universal_control")
        for outcome in ("take_up", "revenue_cents", "profit_cents")
    ]
    assert compare_arms(rows[rows["arm"] == "treated"]) == []


def test_the_total_is_the_difference_of_all_who_were_treated() -> None:
    found = average_effect(drawn(8, 1_000, uplift=0.1), "campaign_control", "take_up")
    assert found.best.difference.value is not None
    assert found.total.value == found.best.difference.value * found.treated_customers


def test_each_campaign_is_compared_with_its_own_controls() -> None:
    rows = drawn(9, 1_000, uplift=0.1)
    named = rows.assign(campaign=np.where(rows.index < 400, "one", "other"))
    found = average_effects_by_campaign(named, "take_up")
    assert list(found) == ["one", "other"]
    assert found["one"].treated_customers + found["one"].control_customers == 400
