"""Who scores from now on, and why, in words: the challenger, the champion as before, or a rule.

Whatever scores passes what the challenger is asked and can be asked of any scorer. Where nothing
passes, the least log loss scores, refused model or rule, and the words say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pipeline.evaluation.replicates import Replicates
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.promotion.backtest_benchmark import Benchmark
from pipeline.promotion.checks import SHARED_RULES
from pipeline.promotion.contender import CHALLENGER, CHAMPION, LOGISTIC_KIND, Contender, Incapable
from pipeline.promotion.gate import best_baseline
from pipeline.promotion.grade import Grade, grade
from pipeline.promotion.override import Override
from pipeline.promotion.rules import GateRules, Judgement, RuleFinding
from pipeline.promotion.worst_past import RULE as WORST_PAST

Decision = Literal["promoted", "kept", "fallback", "unproven"]
MAY_SCORE_UNPROVEN = frozenset(
    {
        "calibrated_slope",
        "calibrated_level",
        "calibrated_cells",
        "no_worse_than_champion",
        "cells_no_worse_than_champion",
        WORST_PAST,
    }
)
"""What a refused model may break and score all the same, should every rule be worse; and that it
does not beat a baseline. A suspicion of a leak, or a test too small, is no such thing."""
_NAMED = 3  # features that a verdict names, of those that a champion lacks
Broken = Mapping[str, Sequence[RuleFinding]]
"""Scorer → the rules that it does not pass, of those that any scorer can be asked."""


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
    broken: tuple[RuleFinding, ...] = ()
    """By the winner, of those that any scorer can be asked."""
    not_scored: tuple[str, ...] = ()
    """Candidates that the winner was not trained on."""

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
            broken_by_champion=tuple(finding.rule for finding in self.broken),
            not_scored=self.not_scored,
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
    is_champion = standing.champion.version == challenger and standing.decision != "unproven"
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
    broken: Broken | None = None,
    beside_champion: Replicates | None = None,
    unknown_to_champion: tuple[str, ...] = (),
    incapable: Incapable | None = None,
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
        broken: by baseline, and of the champion as `CHAMPION`; nothing is broken if not given.
        beside_champion: the figures on the rows that the champion was trained for, if not on all.
        unknown_to_champion: the candidates that it was not trained on.
        incapable: what scored so far, where it cannot score these rows.
    """
    graded = grade(
        measured,
        CHALLENGER,
        [name for name, one in baselines.items() if one.kind != LOGISTIC_KIND],
        confidence=rules.confidence,
        is_passed=judgement.is_passed,
    )
    instead = _instead_of(champion, challenger, incapable)
    if judgement.is_passed:
        words = _promoted(challenger, instead, graded, judgement)
        choice = _Choice("promoted", challenger, words)
    elif override is not None:
        words = _overridden(judgement, challenger, instead, override)
        choice = _Choice("promoted", challenger, words, override=override)
    else:
        rivals = _Rivals(
            judgement, measured, beside_champion or measured, baselines, broken or {}, rules
        )
        kept = _keep(rivals, challenger, champion, unknown_to_champion)
        choice = kept or _replace(rivals, challenger)
    return Verdict(
        choice.decision,
        choice.words,
        challenger,
        choice.winner,
        champion,
        rules,
        judgement,
        graded,
        benchmark,
        choice.override,
        tuple(choice.broken),
        choice.not_scored,
    )


@dataclass(frozen=True)
class _Choice:
    decision: Decision
    winner: Contender
    words: str
    broken: Sequence[RuleFinding] = ()
    not_scored: tuple[str, ...] = ()
    override: Override | None = None


@dataclass(frozen=True)
class _Rivals:
    """All that may score in the place of a refused model."""

    judgement: Judgement
    measured: Replicates
    beside_champion: Replicates
    baselines: Mapping[str, Contender]
    broken: Broken
    rules: GateRules

    @cached_property
    def passing(self) -> list[str]:
        """Return the baselines that the gate does not refuse."""
        return [name for name in self._trusted if not self.broken.get(name)]

    @cached_property
    def candidates(self) -> list[str]:
        """Return the baselines that may score: those that pass, or all where none does."""
        return self.passing or self._trusted

    @cached_property
    def best(self) -> str:
        """Return the baseline of least log loss among them."""
        return best_baseline(self.measured, self.candidates)

    @cached_property
    def _trusted(self) -> list[str]:
        return _trusted(self.judgement, self.measured, self.baselines, self.rules)


def _keep(
    rivals: _Rivals, challenger: Contender, champion: Contender | None, unknown: tuple[str, ...]
) -> _Choice | None:
    """Let the champion score on, if it may.

    It may not if it is the very model that is refused. A model that passes may; a rule, and a model
    that does not pass where no baseline does either, if today's best baseline does not outdo it.
    """
    if champion is None or champion.version == challenger.version:
        return None
    broken = rivals.broken.get(CHAMPION, ())
    if broken and rivals.passing:
        return None
    if broken or champion.is_rule:
        best = best_baseline(rivals.beside_champion, rivals.candidates)
        if rivals.beside_champion.difference(best, CHAMPION, "log_loss")[0] < 0:
            return None
    words = _kept(rivals.judgement, champion, broken, unknown)
    return _Choice("kept", champion, words, broken, unknown)


