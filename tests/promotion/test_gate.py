from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.evaluation.metrics import column_of
from pipeline.evaluation.replicates import Replicates
from pipeline.evaluation.scorer_comparison import Outcomes, Resampling, compare_scorers
from pipeline.evaluation.single_feature import LoneFeature
from pipeline.foundation.contracts.hand_overs.promotion_verdict import (
    PromotionVerdict,
    ScorerIdentity,
)
from pipeline.promotion.backtest_benchmark import Benchmark
from pipeline.promotion.contender import CHALLENGER, CHAMPION, Contender, Incapable
from pipeline.promotion.gate import best_baseline, pass_gate
from pipeline.promotion.override import Override
from pipeline.promotion.rules import Evidence, GateRules, Judgement, RuleFinding
from pipeline.promotion.verdict import Verdict, is_settled, reach_verdict
from pipeline.statistics.arrays import Floats
from pipeline.statistics.bootstrap import Interval
from tests.promotion.evidence import MODEST_BACKTEST, RULES, SOUND

NONE = Interval(None, None, None)
BY_HAND = Override("Ana", "The campaign starts on Monday.")
MODEL = Contender("cross_sell", "boosted_trees", "aaa")
OLD = Contender("cross_sell", "boosted_trees", "bbb")
BASELINES = {
    "base_rate": Contender("base_rate", "group_rate", "ccc"),
    "logistic": Contender("logistic", "logistic", "ddd"),
}


def measured(noise: dict[str, float], rows: int = 6000) -> Replicates:
    """Return scorers that know the log-odds up to so much noise."""
    random = np.random.default_rng(1)
    log_odds = random.normal(-2.5, 1.2, rows)
    labels = (random.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)

    def predicted(amount: float) -> Floats:
        # What remains of the signal shrinks towards the mean, so that all stay calibrated.
        kept = 1.44 / (1.44 + amount**2)
        noisy = -2.5 + kept * (log_odds + 2.5 + amount * random.normal(size=rows))
        return np.asarray(1 / (1 + np.exp(-noisy)))

    outcomes = Outcomes(labels, np.ones(rows), np.arange(rows), np.arange(rows))
    return compare_scorers(
        {name: predicted(one) for name, one in noise.items()}, outcomes, Resampling(60, 1)
    )


def held_against(
    noise: dict[str, float],
    baselines: list[str],
    champion: str | None = None,
    *,
    rules: GateRules = RULES,
    evidence: Evidence = SOUND,
    rows: int = 6000,
) -> Judgement:
    figures = measured(noise, rows)
    return pass_gate(figures, CHALLENGER, baselines, champion, rules=rules, evidence=evidence)


def rules_that_fail(judgement: Judgement) -> list[str]:
    return [finding.rule for finding in judgement.findings if not finding.holds]


def test_a_better_model_passes_every_rule() -> None:
    noise = {CHALLENGER: 0.2, "base_rate": 5.0, "logistic": 1.5, CHAMPION: 0.8}
    found = held_against(noise, list(BASELINES), CHAMPION)
    assert found.is_passed
    assert [finding.rule for finding in found.findings] == [
        "enough_positives",
        "plausible_auc",
        "no_lone_feature",
        "no_jump",
        "calibrated_slope",
        "calibrated_level",
        "calibrated_cells",
        "worst_past",
        "beats_base_rate",
        "beats_logistic",
        "no_worse_than_champion",
    ]


def test_a_model_as_good_as_a_baseline_is_refused() -> None:
    noise = {CHALLENGER: 1.5, "base_rate": 5.0, "logistic": 1.5}
    found = held_against(noise, list(BASELINES))
    assert rules_that_fail(found) == ["beats_logistic"]
    assert "does not beat logistic" in found.findings[-1].reason


@pytest.mark.parametrize(("in_draws", "is_passed"), [(-0.03, False), (0.001, True)])
def test_average_precision_may_be_lower_by_chance_but_not_beyond_it(
    in_draws: float, is_passed: bool
) -> None:
    figures = measured({CHALLENGER: 0.2, "logistic": 1.5})
    column = column_of("average_precision")
    point, drawn = dict(figures.point), dict(figures.drawn)
    rival = point["logistic"][column]
    point[CHALLENGER] = np.where(
        np.arange(len(point[CHALLENGER])) == column, rival - 0.02, point[CHALLENGER]
    )
    drawn[CHALLENGER] = drawn[CHALLENGER].copy()
    drawn[CHALLENGER][:, column] = drawn["logistic"][:, column] + in_draws
    found = pass_gate(
        Replicates(point, drawn), CHALLENGER, ["logistic"], None, rules=RULES, evidence=SOUND
    )
    assert found.is_passed is is_passed


