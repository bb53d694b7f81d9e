"""A model card: what a model is, whom it was measured on, how far to trust it, when to replace it.

Sections after Mitchell et al. (2019), "Model cards for model reporting". Everything in it was
written by other stages; equal inputs give equal bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.reports.agreement import tell_groups_that_differ
from pipeline.reports.card_tables import (
    tell_agreement,
    tell_group,
    tell_naive,
    tell_scorers,
    tell_snapshots,
    tell_strongest,
    with_limits,
)
from pipeline.reports.words import QUESTIONS, TITLES, count, number, scorer, share


@dataclass(frozen=True)
class CardInputs:
    """What the stages wrote of one model."""

    name: str
    statement: str
    """Of the source."""
    evaluation: Mapping[str, Any]
    verdict: Mapping[str, Any]
    saved: Mapping[str, Any]
    """`model.json` of the model just trained."""
    calibrator: Mapping[str, Any]
    as_of_dates: Mapping[str, Sequence[str]]
    population: Mapping[str, Any]
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
        ("Whom it picks, group by group", _groups(inputs.evaluation["groups"])),
        (
            "What it leans on",
            [tell_strongest(inputs.evaluation["strongest_features"], inputs.evaluation["drift"])],
        ),
        ("What the gate found", [_findings(inputs.verdict)]),
        ("Limits", [_bullets(_limits(inputs))]),
        ("When to retrain", [_whether_due(inputs), _bullets(_when_to_retrain(inputs))]),
    )
    parts = [f"# {TITLES.get(inputs.name, inputs.name)}: model card"]
    for title, paragraphs in sections:
        parts += ([f"## {title}"] if title else []) + list(paragraphs)
    return "\n\n".join(parts) + "\n"


def _verdict(inputs: CardInputs) -> list[str]:
    verdict = inputs.verdict
    grade, override = verdict["grade"], verdict["override"]
    told = [f"**Verdict: {verdict['decision']}, grade {grade['letter']}.** {verdict['in_words']}"]
    if override:
        told.append(f"**Overridden by {override['name']}.** Reason given: {override['reason']}")
    if verdict["champion"]["version"] != inputs.saved["version"]:
        winner = verdict["champion"]
        told.append(
            f"The figures below are of model {inputs.saved['version']}, which does not score. "
            f"{winner['name']} {winner['version']} scores in its place."
        )
    return told


def _what_it_is(inputs: CardInputs) -> list[str]:
    saved, made = inputs.saved, inputs.saved["made_from"]
    segments = inputs.calibrator.get("segments")
    share = saved.get("blend", {}).get("share_of_trees")
    blended = f", {share:.0%} of the mean with a logistic regression" if share else ""
    apart = f", then for each {segments['column']} by itself" if segments else ""
    return [
        _bullets(
            [
                f"Question: {QUESTIONS.get(inputs.name, inputs.name)}",
                (
                    f"Version: `{saved['version']}`, {saved.get('trees', 0)} boosted trees on "
                    f"{len(saved.get('features', []))} features{blended}."
                ),
                (
                    f"Fitted on {count(made['rows'])} rows with {count(made['positives'])} outcomes; "
                    "negatives may be sampled and then weigh more. No class weights."
                ),
                (
                    f"Calibrated on {count(made['calibration_rows'])} later rows with "
                    f"{count(made['calibration_positives'])} outcomes, by method "
                    f"{inputs.calibrator['method']}{apart}."
                ),
                (
                    "Use: to weigh and order offers to customers who may be asked the question. Not "
                    "for credit, price or any decision on what a person may have."
                ),
            ]
        )
    ]


def _population(inputs: CardInputs) -> list[str]:
    left_out = [
        f"{one['category']} ({count(one['outcomes'])} outcomes in training)"
        for one in inputs.population["left_out"]
    ]
    off = [f"{name}: {reason}" for name, reason in sorted(inputs.switched_off.items())]
    return [
        inputs.statement,
        tell_snapshots(inputs.as_of_dates, inputs.population["rows"]),
        f"The test holds {count(inputs.evaluation['customers'])} customers.",
        _bullets(
            [
                f"Left out for want of outcomes: {', '.join(left_out) or 'nothing'}.",
                f"Feature families switched off: {'; '.join(off) or 'none'}.",
                (
                    f"Baselines that could not be trained: "
                    f"{', '.join(inputs.evaluation['absent_baselines']) or 'none'}."
                ),
            ]
        ),
    ]


def _figures(evaluation: Mapping[str, Any]) -> list[str]:
    told = [
        (
            f"On {count(evaluation['rows'])} eligible rows of the out-of-time test, "
            f"{count(evaluation['positives'])} of whom did it; in brackets 95% limits from "
            f"{count(evaluation['bootstrap_replicates'])} draws of customers."
        ),
        tell_scorers(evaluation),
    ]
    achieved = evaluation["achievable_gain_share"]
    if achieved:
        told.append(
            "Of the way from the base rate by category to the truth that the simulator knows, the "
            f"model goes {with_limits(achieved['log_loss'], 2)} in log loss and "
            f"{with_limits(achieved['average_precision'], 2)} in average precision. What is hidden "
            "from every table keeps anybody from 1."
        )
    told += [
        (
            "Counting customers who could not have been asked would have changed the figures by so "
            "much:"
        ),
        tell_naive(evaluation["naive"]),
    ]
    return told


def _calibration(evaluation: Mapping[str, Any]) -> list[str]:
    model, agreement = evaluation["scorers"]["model"], evaluation["calibration"]
    base_rate = model["base_rate"]["value"]
    error = model["ece"]["value"]
    ratio = share(error / base_rate) if error is not None and base_rate else "undefined"
    told = [
        _bullets(
            [
                (
                    f"Slope {with_limits(model['calibration_slope'], 3)}; 1 is perfect, below 1 the "
                    "model is too sure of its differences."
                ),
                (
                    f"Intercept {with_limits(model['calibration_intercept'], 3)} in log-odds; 0 is "
                    "perfect, above 0 more happened than was stated."
                ),
                (
                    f"Calibration error {with_limits(model['ece'], 4)}, which is {ratio} of the base "
                    f"rate of {share(base_rate, 2)}."
                ),
            ]
        )
    ]
    told += [tell_agreement(kind, parts) for kind, parts in agreement.items() if parts]
    return told


def _groups(groups: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    if not groups:
        return ["No groups are declared in `evaluate.groups`."]
    told = [
        (
            "Picked: stands in the top decile of its category; 10% by chance. A gap in picking may be "
            "a gap in what people want; a gap in observed ÷ stated is the model's own error."
        )
    ]
    told += [tell_group(name, values) for name, values in groups.items()]
    return [*told, tell_groups_that_differ(groups)]


def _findings(verdict: Mapping[str, Any]) -> str:
    return _bullets(
        [
            f"{'holds' if one['holds'] else '**broken**'}: {one['reason']}"
            if one["is_asked"]
            else f"not asked: {one['reason']}"
            for one in verdict["findings"]
        ]
    )


def _limits(inputs: CardInputs) -> list[str]:
    evaluation = inputs.evaluation
    uncertain = [
        f"{one['part']} ({count(one['positives'])})"
        for one in evaluation["calibration"]["category"]
        if one["positives"] < 100
    ]
    limits = [
        (
            f"One out-of-time window was measured, as of {', '.join(evaluation['as_of_dates'])}; "
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


def _whether_due(inputs: CardInputs) -> str:
    """Say whether today's figures ask for a new model."""
    drift = inputs.evaluation["drift"]
    reasons = [
        one["reason"]
        for one in inputs.verdict["findings"]
        if one["rule"].startswith("calibrated_") and not one["holds"]
    ]
    if drift["score"] > drift["limit"]:
        reasons.insert(0, f"The scores have moved by a PSI of {number(drift['score'])}.")
    if reasons:
        return f"**Retraining is due.** {' '.join(reasons)}"
    return (
        "**Retraining is not due.** On the out-of-time test the scores have moved by a PSI of "
        f"{number(drift['score'])} from the training rows, and the calibration is within its limits."
    )


