"""When a model should be replaced, and whether that is today."""

from collections.abc import Sequence

from pipeline.foundation.contracts.hand_overs.evaluation_report import Drift, EvaluationReport
from pipeline.foundation.contracts.hand_overs.promotion_verdict import GateFinding, PromotionVerdict
from pipeline.reports.formatting import number, share
from pipeline.reports.names import scorer


def tell_whether_due(findings: Sequence[GateFinding], drift: Drift) -> str:
    """Say whether today's figures ask for a new model."""
    reasons = [
        one.reason for one in findings if one.rule.startswith("calibrated_") and not one.holds
    ]
    if drift.score > drift.limit:
        reasons.insert(0, f"The scores have moved by a PSI of {number(drift.score)}.")
    if reasons:
        return f"**Retraining is due.** {' '.join(reasons)}"
    return (
        "**Retraining is not due.** On the out-of-time test the scores have moved by a PSI of "
        f"{number(drift.score)} from the training rows, and the calibration is within its limits."
    )


def tell_triggers(verdict: PromotionVerdict, evaluation: EvaluationReport) -> list[str]:
    """Return what asks for a new model, one sentence each."""
    rules, lift = verdict.rules, evaluation.trained.lift_at_10
    lowest = number(lift.low if lift.low is not None else lift.value, 2)
    drift = evaluation.drift
    return [
        "With every new complete outcome window; the gate decides whether the new model scores.",
        (
            f"At once, when the top tenth responds less than {lowest} times the base rate: that is "
            "below what this test allows for."
        ),
        (
            f"At once, when the calibration error exceeds {share(rules.max_ece_share, 0)} of the "
            f"base rate, or the slope leaves {rules.min_slope:g} to {rules.max_slope:g}."
        ),
        (
            "At once, when the scores move by a population stability index (PSI) above "
            f"{drift.limit:g}, the field's usual sign of much change (Siddiqi, 2006)."
        ),
        _tell_features(drift),
        "When a category, a tier, a channel or a source table is added, renamed or dropped.",
        (
            f"Until then {scorer(verdict.scored_by).lower()} scores, version "
            f"`{verdict.champion.version}`."
        ),
    ]


def _tell_features(drift: Drift) -> str:
    moved = [
        f"`{one.feature}` ({number(one.psi, 2)})" for one in drift.features if one.psi > drift.limit
    ]
    if not moved:
        return "No strong feature has moved so far by itself."
    return (
        f"Strong features that have moved so far by themselves: {', '.join(moved)}. Look at them; "
        "what counts a whole market moves with every season, so they ask for a new model only if "
        "the scores follow."
    )