def test_a_model_worse_than_the_champion_is_refused() -> None:
    noise = {CHALLENGER: 1.5, "base_rate": 5.0, CHAMPION: 0.2}
    assert rules_that_fail(held_against(noise, ["base_rate"], CHAMPION)) == [
        "no_worse_than_champion"
    ]


def test_a_gain_that_a_small_test_cannot_show_is_not_enough() -> None:
    strict = replace(RULES, confidence=0.999)
    noise = {CHALLENGER: 1.4, "base_rate": 1.6}
    found = held_against(noise, ["base_rate"], rules=strict, rows=300)
    assert rules_that_fail(found) == ["beats_base_rate"]


def decided(
    noise: dict[str, float],
    champion: Contender | None,
    *,
    evidence: Evidence = SOUND,
    baselines: dict[str, Contender] | None = None,
    override: Override | None = None,
    broken: Mapping[str, list[str]] | None = None,
    incapable: Incapable | None = None,
) -> Verdict:
    figures = measured(noise)
    asked = {name: one for name, one in (baselines or BASELINES).items() if name in noise}
    before = CHAMPION if champion not in {None, MODEL} else None  # nobody is compared with itself
    return reach_verdict(
        pass_gate(figures, CHALLENGER, list(asked), before, rules=RULES, evidence=evidence),
        figures,
        challenger=MODEL,
        champion=champion,
        baselines=asked,
        rules=RULES,
        benchmark=evidence.benchmark,
        override=override,
        broken={
            name: [RuleFinding(rule, holds=False, reason=f"{name}: {rule}.") for rule in rules]
            for name, rules in (broken or {}).items()
        },
        incapable=incapable,
    )


def decision(noise: dict[str, float], champion: Contender | None) -> tuple[str, str, str]:
    found = decided(noise, champion)
    return found.decision, found.winner.version, found.in_words


LEAKING = replace(
    SOUND,
    auc=0.85,
    strongest=(LoneFeature("refund", 0.8, 0.84, 0.1), LoneFeature("spend", 0.1, 0.6, 0.06)),
)


def test_a_rule_that_reads_the_leak_does_not_score_in_the_models_place() -> None:
    honest = replace(BASELINES["base_rate"], reads=frozenset({"category"}))
    leaking = replace(BASELINES["logistic"], reads=frozenset({"refund", "spend"}))
    found = decided(
        {CHALLENGER: 0.2, "base_rate": 5.0, "logistic": 0.5},
        None,
        evidence=LEAKING,
        baselines={"base_rate": honest, "logistic": leaking},
    )
    assert (found.decision, found.winner.name) == ("fallback", "base_rate")
    assert "refund" in found.in_words


def test_an_override_lets_a_refused_model_score_and_is_recorded() -> None:
    noise = {CHALLENGER: 0.5, "base_rate": 5.0, CHAMPION: 0.2}
    found = decided(noise, OLD, override=BY_HAND)
    assert (found.decision, found.winner.version) == ("promoted", "aaa")
    written = found.to_document("cross_sell", "files", None)
    assert written.override == BY_HAND.to_document()
    assert "Ana overrides the gate. Reason given: The campaign starts" in found.in_words
    assert "is worse than the champion" in found.in_words
    assert written.grade.letter == "refused"


def test_an_override_that_nobody_needs_is_not_recorded() -> None:
    found = decided({CHALLENGER: 0.2, "base_rate": 5.0}, None, override=BY_HAND)
    assert found.decision == "promoted"
    assert found.override is None
    assert "Ana" not in found.in_words


def test_the_first_model_that_beats_the_baselines_scores() -> None:
    taken, version, words = decision({CHALLENGER: 0.2, "base_rate": 5.0}, None)
    assert (taken, version) == ("promoted", "aaa")
    assert "; no model came before it: it beats every baseline" in words


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        ("abcde", ", for want of 5 of its features (a, b, c and 2 more): it beats"),
        ("a", ", for want of 1 of its features (a): it beats"),
        ("", "; bbb, which scored so far, cannot score these rows: it beats"),
    ],
)
def test_a_champion_that_can_score_no_more_is_told_with_the_features_it_lacks(
    lacking: str, told: str
) -> None:
    found = decided(
        {CHALLENGER: 0.2, "base_rate": 5.0}, None, incapable=Incapable("bbb", tuple(lacking))
    )
    assert "; bbb, which scored so far, cannot score these rows" in found.in_words
    assert told in found.in_words


