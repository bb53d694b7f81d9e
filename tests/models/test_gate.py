from dataclasses import replace

import numpy as np
import pytest

from pipeline.models.bootstrap import Replicates
from pipeline.models.evaluation import Outcomes, Resampling, compare
from pipeline.models.examples import Floats
from pipeline.models.gate import GateRules, Judgement, best_baseline, judge
from pipeline.models.verdict import CHALLENGER, CHAMPION, Identity, decide, is_settled

RULES = GateRules(confidence=0.95, max_auc=0.95)
MODEL = Identity("cross_sell", "boosted_trees", "aaa")
OLD = Identity("cross_sell", "boosted_trees", "bbb")
BASELINES = {
    "base_rate": Identity("base_rate", "group_rate", "ccc"),
    "logistic": Identity("logistic", "logistic", "ddd"),
}


def measured(noise: dict[str, float], rows: int = 6000) -> Replicates:
    """Return scorers that know the log-odds up to so much noise."""
    random = np.random.default_rng(1)
    log_odds = random.normal(-2.5, 1.2, rows)
    labels = (random.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)

    def stated(amount: float) -> Floats:
        # What remains of the signal shrinks towards the mean, so that all stay calibrated.
        kept = 1.44 / (1.44 + amount**2)
        noisy = -2.5 + kept * (log_odds + 2.5 + amount * random.normal(size=rows))
        return np.asarray(1 / (1 + np.exp(-noisy)))

    outcomes = Outcomes(labels, np.ones(rows), np.arange(rows), np.arange(rows))
    return compare({name: stated(one) for name, one in noise.items()}, outcomes, Resampling(60, 1))


def rules_that_fail(judgement: Judgement) -> list[str]:
    return [finding.rule for finding in judgement.findings if not finding.holds]


def test_a_better_model_passes_every_rule() -> None:
    figures = measured({CHALLENGER: 0.2, "base_rate": 5.0, "logistic": 1.5, CHAMPION: 0.8})
    found = judge(figures, CHALLENGER, list(BASELINES), CHAMPION, RULES)
    assert found.is_passed
    assert [finding.rule for finding in found.findings] == [
        "plausible_auc",
        "beats_base_rate",
        "beats_logistic",
        "no_worse_than_champion",
    ]


def test_a_model_as_good_as_a_baseline_is_refused() -> None:
    figures = measured({CHALLENGER: 1.5, "base_rate": 5.0, "logistic": 1.5})
    found = judge(figures, CHALLENGER, list(BASELINES), None, RULES)
    assert rules_that_fail(found) == ["beats_logistic"]
    assert "does not beat logistic" in found.findings[2].reason


def test_a_model_worse_than_the_champion_is_refused() -> None:
    figures = measured({CHALLENGER: 1.5, "base_rate": 5.0, CHAMPION: 0.2})
    found = judge(figures, CHALLENGER, ["base_rate"], CHAMPION, RULES)
    assert rules_that_fail(found) == ["no_worse_than_champion"]


def test_a_model_too_good_to_be_true_is_refused() -> None:
    figures = measured({CHALLENGER: 0.2, "base_rate": 5.0})
    found = judge(figures, CHALLENGER, ["base_rate"], None, replace(RULES, max_auc=0.6))
    assert rules_that_fail(found) == ["plausible_auc"]
    assert "a leak until proven otherwise" in found.findings[0].reason


def test_a_gain_that_a_small_test_cannot_show_is_not_enough() -> None:
    figures = measured({CHALLENGER: 1.4, "base_rate": 1.6}, rows=300)
    found = judge(figures, CHALLENGER, ["base_rate"], None, replace(RULES, confidence=0.999))
    assert rules_that_fail(found) == ["beats_base_rate"]


def decision(noise: dict[str, float], champion: Identity | None) -> tuple[str, str, str]:
    figures = measured(noise)
    baselines = {name: one for name, one in BASELINES.items() if name in noise}
    judgement = judge(figures, CHALLENGER, list(baselines), CHAMPION if champion else None, RULES)
    found = decide(
        judgement,
        figures,
        challenger=MODEL,
        champion=champion,
        baselines=baselines,
        rules=RULES,
    )
    return found.decision, found.winner.version, found.in_words


def test_the_first_model_that_beats_the_baselines_scores() -> None:
    taken, version, words = decision({CHALLENGER: 0.2, "base_rate": 5.0}, None)
    assert (taken, version) == ("promoted", "aaa")
    assert "the first to do so" in words


def test_the_champion_goes_on_when_the_challenger_is_refused() -> None:
    noise = {CHALLENGER: 2.5, "base_rate": 2.5, CHAMPION: 0.2}
    taken, version, words = decision(noise, OLD)
    assert (taken, version) == ("kept", "bbb")
    assert "is refused" in words


def test_the_best_baseline_scores_in_plain_words_where_there_is_no_model() -> None:
    noise = {CHALLENGER: 1.5, "base_rate": 5.0, "logistic": 1.0}
    taken, version, words = decision(noise, None)
    assert (taken, version) == ("fallback", "ddd")
    assert "the baseline 'logistic' scores" in words
    assert "come from a simple rule, not from a model" in words


def test_a_rule_that_scores_for_want_of_a_model_gives_way_to_a_better_rule() -> None:
    old_rule = Identity("base_rate", "group_rate", "eee")
    noise = {CHALLENGER: 1.5, "base_rate": 5.0, "logistic": 1.0, CHAMPION: 3.0}
    assert decision(noise, old_rule)[:2] == ("fallback", "ddd")
    noise = {CHALLENGER: 1.5, "base_rate": 5.0, "logistic": 1.0, CHAMPION: 0.5}
    assert decision(noise, old_rule)[:2] == ("kept", "eee")


def test_the_best_baseline_has_the_least_log_loss() -> None:
    assert best_baseline(measured({"a": 2.0, "b": 0.5}), ["a", "b"]) == "b"


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
    standing = {
        "challenger": {"version": "aaa"},
        "champion": {"version": champion},
        "rules": {"confidence": 0.95, "max_auc": 0.95},
    }
    assert is_settled(standing, challenger, replace(RULES, confidence=confidence)) == is_settled_
    assert not is_settled(None, challenger, RULES)
