"""A model card: what a model is, whom it was measured on, how far to trust it, when to replace it.

Sections after Mitchell et al. (2019), "Model cards for model reporting". Everything in it was
written by other stages; equal inputs give equal bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.evaluation.calibration_cells import tell_cells
from pipeline.foundation.contracts.hand_overs.evaluation_report import (
    EvaluationReport,
    GroupFigures,
)
from pipeline.foundation.contracts.hand_overs.population_report import PopulationOfModel, SplitDates
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.saved_model import (
    CalibratorFile,
    SavedColumn,
    SavedModelFile,
)
from pipeline.reports.card.card_tables import (
    tell_calibration,
    tell_group,
    tell_naive,
    tell_scorers,
    tell_snapshots,
    tell_strongest,
)
from pipeline.reports.card.retraining import tell_triggers, tell_whether_due
from pipeline.reports.formatting import count, share, with_interval
from pipeline.reports.group_differences import tell_groups_that_differ
from pipeline.reports.names import QUESTIONS, TITLES


@dataclass(frozen=True)
class CardInputs:
    """What the stages wrote of one model."""

    name: str
    statement: str
    """Of the source."""
    evaluation: EvaluationReport
    verdict: PromotionVerdict
    saved: SavedModelFile
    """`model.json` of the model just trained."""
    calibrator: CalibratorFile
    as_of_dates: SplitDates
    population: PopulationOfModel
    switched_off: Mapping[str, str]
    """Feature families that the source does not allow, with the reason."""


def write_card(inputs: CardInputs) -> str:
    """Return the card as Markdown."""
    sections = (
        (None, _verdict(inputs)),
        ("What it is", _what_it_is(inputs)),
        ("Data and population", _population(inputs)),
        ("How good it is", _figures(inputs.evaluation)),
        ("Whether its probabilities come true", _calibration(inputs.evaluation)),
        ("Whom it picks, group by group", _groups(inputs.evaluation.groups)),
        (
            "What it leans on",
            [tell_strongest(inputs.evaluation.strongest_features, inputs.evaluation.drift)],
        ),
        ("What the gate found", [_findings(inputs.verdict)]),
        ("Limits", [_bullets(_limits(inputs))]),
        ("When to retrain", _retraining(inputs)),
    )
    parts = [f"# {TITLES.get(inputs.name, inputs.name)}: model card"]
    for title, paragraphs in sections:
        parts += ([f"## {title}"] if title else []) + list(paragraphs)
    return "\n\n".join(parts) + "\n"


def _verdict(inputs: CardInputs) -> list[str]:
    verdict = inputs.verdict
    grade, override = verdict.grade, verdict.override
    paragraphs = [f"**Verdict: {verdict.decision}, grade {grade.letter}.** {verdict.in_words}"]
    if override:
        paragraphs.append(f"**Overridden by {override.name}.** Reason given: {override.reason}")
    if verdict.champion.version != inputs.saved.version:
        winner = verdict.champion
        paragraphs.append(
            f"The figures below are of model {inputs.saved.version}, which does not score. "
            f"{winner.name} {winner.version} scores in its place."
        )
    return paragraphs


def _what_it_is(inputs: CardInputs) -> list[str]:
    saved, segments = inputs.saved, inputs.calibrator.segments
    weight = saved.blend.share_of_trees if saved.blend else None
    blended = f", {weight:.0%} of the mean with a logistic regression" if weight else ""
    apart = f", then for each {segments.column} by itself" if segments else ""
    return [
        _bullets(
            [
                f"Question: {QUESTIONS.get(inputs.name, inputs.name)}",
                (
                    f"Version: `{saved.version}`, {saved.trees or 0} boosted trees on "
                    f"{_count_features(saved.features or ())}{blended}."
                ),
                (
                    f"Fitted on {count(saved.counted('rows'))} rows with {count(saved.counted('positives'))} outcomes; "
                    "negatives may be sampled and then weigh more. No class weights."
                ),
                (
                    f"Calibrated on {count(saved.counted('calibration_rows'))} later rows with "
                    f"{count(saved.counted('calibration_positives'))} outcomes, by method "
                    f"{inputs.calibrator.method}{apart}."
                ),
                (
                    "Use: to weigh and order offers to customers who may be asked the question. Not "
                    "for credit, price or any decision on what a person may have."
                ),
            ]
        )
    ]


def _population(inputs: CardInputs) -> list[str]:
    left_out, pooled = (
        ", ".join(f"{one.category} ({count(one.outcomes)} outcomes in training)" for one in found)
        or "nothing"
        for found in (inputs.population.left_out, inputs.population.pooled)
    )
    off = [f"{name}: {reason}" for name, reason in sorted(inputs.switched_off.items())]
    return [
        inputs.statement,
        tell_snapshots(inputs.as_of_dates, inputs.population),
        f"The test holds {count(inputs.evaluation.customers)} customers.",
        _bullets(
            [
                f"Left out for want of outcomes: {left_out}.",
                f"Learnt from together with the others, having few outcomes: {pooled}.",
                f"Feature families switched off: {'; '.join(off) or 'none'}.",
                (
                    f"Baselines that could not be trained: "
                    f"{', '.join(inputs.evaluation.absent_baselines) or 'none'}."
                ),
            ]
        ),
    ]


def _figures(evaluation: EvaluationReport) -> list[str]:
    paragraphs = [
        (
            f"On {count(evaluation.rows)} eligible rows of the out-of-time test, "
            f"{count(evaluation.positives)} of whom did it; in brackets 95% confidence intervals from "
            f"{count(evaluation.bootstrap_replicates)} bootstrap draws of customers."
        ),
        tell_scorers(evaluation),
    ]
    achieved = evaluation.achievable_gain_share
    if achieved:
        paragraphs.append(
            "Of the way from the base rate by category to the truth that the simulator knows, the "
            f"model goes {with_interval(achieved.log_loss, 2)} in log loss and "
            f"{with_interval(achieved.average_precision, 2)} in average precision. What is hidden "
            "from every table keeps anybody from 1."
        )
    paragraphs += [
        (
            "Counting customers who could not have been asked would have changed the figures by so "
            "much:"
        ),
        tell_naive(evaluation.naive),
    ]
    return paragraphs


def _calibration(evaluation: EvaluationReport) -> list[str]:
    model, segments = evaluation.trained, evaluation.calibration
    base_rate = model.base_rate.value
    error = model.ece.value
    ratio = share(error / base_rate) if error is not None and base_rate else "undefined"
    paragraphs = [
        _bullets(
            [
                (
                    f"Calibration slope {with_interval(model.calibration_slope, 3)}; 1 is perfect, below 1 the "
                    "model is overconfident, that is too sure of its differences."
                ),
                (
                    f"Calibration intercept {with_interval(model.calibration_intercept, 3)} in log-odds; 0 is "
                    "perfect, above 0 more happened than was predicted."
                ),
                (
                    f"Expected calibration error (ECE) {with_interval(model.ece, 4)}, which is {ratio} of the base "
                    f"rate of {share(base_rate, 2)}."
                ),
            ]
        )
    ]
    kinds = (
        ("category", segments.category),
        ("decile", segments.decile),
        ("tier", segments.tier),
    )
    tables = [tell_calibration(kind, found) for kind, found in kinds if found]
    return [*paragraphs, *tables, *filter(None, [tell_cells(evaluation.cells)])]


def _count_features(features: Sequence[SavedColumn]) -> str:
    """Count as the pages do: the category on offer is a column of the model, and no feature."""
    without = len([one for one in features if one.name != "category"])
    return f"{without} features" + (" and the category" if without < len(features) else "")


def _groups(groups: Mapping[str, Sequence[GroupFigures]]) -> list[str]:
    if not groups:
        return ["No groups are declared in `evaluate.groups`."]
    paragraphs = [
        (
            "Picked: stands in the top decile of its category; 10% by chance. A gap in picking may be "
            "a gap in what people want; a gap in observed ÷ predicted is the model's own error."
        )
    ]
    paragraphs += [tell_group(name, values) for name, values in groups.items()]
    return [*paragraphs, tell_groups_that_differ(groups)]


def _findings(verdict: PromotionVerdict) -> str:
    return _bullets(
        [
            f"{'holds' if one.holds else '**broken**'}: {one.reason}"
            if one.is_asked
            else f"not asked: {one.reason}"
            for one in verdict.findings
        ]
    )


def _limits(inputs: CardInputs) -> list[str]:
    evaluation = inputs.evaluation
    uncertain = [
        f"{one.part} ({count(one.positives)})"
        for one in evaluation.calibration.category
        if one.positives < 100
    ]
    limits = [
        (
            f"One out-of-time window was measured, as of {_days(evaluation.as_of_dates)}; "
            "another season may differ."
        ),
        (
            "A propensity says who will do it, not whom an offer would change. The effect of contact "
            "is measured with a control group, and not by this model."
        ),
        (
            "Holds for eligible customers only; whoever holds the top tier, or the category already, "
            "was not asked."
        ),
        "Customer attributes have no history: the value at ingestion stands for every date.",
    ]
    if uncertain:
        limits.append(f"Few outcomes in the test, so figures are loose: {', '.join(uncertain)}.")
    if inputs.switched_off:
        limits.append("Families that are switched off could have told more.")
    return limits


def _retraining(inputs: CardInputs) -> list[str]:
    verdict, evaluation = inputs.verdict, inputs.evaluation
    return [
        tell_whether_due(verdict.findings, evaluation.drift),
        _bullets(tell_triggers(verdict, evaluation)),
    ]


def _days(dates: Sequence[date]) -> str:
    return ", ".join(str(day) for day in dates)


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