def test_the_champion_goes_on_when_the_challenger_is_refused() -> None:
    noise = {CHALLENGER: 2.5, "base_rate": 2.5, CHAMPION: 0.2}
    taken, version, words = decision(noise, OLD)
    assert (taken, version) == ("kept", "bbb")
    assert "is refused" in words


def test_a_champion_that_is_judged_again_and_passes_scores_as_before() -> None:
    taken, version, words = decision({CHALLENGER: 0.2, "base_rate": 5.0, CHAMPION: 0.2}, MODEL)
    assert (taken, version) == ("promoted", "aaa")
    assert "scores from now on, as before" in words


def test_a_champion_that_is_judged_again_and_jumps_gives_way_to_a_rule() -> None:
    noise = {CHALLENGER: 0.2, "base_rate": 5.0, CHAMPION: 0.2}
    found = decided(noise, MODEL, evidence=replace(SOUND, auc=0.83, benchmark=MODEST_BACKTEST))
    assert (found.decision, found.winner.name) == ("fallback", "base_rate")
    assert "so sudden a gain is a leak" in found.in_words


def test_the_best_baseline_scores_in_plain_words_where_there_is_no_model() -> None:
    noise = {CHALLENGER: 1.5, "base_rate": 5.0, "logistic": 1.0}
    taken, version, words = decision(noise, None)
    assert (taken, version) == ("fallback", "ddd")
    assert "the baseline 'logistic' scores" in words
    assert "come from the logistic regression, not from a model that passed" in words


def test_a_rule_that_scores_for_want_of_a_model_gives_way_to_a_better_rule() -> None:
    old_rule = Contender("base_rate", "group_rate", "eee")
    noise = {CHALLENGER: 1.5, "base_rate": 5.0, "logistic": 1.0, CHAMPION: 3.0}
    assert decision(noise, old_rule)[:2] == ("fallback", "ddd")
    noise = {CHALLENGER: 1.5, "base_rate": 5.0, "logistic": 1.0, CHAMPION: 0.5}
    assert decision(noise, old_rule)[:2] == ("kept", "eee")


OFF = replace(SOUND, slope=Interval(0.7, 0.6, 0.75))
"""A challenger whose probabilities do not come true."""
SLOPE = ["calibrated_slope"]


def test_of_the_baselines_one_that_passes_scores_before_a_better_one_that_does_not() -> None:
    noise = {CHALLENGER: 0.2, "base_rate": 5.0, "logistic": 0.5}
    found = decided(noise, None, evidence=OFF, broken={"logistic": SLOPE})
    assert (found.decision, found.winner.name) == ("fallback", "base_rate")
    assert "come from a simple rule, not from a model" in found.in_words
    assert found.to_document("cross_sell", "files", None).broken_by_champion == ()


def test_where_nothing_passes_the_better_of_model_and_baselines_scores_in_the_open() -> None:
    noise = {CHALLENGER: 0.2, "base_rate": 5.0, "logistic": 0.5}
    none = {"base_rate": SLOPE, "logistic": SLOPE}
    found = decided(noise, None, evidence=OFF, broken=none)
    assert (found.decision, found.winner.version) == ("unproven", "aaa")
    assert "the best baseline, logistic," in found.in_words
    document = found.to_document("cross_sell", "files", None)
    assert (document.scored_by, document.broken_by_champion) == ("model", ("calibrated_slope",))
    worse = decided(noise | {CHALLENGER: 1.0}, None, evidence=OFF, broken=none)
    assert (worse.decision, worse.winner.name) == ("fallback", "logistic")
    assert "It does not pass the gate's questions either" in worse.in_words
    assert "logistic: calibrated_slope." in worse.in_words


@pytest.mark.parametrize(
    "suspicion", [{"positives": 99}, {"auc": 0.96}, {"no_model_because": "3 outcomes"}]
)
def test_a_model_under_suspicion_or_tested_on_too_little_never_scores_unproven(
    suspicion: dict[str, Any],
) -> None:
    noise = {CHALLENGER: 0.2, "base_rate": 5.0, "logistic": 0.5}
    none = {"base_rate": SLOPE, "logistic": SLOPE}
    found = decided(noise, None, evidence=replace(OFF, **suspicion), broken=none)
    assert (found.decision, found.winner.name) == ("fallback", "logistic")


