"""What a wave claims to cause before it is sent: sealed with it, and put against what it caused."""

from collections.abc import Mapping

from pipeline.foundation.contracts.hand_overs.document import Document


class ClaimedAmount(Document):
    """An expected amount and its confidence interval (`effects.interval`)."""

    value: float
    low: float
    high: float


class WaveClaim(Document):
    """The claim of one wave, of those who are contacted."""

    decided_by: str
    """`effect` or `propensity`: what the offers were weighed by."""
    contacted: int
    explored: int
    """Of them, contacts drawn at random."""
    take_ups_predicted: float
    """Sum of the propensities: most of them would happen anyway."""
    take_ups_caused: ClaimedAmount
    incremental_profit_cents: ClaimedAmount
    """Effect × value less contact costs."""
    contact_cost_cents: int
    origins: Mapping[str, int]
    """Contacts by what their effect rests on: randomised, observational, or assumed."""
    statement: str
    """The claim in words."""
