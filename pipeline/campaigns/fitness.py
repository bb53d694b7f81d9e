"""Fitness to send: what a person should look at before a wave goes out by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport
from pipeline.foundation.contracts.hand_overs.drift_report import DriftReport
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.monitoring_report import MonitoringReport
from pipeline.foundation.contracts.hand_overs.monthly_status import Obstacle
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.promotion.contender import LOGISTIC_KIND, TRAINED_KINDS

LEARNT_KINDS = frozenset({*TRAINED_KINDS, LOGISTIC_KIND})
"""What may send without a look, if it passes the gate: a logistic regression too, which a small
company's trees seldom beat; a rule says too little of the single customer."""
ENOUGH_POSITIVES = "enough_positives"
MOST_MISSES = 1
"""Claims in a row that may fail: one in twenty does by chance, two in a row seldom."""


@dataclass(frozen=True)
class Finding:
    """One thing that speaks against sending."""

    obstacle: Obstacle
    reason: str


def find_obstacles(
    verdicts: Sequence[PromotionVerdict],
    monitoring: Sequence[MonitoringReport],
    claims: ClaimsReport,
    funnel: FunnelReport,
    drift: DriftReport,
) -> list[Finding]:
    """Return what speaks against sending the decided wave.

    Args:
        verdicts: of the champion of each model.
        monitoring: of each model's champion.
        claims: of the waves before.
        funnel: of the decided wave.
        drift: of the data on the scoring day.
    """
    found = [
        Finding("gate", f"{one.model}: {one.in_words}") for one in verdicts if not _is_proven(one)
    ]
    found += [
        Finding("drift", f"{one.model}: {reason}")
        for one in monitoring
        if not one.is_fit_to_score
        for reason in one.stops()
    ]
    found += [Finding("drift", reason) for reason in drift.stops()]
    if claims.consecutive_misses > MOST_MISSES:
        missed = ", ".join(one.wave for one in claims.waves[-claims.consecutive_misses :])
        found.append(
            Finding("claims", f"The last waves did not cause what they claimed: {missed}.")
        )
    if funnel.claim.contacted == 0:
        found.append(Finding("no_contacts", f"{funnel.wave} contacts nobody."))
    return found


def _is_proven(verdict: PromotionVerdict) -> bool:
    """Return whether what scores has passed all that the gate can ask of it.

    A logistic regression that stands in for a refused model has not where the test was too small
    to ask; a champion that is kept was asked when it was promoted.
    """
    is_asked = verdict.decision != "fallback" or all(
        one.holds for one in verdict.findings if one.rule == ENOUGH_POSITIVES
    )
    return (
        verdict.decision != "unproven"
        and verdict.champion.kind in LEARNT_KINDS
        and not verdict.broken_by_champion
        and is_asked
    )
