"""What the planner of the page begins with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.offers.campaign_plan import PlanGroup


@dataclass(frozen=True)
class PlannerInputs:
    """The wave's contacts in groups, and what a contact costs and is taken to cause."""

    groups: Sequence[PlanGroup]
    costs_cents: Mapping[str, int]
    """Channel → one contact."""
    assumed_share: float
    """Of the expected sales, that a contact is taken to cause before anything is measured."""