def test_a_champion_whose_probabilities_no_longer_come_true_gives_way_to_a_rule_that_passes() -> (
    None
):
    noise = {CHALLENGER: 2.5, "base_rate": 5.0, CHAMPION: 0.2}
    found = decided(noise, OLD, broken={CHAMPION: SLOPE})
    assert (found.decision, found.winner.name) == ("fallback", "base_rate")
    found = decided(noise, OLD, broken={CHAMPION: SLOPE, "base_rate": SLOPE})
    assert (found.decision, found.winner.version) == ("kept", "bbb")
    assert "does not pass the gate's questions either" in found.in_words


def test_a_champion_that_goes_on_names_the_categories_it_was_not_trained_on() -> None:
    noise = {CHALLENGER: 2.5, "base_rate": 2.5, CHAMPION: 0.2}
    figures = measured(noise)
    found = reach_verdict(
        pass_gate(figures, CHALLENGER, ["base_rate"], CHAMPION, rules=RULES, evidence=SOUND),
        figures,
        challenger=MODEL,
        champion=OLD,
        baselines={"base_rate": BASELINES["base_rate"]},
        rules=RULES,
        benchmark=SOUND.benchmark,
        unknown_to_champion=("loan", "pet"),
    )
    assert found.not_scored == ("loan", "pet")
    assert "It was not trained on loan, pet: nobody is scored for these." in found.in_words


def test_a_model_that_scores_unproven_is_judged_again_by_other_rules() -> None:
    standing = standing_of("aaa", SOUND.benchmark).model_copy(update={"decision": "unproven"})
    assert is_settled(standing, "aaa", RULES, SOUND.benchmark)
    assert not is_settled(standing, "aaa", replace(RULES, min_slope=0.5), SOUND.benchmark)


def test_without_an_outcome_in_the_test_nothing_is_compared_and_the_base_rate_scores() -> None:
    rows = 50
    flat = {name: np.full(rows, 0.1) for name in (CHALLENGER, "association", "base_rate")}
    outcomes = Outcomes(np.zeros(rows), np.ones(rows), np.arange(rows), np.arange(rows))
    figures = compare_scorers(flat, outcomes, Resampling(20, 1))
    assert best_baseline(figures, ["association", "base_rate"]) == "base_rate"
    evidence = replace(SOUND, positives=0, auc=None, slope=NONE, ece=NONE)
    found = pass_gate(figures, CHALLENGER, ["base_rate"], None, rules=RULES, evidence=evidence)
    assert rules_that_fail(found) == ["enough_positives"]
    assert "the test holds no outcome" in found.findings[-1].reason


def test_the_best_baseline_has_the_least_log_loss() -> None:
    assert best_baseline(measured({"a": 2.0, "b": 0.5}), ["a", "b"]) == "b"


def standing_of(champion: str, benchmark: Benchmark) -> PromotionVerdict:
    """Return what was decided on challenger `aaa` under `RULES`."""
    judged = decided({CHALLENGER: 0.2, "base_rate": 5.0}, None).to_document("cross_sell", "a", None)
    winner = ScorerIdentity(name="cross_sell", kind="boosted_trees", version=champion)
    changes = {"champion": winner, "backtest": benchmark.to_document()}
    return judged.model_copy(update=changes)


@pytest.mark.parametrize(
    ("challenger", "champion", "confidence", "is_settled_"),
    [
        ("aaa", "aaa", 0.95, True),
        ("aaa", "aaa", 0.99, True),
        ("aaa", "ccc", 0.95, True),
        ("aaa", "ccc", 0.99, False),
        ("new", "aaa", 0.95, False),
    ],
)
def test_a_challenger_is_judged_once_unless_it_was_refused_by_other_rules(
    challenger: str, champion: str, confidence: float, is_settled_: bool
) -> None:
    standing = standing_of(champion, SOUND.benchmark)
    rules = replace(RULES, confidence=confidence)
    assert is_settled(standing, challenger, rules, SOUND.benchmark) == is_settled_
    assert not is_settled(None, challenger, RULES, SOUND.benchmark)


@pytest.mark.parametrize("champion", ["aaa", "ccc"])
def test_a_challenger_is_judged_again_when_a_backtest_was_made(champion: str) -> None:
    standing = standing_of(champion, Benchmark(missing_because="no backtest"))
    assert not is_settled(standing, "aaa", RULES, SOUND.benchmark)


def test_an_override_opens_the_case_of_a_refused_challenger_again() -> None:
    refused = standing_of("ccc", SOUND.benchmark)
    assert is_settled(refused, "aaa", RULES, SOUND.benchmark)
    assert not is_settled(refused, "aaa", RULES, SOUND.benchmark, BY_HAND)
    promoted = standing_of("aaa", SOUND.benchmark)
    assert is_settled(promoted, "aaa", RULES, SOUND.benchmark, BY_HAND)
