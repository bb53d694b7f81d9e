"""All that the page says of one model, from what other stages wrote about it."""

from collections.abc import Sequence

from pipeline.evaluation.calibration_cells import tell_cells
from pipeline.foundation.contracts.hand_overs.evaluation_report import (
    EvaluationReport,
    NaiveComparison,
    ScorerFigures,
)
from pipeline.foundation.contracts.hand_overs.population_report import LeftOutCategory
from pipeline.foundation.contracts.hand_overs.promotion_verdict import GateFinding, PromotionVerdict
from pipeline.reports.formatting import count, listed, number, share
from pipeline.reports.group_differences import tell_groups_that_differ
from pipeline.reports.language.marks import category
from pipeline.reports.names import IN_A_SENTENCE, QUESTIONS, TITLES, scorer
from pipeline.reports.page.calibration_tables import (
    tabulate_calibration,
    tell_slope,
)
from pipeline.reports.page.model_inputs import ModelInputs
from pipeline.reports.page.model_tables import (
    tabulate_categories,
    tabulate_expectations,
    tabulate_groups,
    tabulate_importance,
    tabulate_metrics,
    tabulate_naive,
)
from pipeline.reports.page.parts import GateLine, ModelSection, Picture
from pipeline.reports.page.score_summary import ScoreSummary

_LOGISTIC = "logistic"
_NEARLY_TIED = 0.05
"""Lifts that differ by less, of the regression's."""


def describe_model(
    name: str, inputs: ModelInputs, pictures: Sequence[Picture], card: str
) -> ModelSection:
    """Return the section of one model with its drawings.

    Args:
        name: of the model.
        inputs: what other stages wrote of it.
        pictures: what is drawn of it.
        card: where its model card lies, seen from the page.
    """
    evaluation, verdict = inputs.evaluation, inputs.verdict
    return ModelSection(
        anchor=name,
        title=TITLES.get(name, name),
        question=QUESTIONS.get(name, ""),
        is_model=verdict.scored_by == "model",
        verdict=_verdict_in_short(verdict),
        facts=_facts(evaluation, verdict, inputs.scores),
        simplest=tell_simplest(evaluation, verdict.grade.best_simple_rule),
        in_short=_in_short(evaluation, verdict),
        findings=[_gate_line(one) for one in verdict.findings],
        metrics=tabulate_metrics(evaluation, _scorer_in_use(evaluation, verdict)),
        pictures=pictures,
        calibration_words=tell_slope(evaluation.trained),
        calibration=tabulate_calibration(evaluation.calibration),
        categories_words=tell_cells(evaluation.cells),
        categories=tabulate_categories(evaluation.by_category, evaluation.calibration.category),
        groups=tabulate_groups(evaluation.groups),
        groups_words=tell_groups_that_differ(evaluation.groups),
        naive=tabulate_naive(evaluation.naive),
        naive_words=_naive_words(evaluation.naive),
        expectations=tabulate_expectations(inputs.scores),
        left_out=_with_outcomes(inputs.left_out),
        pooled=_with_outcomes(inputs.pooled),
        importance=tabulate_importance(inputs.importance, inputs.descriptions),
        links=[("The model card, with limits and when to retrain", card)],
    )


def _with_outcomes(categories: Sequence[LeftOutCategory]) -> list[str]:
    return [
        f"{category(one.category)} ({count(one.outcomes)} outcomes in training)"
        for one in categories
    ]


def _gate_line(found: GateFinding) -> GateLine:
    if not found.is_asked:
        return GateLine("?", "was not asked", found.reason)
    if found.is_warning:
        return GateLine("!", "holds, with a warning", found.reason)
    mark, said = ("✓", "holds") if found.holds else ("✗", "does not hold")
    return GateLine(mark, said, found.reason)


def _verdict_in_short(verdict: PromotionVerdict) -> str:
    """Return the verdict without the figures, which stand with the gate; and who overrode it."""
    words: str = verdict.in_words
    for finding in verdict.findings:
        words = words.replace(finding.reason, "")
    override = verdict.override
    if override:
        words += f" Overridden by {override.name}. Reason given: {override.reason}"
    return " ".join(words.split())


def tell_simplest(evaluation: EvaluationReport, best_simple_rule: str) -> str:
    """Say how many times the trained model finds what the simplest scorers find, in the best tenth."""
    lift = evaluation.trained.lift_at_10.value
    others = [
        (IN_A_SENTENCE.get(name, scorer(name)), evaluation.scorers[name].lift_at_10.value)
        for name in (best_simple_rule, _LOGISTIC)
        if name in evaluation.scorers
    ]
    said = [
        f"{number(lift / other, 2)} times what {name} would (lift {number(other, 2)})"
        for name, other in others
        if lift and other
    ]
    if not said:
        return ""
    told = f"The trained model's best tenth (lift {number(lift, 2)}) finds {listed(said)}."
    return f"{told} {_tell_tie(evaluation)}".strip()