def _when_to_retrain(inputs: CardInputs) -> list[str]:
    verdict, model = inputs.verdict, inputs.evaluation["scorers"]["model"]
    rules, lift = verdict["rules"], model["lift_at_10"]
    lowest = number(lift["low"] if lift["low"] is not None else lift["value"], 2)
    drift = inputs.evaluation["drift"]
    moved = [
        f"`{one['feature']}` ({number(one['psi'], 2)})"
        for one in drift["features"]
        if one["psi"] > drift["limit"]
    ]
    return [
        "With every new complete outcome window; the gate decides whether the new model scores.",
        (
            f"At once, when the top tenth responds less than {lowest} times the base rate: that is "
            "below what this test allows for."
        ),
        (
            f"At once, when the calibration error exceeds {share(rules['max_ece_share'], 0)} of the "
            f"base rate, or the slope leaves {rules['min_slope']:g} to {rules['max_slope']:g}."
        ),
        (
            "At once, when the scores move by a population stability index (PSI) above "
            f"{drift['limit']:g}, the field's usual sign of much change (Siddiqi, 2006)."
        ),
        (
            "Strong features that have moved so far by themselves: "
            f"{', '.join(moved) or 'none'}. Look at them; what counts a whole market moves with every "
            "season, so they ask for a new model only if the scores follow."
        ),
        "When a category, a tier, a channel or a source table is added, renamed or dropped.",
        (
            f"Until then {scorer(verdict['scored_by']).lower()} scores, version "
            f"`{verdict['champion']['version']}`."
        ),
    ]


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
