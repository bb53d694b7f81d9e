"""reports/funnel.json: who is offered what, and which rule takes everybody else away."""

from collections.abc import Mapping
from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document
from pipeline.foundation.contracts.hand_overs.wave_claim import WaveClaim


class FunnelStep(Document):
    """Customers at one rule, in the order in which rules take effect."""

    step: str
    came: int
    fell: int
    stayed: int


class ChannelOutlook(Document):
    """What is expected of the contacts by one channel."""

    contacts: int
    predicted_sales: float
    """Sum of propensities: sales that are expected whether contacted or not."""
    predicted_sales_value_cents: int
    """Profit of those sales, before contact costs."""
    contact_cost_cents: int
    incremental_profit_cents: int
    """What the contacts add, net of their cost."""
    break_even_share: float | None
    """Share of the predicted sales that the contact must cause to pay for itself."""


class OfferCounts(Document):
    """What is sent."""

    sent: int
    contact_cost_cents: int
    by_model: Mapping[str, int]
    by_category: Mapping[str, int]
    by_channel: Mapping[str, int]
    arms: Mapping[str, int]
    """`<campaign> <arm>` → customers."""
    outlook: Mapping[str, ChannelOutlook] = {}
    """By channel."""


class AllocationOptimum(Document):
    """How near the optimum the offers are."""

    is_bound_by_limits: bool
    value_cents: int
    bound_cents: int
    """No choice within the limits can exceed it."""


class PrioritySensitivity(Document):
    """What leaving out one part of the priority changes."""

    changed_offers_share: float
    rank_correlation: float


class SampleSizeAdvice(Document):
    """What the size of a campaign can show, before it is sent."""

    customers: int
    control_share: float
    base_rate: float
    """Predicted response without contact."""
    detectable_uplift: float | None
    """The least absolute uplift that would show with the configured power."""
    customers_for_a_tenth_more: int | None
    """Needed to show a response 10% above the base rate."""
    wanted_precision: float | None = None
    """A quarter of the base rate: the half-width that the effect is to be known to."""
    controls_for_precision: float | None = None
    """Share of controls that gives it; empty where none does."""
    exploration_for_precision: float | None = None
    """Share to explore that gives it for each channel."""
    in_words: str = ""
    """What it can show, and what knowing its effect would take."""


class FunnelReport(Document):
    """The decision of one wave."""

    wave: str
    as_of_date: date
    customers: int
    funnel: tuple[FunnelStep, ...]
    touched_by_rule: Mapping[str, int]
    """Customers who lose a channel, a category or everything to the rule."""
    rules_switched_off: tuple[str, ...]
    """Rules whose table the source lacks."""
    remedies: Mapping[str, str]
    offers: OfferCounts
    claim: WaveClaim
    allocation: AllocationOptimum
    sensitivity: Mapping[str, PrioritySensitivity]
    sample_size: Mapping[str, SampleSizeAdvice]
    """By campaign."""