def _tell_tie(evaluation: EvaluationReport) -> str:
    """Say by what a model is better that finds hardly more in its best tenth than a regression."""
    trained, other = evaluation.trained, evaluation.scorers.get(_LOGISTIC)
    if other is None or not _is_tied(trained, other):
        return ""
    return (
        "In the best tenth the model and the regression nearly tie; the gate goes by the whole list: "
        f"log loss {number(trained.log_loss.value, 4)} against {number(other.log_loss.value, 4)} "
        f"(lower is better), average precision {number(trained.average_precision.value)} against "
        f"{number(other.average_precision.value)}."
    )


def _is_tied(trained: ScorerFigures, other: ScorerFigures) -> bool:
    lift, others = trained.lift_at_10.value, other.lift_at_10.value
    loss, worse = trained.log_loss.value, other.log_loss.value
    if not lift or not others or loss is None or worse is None:
        return False
    return abs(lift / others - 1) < _NEARLY_TIED and loss < worse


def _scorer_in_use(evaluation: EvaluationReport, verdict: PromotionVerdict) -> str | None:
    """Return which of the measured scorers scores; an earlier champion was not measured again."""
    scored_by: str = verdict.scored_by
    is_new = scored_by != "model" or verdict.decision in {"promoted", "unproven"}
    return scored_by if is_new and scored_by in evaluation.scorers else None


def _facts(
    evaluation: EvaluationReport, verdict: PromotionVerdict, scores: ScoreSummary
) -> list[tuple[str, str]]:
    scored_by = verdict.scored_by
    facts = [
        ("Scored by", "the model" if scored_by == "model" else f"a rule: {scorer(scored_by)}"),
        ("Version", verdict.champion.version),
        ("Grade of the new model", verdict.grade.letter),
        ("Passes the gate's questions", _passes(verdict)),
        ("Customer × category scored", count(scores.customers)),
    ]
    in_use = _scorer_in_use(evaluation, verdict)
    if in_use is None:
        return facts
    found = evaluation.scorers[in_use]
    return [
        *facts,
        ("Base rate", share(found.base_rate.value, 2)),
        ("Lift in the top tenth", number(found.lift_at_10.value, 2)),
        ("AUC", number(found.auc.value, 3)),
    ]


def _passes(verdict: PromotionVerdict) -> str:
    broken = ", ".join(verdict.broken_by_champion)
    return f"no: {broken}" if broken else "yes"


def _in_short(evaluation: EvaluationReport, verdict: PromotionVerdict) -> list[str]:
    """Say the headline in sentences; all of it on the out-of-time test."""
    in_use = _scorer_in_use(evaluation, verdict)
    found = evaluation.scorers[in_use or "model"]
    sentences = [
        (
            f"Of all who did it, {share(found.gain_at_10.value, 0)} stood in the tenth of "
            f"the list ranked best: {number(found.lift_at_10.value, 1)} times as many as by "
            f"chance. {share(found.mean_propensity.value, 2)} was predicted on average, and "
            f"{share(found.base_rate.value, 2)} did it."
        )
    ]
    if in_use is None:
        sentences.append(
            "These figures, and those below, are of the new model, which was refused. The model "
            "that scores was measured when it was promoted."
        )
    elif in_use != "model":
        sentences.append(
            "The plots and the tables below them describe the trained model, which does not score."
        )
    achievable = evaluation.achievable_gain_share
    reached = achievable.average_precision.value if achievable else None
    in_loss = achievable.log_loss.value if achievable else None
    if reached is not None and in_loss is not None:
        sentences.append(
            "The simulator knows the truth. In average precision the trained model goes "
            f"{share(reached, 0)} of the way from the base rate to it, in log loss "
            f"{share(in_loss, 0)}; nobody could go further than all of it, since the rest is chance."
        )
    return sentences


def _naive_words(naive: NaiveComparison) -> str:
    honest, everybody = (one.average_precision.value for one in (naive.eligible, naive.all_rows))
    return (
        "What happened with customers who could not have been asked is no merit of the model. "
        f"Counting everybody would show an average precision of {number(everybody)}; among the "
        f"eligible, whom a campaign can reach, it is {number(honest)}."
    )
