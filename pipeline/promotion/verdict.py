"""Who scores from now on, and why, in words: the challenger, the champion as before, or a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.evaluation.replicates import Replicates
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.promotion.backtest_benchmark import Benchmark
from pipeline.promotion.contender import CHALLENGER, CHAMPION, LOGISTIC_KIND, Contender
from pipeline.promotion.gate import best_baseline
from pipeline.promotion.grade import Grade, grade
from pipeline.promotion.override import Override
from pipeline.promotion.rules import GateRules, Judgement

Decision = Literal["promoted", "kept", "fallback"]


@dataclass(frozen=True)
class Verdict:
    """What was decided on a challenger."""

    decision: Decision
    in_words: str
    challenger: Contender
    winner: Contender
    """The champion from now on."""
    champion_before: Contender | None
    rules: GateRules
    judgement: Judgement
    grade: Grade
    benchmark: Benchmark
    override: Override | None = None
    """Only where it made the difference."""

    def to_document(self, model: str, source: str, failure: str | None) -> PromotionVerdict:
        """Return the verdict as it is handed over.

        Args:
            model: which of the models was judged.
            source: whose champion it is about.
            failure: why the champion so far could not score these rows, if it could not.
        """
        before = self.champion_before
        return PromotionVerdict(
            model=model,
            source=source,
            decision=self.decision,
            in_words=self.in_words,
            scored_by=self.winner.name if self.winner.is_rule else "model",
            challenger=self.challenger.to_document(),
            champion=self.winner.to_document(),
            champion_before=before.to_document() if before else None,
            why_the_champion_could_not_score=failure,
            grade=self.grade.to_document(),
            override=self.override.to_document() if self.override else None,
            backtest=self.benchmark.to_document(),
            rules=self.rules.to_document(),
            findings=tuple(finding.to_document() for finding in self.judgement.findings),
        )


def is_settled(
    standing: PromotionVerdict | None,
    challenger: str,
    rules: GateRules,
    benchmark: Benchmark,
    override: Override | None = None,
) -> bool:
    """Return whether the champion's own verdict already speaks of this challenger.

    A challenger that became champion is judged again only when a backtest says something new. One
    that was refused is, too, when the rules have changed or somebody overrides them.
    """
    if (
        standing is None
        or standing.challenger.version != challenger
        or standing.backtest != benchmark.to_document()
    ):
        return False
    is_champion = standing.champion.version == challenger
    return is_champion or (standing.rules == rules.to_document() and override is None)


def reach_verdict(
    judgement: Judgement,
    measured: Replicates,
    *,
    challenger: Contender,
    champion: Contender | None,
    baselines: Mapping[str, Contender],
    rules: GateRules,
    benchmark: Benchmark,
    override: Override | None = None,
) -> Verdict:
    """Turn a judgement into a decision.

    Args:
        judgement: of the challenger.
        measured: the figures of `baselines` by name, and of the champion as `CHAMPION`.
        challenger: the model just trained.
        champion: what scores now, if it can score these rows.
        baselines: the rules that were trained beside the challenger, by name.
        rules: what the challenger had to show.
        benchmark: what the backtest said when the challenger was judged.
        override: lets the challenger score although it is refused.
    """
    best = best_baseline(measured, _trusted(judgement, measured, baselines, rules))
    graded = grade(
        measured,
        CHALLENGER,
        [name for name, one in baselines.items() if one.kind != LOGISTIC_KIND],
        confidence=rules.confidence,
        is_passed=judgement.is_passed,
    )
    decision: Decision
    used = None
    if judgement.is_passed:
        decision, winner, words = "promoted", challenger, _promoted(challenger, champion, graded)
    elif override is not None:
        decision, winner, used = "promoted", challenger, override
        words = _overridden(judgement, challenger, champion, override)
    elif champion is not None and _may_go_on(champion, challenger, measured, best):
        decision, winner, words = "kept", champion, _kept(judgement, champion)
    else:
        decision, winner, words = "fallback", baselines[best], _fallback(judgement, best)
    return Verdict(
        decision, words, challenger, winner, champion, rules, judgement, graded, benchmark, used
    )


def _trusted(
    judgement: Judgement,
    measured: Replicates,
    baselines: Mapping[str, Contender],
    rules: GateRules,
) -> list[str]:
    """Return the baselines under no suspicion of a leak; all of them if none is left."""
    trusted = [
        name
        for name, baseline in sorted(baselines.items())
        if not baseline.reads & judgement.suspects
        and (measured.interval(name, "auc").value or 0.0) <= rules.max_auc
    ]
    return trusted or sorted(baselines)


def _may_go_on(champion: Contender, challenger: Contender, measured: Replicates, best: str) -> bool:
    """Return whether the champion may score on.

    It may not if it is the very model that is refused, or a rule that today's rules outdo.
    """
    if champion.version == challenger.version:
        return False
    if not champion.is_rule:
        return True
    difference, _ = measured.difference(best, CHAMPION, "log_loss")
    return difference >= 0


def _promoted(challenger: Contender, champion: Contender | None, graded: Grade) -> str:
    return (
        f"Model {challenger.version} scores from now on{_instead_of(champion, challenger)}: it beats every "
        f"baseline out of time and holds to every rule. {graded.in_words}"
    )


def _overridden(
    judgement: Judgement, challenger: Contender, champion: Contender | None, override: Override
) -> str:
    return (
        f"Model {challenger.version} scores from now on{_instead_of(champion, challenger)}, although "
        f"the gate refuses it: {override.name} overrides the gate. Reason given: {override.reason} "
        f"{_failures(judgement)}"
    )


def _instead_of(champion: Contender | None, challenger: Contender) -> str:
    if champion is not None and champion.version == challenger.version:
        return ", as before"
    return f", in place of {champion.version}" if champion else ", the first to do so"


def _kept(judgement: Judgement, champion: Contender) -> str:
    return (
        f"The new model is refused and {champion.name} {champion.version} goes on scoring. "
        f"{_failures(judgement)}"
    )


def _fallback(judgement: Judgement, best: str) -> str:
    return (
        f"The new model is refused and there is no better one: the baseline {best!r} scores. These "
        f"propensities come from a simple rule, not from a model. {_failures(judgement)}"
    )


def _failures(judgement: Judgement) -> str:
    return " ".join(finding.reason for finding in judgement.findings if not finding.holds)
