"""data/measurement/claims.json and data/waves/claims/<wave>.json: claims, and whether they held."""

from collections.abc import Mapping
from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document, Figure


class SealedClaim(Document):
    """What a wave claimed when it was sealed; no claim where offers come without effects."""

    wave: str
    as_of_date: date
    campaign_share: float
    """Of the offered households, drawn as campaign controls."""
    treated_customers: int
    take_ups: Figure | None
    """Claimed to be caused, in all."""
    profit_cents: Figure | None
    """Claimed to be caused, net of contact cost, in all."""
    origins: Mapping[str, int]
    """What the effects rest on → offers."""


class ClaimOutcome(Document):
    """One wave's claimed effect beside the measured one: take-ups caused, in all."""

    wave: str
    as_of_date: date
    claimed: Figure
    measured: Figure
    claimed_profit_cents: Figure
    measured_profit_cents: Figure
    is_held: bool
    """Whether the two agree: the interval of measured less claimed holds 0."""


class ClaimsReport(Document):
    """Every wave whose claim could be put against an outcome, the oldest first."""

    waves: tuple[ClaimOutcome, ...]
    consecutive_misses: int
    """Claims in a row, up to the last, that did not hold."""