def _replace(rivals: _Rivals, challenger: Contender) -> _Choice:
    """Return the baseline that scores, or the refused model where every baseline is worse."""
    judgement, best = rivals.judgement, rivals.best
    if not rivals.passing and _is_least_bad(judgement, rivals.measured, best):
        own = [one for one in judgement.findings if one.rule in SHARED_RULES and not one.holds]
        words = _unproven(judgement, rivals.measured, challenger, best)
        return _Choice("unproven", challenger, words, own)
    winner, broken = rivals.baselines[best], rivals.broken.get(best, ())
    words = _fallback(judgement, rivals.measured, winner, broken)
    return _Choice("fallback", winner, words, broken)


def _is_least_bad(judgement: Judgement, measured: Replicates, best: str) -> bool:
    """Return whether the refused model may score before the best of the baselines that fail too."""
    failed = {one.rule for one in judgement.findings if not one.holds}
    if any(rule not in MAY_SCORE_UNPROVEN and not rule.startswith("beats_") for rule in failed):
        return False
    return measured.difference(CHALLENGER, best, "log_loss")[0] < 0


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


def _promoted(challenger: Contender, instead: str, graded: Grade, judgement: Judgement) -> str:
    said = (
        f"Model {challenger.version} scores from now on{instead}: it beats every "
        f"baseline out of time and holds to every rule. {graded.in_words}"
    )
    return " ".join([said, *judgement.warnings])


def _overridden(
    judgement: Judgement, challenger: Contender, instead: str, override: Override
) -> str:
    return (
        f"Model {challenger.version} scores from now on{instead}, although "
        f"the gate refuses it: {override.name} overrides the gate. Reason given: {override.reason} "
        f"{_failures(judgement)}"
    )


def _instead_of(
    champion: Contender | None, challenger: Contender, incapable: Incapable | None
) -> str:
    if champion is not None and champion.version == challenger.version:
        return ", as before"
    if champion is not None:
        return f", in place of {champion.version}"
    return _tell_incapable(incapable) if incapable else "; no model came before it"


def _tell_incapable(before: Incapable) -> str:
    """Say why the champion so far cannot score, with the first of the features that it lacks."""
    lacking, more = before.lacking, len(before.lacking) - _NAMED
    if not lacking:
        return f"; {before.version}, which scored so far, cannot score these rows"
    named = ", ".join(lacking[:_NAMED])
    named = f"{named} and {more} more" if more > 0 else named
    return (
        f"; {before.version}, which scored so far, cannot score these rows, for want of "
        f"{len(lacking)} of its features ({named})"
    )


def _kept(
    judgement: Judgement,
    champion: Contender,
    broken: Sequence[RuleFinding],
    unknown: Sequence[str],
) -> str:
    gaps = (
        f" It was not trained on {', '.join(unknown)}: nobody is scored for these."
        if unknown
        else ""
    )
    return (
        f"The new model is refused and {champion.name} {champion.version} goes on scoring."
        f"{gaps}{_own_failures(broken)} {_failures(judgement)}"
    )


def _unproven(judgement: Judgement, measured: Replicates, challenger: Contender, best: str) -> str:
    return (
        f"The new model is refused, and so is every baseline. Of all that fail, model "
        f"{challenger.version} has the least log loss ({_loss(measured, CHALLENGER)}; the best "
        f"baseline, {best}, {_loss(measured, best)}), so it scores, unproven. {_failures(judgement)}"
    )


def _fallback(
    judgement: Judgement, measured: Replicates, best: Contender, broken: Sequence[RuleFinding]
) -> str:
    kind = "the logistic regression" if best.kind == LOGISTIC_KIND else "a simple rule"
    passes = "of those that the gate does not refuse" if not broken else "of all that fail"
    return (
        f"The new model is refused and there is no better one: the baseline {best.name!r} scores, "
        f"with the least log loss {passes} ({_loss(measured, best.name)}). These propensities come "
        f"from {kind}, not from a model that passed.{_own_failures(broken)} {_failures(judgement)}"
    )


def _own_failures(broken: Sequence[RuleFinding]) -> str:
    """Say what the scorer that is left does not pass either."""
    if not broken:
        return ""
    told = " ".join(finding.reason for finding in broken)
    return f" It does not pass the gate's questions either, nor does any baseline: {told}"


def _loss(measured: Replicates, name: str) -> str:
    value = measured.interval(name, "log_loss").value
    return "undefined" if value is None else f"{value:.4f}"


def _failures(judgement: Judgement) -> str:
    return " ".join(finding.reason for finding in judgement.findings if not finding.holds)
