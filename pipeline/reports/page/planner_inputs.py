"""What the planner of the page begins with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.offers.campaign_plan import PlanGroup


@dataclass(frozen=True)
class Exploration:
    """Contacts that were drawn at random to learn what a contact causes."""

    contacts: int
    at_a_loss: int
    """Of them, those that are expected to cost more than they add."""
    lost_cents: float
    """By how much, in all."""


@dataclass(frozen=True)
class PlannerInputs:
    """The wave's contacts in groups, and what a contact costs and is taken to cause."""

    groups: Sequence[PlanGroup]
    costs_cents: Mapping[str, int]
    """Channel → one contact."""
    exploration: Exploration
    assumed_share: float
    """Of the expected sales, that a contact is taken to cause before anything is measured."""
