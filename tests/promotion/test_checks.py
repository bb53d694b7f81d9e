from dataclasses import replace

import pytest

from pipeline.evaluation.single_feature import LoneFeature
from pipeline.promotion.backtest_benchmark import Benchmark
from pipeline.promotion.checks import check_challenger
from pipeline.promotion.rules import Evidence, RuleFinding
from pipeline.statistics.bootstrap import Interval
from tests.promotion.evidence import MODEST_BACKTEST, RULES, SOUND


def broken(evidence: Evidence) -> list[RuleFinding]:
    return [finding for finding in check_challenger(evidence, RULES) if not finding.holds]


def test_a_sound_challenger_breaks_no_rule() -> None:
    assert broken(SOUND) == []


def test_too_few_outcomes_are_named_with_their_number() -> None:
    (found,) = broken(replace(SOUND, positives=99))
    assert found.rule == "enough_positives"
    assert "99 outcomes in the test are too few" in found.reason


def test_an_auc_too_good_to_be_true_names_where_to_look_first() -> None:
    (found,) = broken(replace(SOUND, auc=0.96))
    assert found.rule == "plausible_auc"
    assert "a leak until proven otherwise, look first at recency" in found.reason


def test_a_feature_that_explains_the_rest_is_refused_by_name() -> None:
    # (0.84 - 0.5) / (0.85 - 0.5) = 0.97 of the model, with 80% of the gain.
    leaking = replace(SOUND, auc=0.85, strongest=(LoneFeature("refund", 0.8, 0.84, 0.1),))
    (found,) = broken(leaking)
    assert found.rule == "no_lone_feature"
    assert "refund brings 80% of the gain" in found.reason
    assert found.suspects == ("refund",)


def test_a_feature_that_knows_a_few_outcomes_for_certain_is_refused_by_average_precision() -> None:
    # (0.19 - 0.05) / (0.2 - 0.05) = 0.93, though its AUC is half of the way.
    leaking = replace(SOUND, strongest=(LoneFeature("refund", 0.7, 0.62, 0.19),))
    (found,) = broken(leaking)
    assert "refund brings 70% of the gain and alone reaches 93%" in found.reason


@pytest.mark.parametrize(("gain_share", "auc"), [(0.59, 0.84), (0.9, 0.81)])
def test_a_strong_feature_that_leaves_something_to_the_others_is_no_suspect(
    gain_share: float, auc: float
) -> None:
    feature = LoneFeature("recency", gain_share, auc, 0.1)  # (0.81 - 0.5) / 0.35 = 0.886
    assert broken(replace(SOUND, auc=0.85, strongest=(feature,))) == []


def test_an_auc_far_above_the_best_date_of_the_backtest_is_a_suspicion() -> None:
    (found,) = broken(
        replace(SOUND, benchmark=MODEST_BACKTEST, auc=0.811)
    )  # which may have reached 0.76
    assert found.rule == "no_jump"
    assert "AUC 0.8110 stands +0.0510 against the 0.7600 that the backtest may" in found.reason
    assert "a leak until proven otherwise, look first at recency" in found.reason
    assert broken(replace(SOUND, benchmark=MODEST_BACKTEST, auc=0.809)) == []


def test_without_a_backtest_the_jump_is_not_asked_and_the_command_is_told() -> None:
    unknown = Benchmark(
        missing_because="no backtest of this source was made", command="`make backtest`"
    )
    evidence = replace(SOUND, auc=0.94, benchmark=unknown)
    assert broken(evidence) == []
    (found,) = [finding for finding in check_challenger(evidence, RULES) if not finding.is_asked]
    assert found.rule == "no_jump"
    assert "not asked: no backtest of this source was made. `make backtest` asks" in found.reason


@pytest.mark.parametrize(
    ("slope", "holds"),
    [
        (Interval(0.7, 0.6, 0.79), False),
        (Interval(0.7, 0.6, 0.81), True),
        (Interval(1.4, 1.26, 1.5), False),
        (Interval(1.4, 1.24, 1.5), True),
        (Interval(None, None, None), False),
    ],
)
def test_the_slope_is_refused_where_no_limit_of_it_agrees(slope: Interval, holds: bool) -> None:
    found = {
        finding.rule: finding.holds
        for finding in check_challenger(replace(SOUND, slope=slope), RULES)
    }
    assert found["calibrated_slope"] == holds


@pytest.mark.parametrize(
    ("ece", "holds"),
    [
        (Interval(0.02, 0.011, 0.03), False),  # at least 22% of the base rate
        (Interval(0.02, 0.009, 0.03), True),  # 40%, and perhaps no more than 18%
        (Interval(None, None, None), False),
    ],
)
def test_the_level_is_refused_where_the_error_significantly_exceeds_its_share(
    ece: Interval, holds: bool
) -> None:
    found = {
        finding.rule: finding.holds for finding in check_challenger(replace(SOUND, ece=ece), RULES)
    }
    assert found["calibrated_level"] == holds
