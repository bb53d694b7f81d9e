from dataclasses import replace

import pytest

from pipeline.evaluation.single_feature import LoneFeature
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import CalibrationCell
from pipeline.promotion.backtest_benchmark import Benchmark
from pipeline.promotion.checks import SHARED_RULES, check_challenger, check_scorer
from pipeline.promotion.rules import Evidence, RuleFinding, ScorerEvidence
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
    found = told(evidence, "no_jump")
    assert not found.is_asked
    assert "not asked: no backtest of this source was made. `make backtest` asks" in found.reason


def told(evidence: Evidence, rule: str) -> RuleFinding:
    (found,) = [one for one in check_challenger(evidence, RULES) if one.rule == rule]
    return found


@pytest.mark.parametrize(
    ("slope", "holds", "words"),
    [
        (Interval(1.0, 0.9, 1.1), True, "lies within 0.8 to 1.25 with confidence 0.95."),
        (
            Interval(0.95, 0.7, 1.2),
            True,
            "lies within 0.8 to 1.25, though not with confidence 0.95",
        ),
        # That an interval touches 0.8 says nothing for a slope that differs from 1.
        (Interval(0.652, 0.481, 0.832), False, "lies outside 0.8 to 1.25 and differs from 1 with"),
        (Interval(1.4, 1.24, 1.5), False, "lies outside 0.8 to 1.25 and differs from 1 with"),
        (Interval(1.263, 0.985, 1.482), True, "but does not differ from 1 with confidence 0.95"),
        (Interval(None, None, None), False, "undefined"),
    ],
)
def test_a_slope_outside_the_limits_is_refused_unless_chance_explains_it(
    slope: Interval, *, holds: bool, words: str
) -> None:
    found = told(replace(SOUND, slope=slope), "calibrated_slope")
    assert found.holds is holds
    assert words in found.reason


@pytest.mark.parametrize(
    ("ece", "holds", "words"),
    [
        # A one-sided bound at 0.95 is 1.645 / 1.960 = 0.839 of the 95% interval away from the value.
        # Of the base rate 0.05 the limit of 20% is 0.01; 0.02 - 0.839 · (0.02 - 0.005) = 0.0074.
        (Interval(0.008, 0.004, 0.012), True, "of 16.0% of the base rate, at least 9.3%"),
        (Interval(0.02, 0.005, 0.03), True, "is not within the 20% of max_ece_share, but chance"),
        (Interval(0.02, 0.011, 0.03), False, "exceeds the 20% of max_ece_share"),
        (Interval(None, None, None), False, "undefined"),
    ],
)
def test_the_level_is_refused_where_the_error_significantly_exceeds_its_share(
    ece: Interval, *, holds: bool, words: str
) -> None:
    found = told(replace(SOUND, ece=ece), "calibrated_level")
    assert found.holds is holds
    assert words in found.reason


def test_too_small_a_test_is_not_asked_about_calibration() -> None:
    off = replace(SOUND, positives=99, slope=Interval(0.2, 0.1, 0.3), ece=Interval(0.1, 0.05, 0.2))
    assert [one.rule for one in broken(off)] == ["enough_positives"]
    assert not told(off, "calibrated_slope").is_asked
    assert not told(off, "calibrated_level").is_asked


def test_a_model_that_could_not_be_fitted_is_refused_with_the_counts() -> None:
    (found,) = broken(replace(SOUND, no_model_because="4 outcomes among 300 training rows"))
    assert found.rule == "fitted_model"
    assert found.reason == "No model could be fitted: 4 outcomes among 300 training rows."


def test_every_scorer_is_asked_the_same_of_calibration() -> None:
    off = ScorerEvidence(
        positives=500,
        base_rate=0.05,
        auc=0.7,
        ece=Interval(0.02, 0.011, 0.03),
        slope=Interval(0.6, 0.5, 0.7),
    )
    findings = {one.rule: one.holds for one in check_scorer(off, RULES)}
    assert findings == {
        "plausible_auc": True,
        "calibrated_slope": False,
        "calibrated_level": False,
        "calibrated_cells": True,
    }
    assert tuple(findings) == SHARED_RULES


def cell(part: str, expected: float, ratio: float, low: float, high: float) -> CalibrationCell:
    return CalibrationCell(
        by="category",
        part=part,
        rows=1000,
        outcomes=round(expected * ratio),
        expected=expected,
        ratio=Figure(value=ratio, low=low, high=high),
        p_value=0.0001,
        p_value_of_all=0.001,
        verdict="within chance" if low <= 1 <= high else "off",
    )


FINE = cell("tea", 400, 1.0, 0.9, 1.1)


def test_one_cell_that_is_off_is_a_warning_that_names_it() -> None:
    # 100 of 500 are expected of it, of which at least 0.12 are too many: 2.4% of all.
    cells = (FINE, cell("tv", 100, 0.79, 0.7, 0.88))
    found = told(replace(SOUND, cells=cells), "calibrated_cells")
    assert (found.holds, found.is_warning) == (True, True)
    assert "category tv 0.79 times what was predicted (0.70 to 0.88)" in found.reason
    assert "by category 2.4% of the outcomes, lies within the 10%" in found.reason


def test_cells_that_misplace_much_for_certain_refuse_a_scorer() -> None:
    # At least 0.4 of 150 expected, of 550: 10.9%.
    cells = (FINE, cell("tv", 150, 1.6, 1.4, 1.8))
    (found,) = broken(replace(SOUND, cells=cells))
    assert found.rule == "calibrated_cells"
    assert "10.9% of the outcomes, exceeds the 10% of max_cell_error_share" in found.reason


def test_cells_within_chance_are_no_warning_and_none_at_all_are_not_asked() -> None:
    found = told(replace(SOUND, cells=(FINE,)), "calibrated_cells")
    assert (found.holds, found.is_warning, found.is_asked) == (True, False, True)
    assert not told(SOUND, "calibrated_cells").is_asked
