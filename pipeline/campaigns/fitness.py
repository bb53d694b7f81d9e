"""Fitness to send: what a person should look at before a wave goes out by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.monitoring_report import MonitoringReport
from pipeline.foundation.contracts.hand_overs.monthly_status import Obstacle
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict

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
) -> list[Finding]:
    """Return what speaks against sending the decided wave.

    Args:
        verdicts: of the champion of each model.
        monitoring: of each model's champion.
        claims: of the waves before.
        funnel: of the decided wave.
    """
    found = [
        Finding("gate", f"{one.model}: {one.in_words}")
        for one in verdicts
        if one.decision in {"fallback", "unproven"}
    ]
    found += [
        Finding("drift", f"{one.model}: {reason}")
        for one in monitoring
        if not one.is_fit_to_score
        for reason in one.stops()
    ]
    if claims.consecutive_misses > MOST_MISSES:
        missed = ", ".join(one.wave for one in claims.waves[-claims.consecutive_misses :])
        found.append(
            Finding("claims", f"The last waves did not cause what they claimed: {missed}.")
        )
    if funnel.claim.contacted == 0:
        found.append(Finding("no_contacts", f"{funnel.wave} contacts nobody."))
    return found
