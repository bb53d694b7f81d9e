import numpy as np
import pytest

from pipeline.campaigns.policy_value import (
    LoggedDecisions,
    PolicyValue,
    TargetPolicy,
    compare_policies,
    value_policy,
)
from pipeline.foundation.errors import BrokenCheckError
from pipeline.statistics.bootstrap import Interval

HALF = np.full(3, 0.5)
LOGGED = LoggedDecisions(np.array([4.0, 1.0, 2.0]), HALF, np.arange(3))
ALWAYS = TargetPolicy(np.array([1.0, 0.0, 1.0]))


def holds(found: Interval, truth: float) -> bool:
    assert found.low is not None
    assert found.high is not None
    return found.low <= truth <= found.high


def simulate(seed: int, households: int = 600) -> tuple[PolicyValue, PolicyValue]:
    """Value a target policy on a log of known truth, right away and against no contact.

    Two customers a household share their fate and their arm. A contact earns 2 for half of the
    households (x = 1) and loses 1 for the other half (x = 0); the logging policy contacts 0.8 of
    the first and 0.3 of the others, so that the contacted are no fair sample. The target contacts
    x = 1 alone: it earns 5 + 0.5 x 2 = 6, no contact earns 5.
    """
    random = np.random.default_rng(seed)
    home = np.repeat(np.arange(households), 2)
    x = (random.random(households) < 0.5)[home]
    fate = random.normal(5, 2, households)[home]
    chance = np.where(x, 0.8, 0.3)
    is_contacted = random.random(households)[home] < chance
    outcome = fate + np.where(x, 2.0, -1.0) * is_contacted + random.normal(0, 1, len(home))
    logged = LoggedDecisions(outcome, np.where(is_contacted, chance, 1 - chance), home)
    # An outcome model that is wrong by 1, as models are: the ratios put it right.
    model = 4.0 + np.where(x, 2.0, -1.0) * is_contacted
    target = TargetPolicy((x == is_contacted).astype(float), 4.0 + np.where(x, 2.0, 0.0))
    nobody = TargetPolicy((~is_contacted).astype(float), np.full(len(home), 4.0))
    return value_policy(logged, target, model), compare_policies(logged, target, nobody, model)


def test_three_decisions_worked_out_by_hand() -> None:
    found = value_policy(LOGGED, ALWAYS)
    assert found.ips.value == pytest.approx(4)
    assert found.snips.value == pytest.approx(3)
    assert found.dr.value is None
    # Ratios 2, 0, 2: (4 squared) / 8 = 2 effective decisions of 3.
    assert found.effective_share == pytest.approx(2 / 3)


def test_doubly_robust_is_the_models_mean_and_the_weighted_residuals() -> None:
    target = TargetPolicy(ALWAYS.probability, predicted=np.array([3.0, 3.0, 3.0]))
    found = value_policy(LOGGED, target, predicted=np.array([3.0, 1.0, 3.0]))
    # 3 + 2 x (4 - 3), 3 + 0, 3 + 2 x (2 - 3): the mean of 5, 3 and 1.
    assert found.dr.value == pytest.approx(3)


def test_the_policy_that_logged_is_worth_what_it_earned() -> None:
    found = value_policy(LOGGED, TargetPolicy(HALF))
    assert found.ips.value == pytest.approx(7 / 3)
    assert found.snips.value == pytest.approx(7 / 3)


def test_a_policy_compared_with_itself_gains_nothing_for_sure() -> None:
    gain = compare_policies(LOGGED, ALWAYS, ALWAYS).snips
    assert (gain.value, gain.low, gain.high) == (0, 0, 0)


def test_self_normalised_values_move_with_a_constant_and_no_more() -> None:
    more = LoggedDecisions(LOGGED.outcome + 100, HALF, LOGGED.clusters)
    before, after = value_policy(LOGGED, ALWAYS).snips, value_policy(more, ALWAYS).snips
    assert after.value == pytest.approx((before.value or 0) + 100)


def test_what_stands_there_twice_in_one_cluster_makes_nothing_surer() -> None:
    twice = LoggedDecisions(np.tile(LOGGED.outcome, 2), np.tile(HALF, 2), np.tile(np.arange(3), 2))
    target = TargetPolicy(np.tile(ALWAYS.probability, 2))
    one, two = value_policy(LOGGED, ALWAYS).ips, value_policy(twice, target).ips
    assert (two.low, two.high) == pytest.approx((one.low, one.high))


def test_an_action_that_could_not_be_taken_is_refused() -> None:
    with pytest.raises(BrokenCheckError, match="above 0 and at most 1"):
        LoggedDecisions(np.ones(2), np.array([0.0, 1.0]), np.arange(2))


@pytest.mark.parametrize("estimator", ["ips", "snips", "dr"])
def test_intervals_hold_the_truth_in_about_ninety_five_of_a_hundred_logs(estimator: str) -> None:
    # 200 logs at 0.95: 0.905 to 0.985 leaves out less than 2 in 100 series of logs.
    found = [simulate(seed) for seed in range(200)]
    value = np.mean([holds(getattr(one, estimator), 6) for one, _ in found])
    gain = np.mean([holds(getattr(one, estimator), 1) for _, one in found])
    assert 0.905 <= value <= 0.985
    assert 0.905 <= gain <= 0.985


def test_doubly_robust_is_surer_than_weighting_alone() -> None:
    value, _ = simulate(1)
    widths = [(each.high or 0) - (each.low or 0) for each in (value.dr, value.ips)]
    assert widths[0] < 0.8 * widths[1]
