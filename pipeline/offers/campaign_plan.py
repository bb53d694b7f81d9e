"""The economics of a campaign: the profit curve, the best cut-off and what a plan within limits earns.

Groups of customers are contacted on the channel that adds most per contact, the best group first.
The page computes the same in JavaScript (`pipeline/reports/page/templates/planner.js`): a change
here is a change there, and a test in a browser compares the two.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True)
class PlanGroup:
    """Customers who may be contacted on the same channels; sums over them."""

    customers: int
    take_ups: float
    """Predicted, contacted or not."""
    value_cents: float
    """Profit of those take-ups, before contact costs."""
    caused: Mapping[str, float]
    """Channel → take-ups that contacting all of them on it causes, as estimated."""
    gained_cents: Mapping[str, float]
    """Channel → the profit of those, before contact costs."""


@dataclass(frozen=True)
class PlanSettings:
    """What the planner assumes."""

    costs_cents: Mapping[str, float]
    """Channel → one contact."""
    contacts: int | None = None
    """At most; None contacts those who add something."""
    budget_cents: float | None = None
    assumed_shares: Mapping[str, float] | None = None
    """Channel → share of the predicted take-ups that the contact causes; None takes the estimate."""
    effect_scale: float = 1.0
    """Times the estimated effect, such as the lower end of its interval over its value."""


@dataclass(frozen=True)
class ChannelPlan:
    """The part of a plan on one channel."""

    contacts: int
    cost_cents: float
    profit_cents: float


@dataclass(frozen=True)
class CampaignPlan:
    """What a plan comes to."""

    contacts: int
    take_ups: float
    caused: float
    cost_cents: float
    profit_cents: float
    """That the contacts add, net of their cost."""
    best_contacts: int
    """The cut-off: contacts from here on add nothing, without limits."""
    best_profit_cents: float
    by_channel: Mapping[str, ChannelPlan]
    curve: Sequence[tuple[int, float]]
    """(contacts, profit in cents) after each group, the best first."""


@dataclass(frozen=True)
class _Choice:
    group: PlanGroup
    channel: str
    caused: float
    profit_cents: float
    """Of one contact."""


def plan_campaign(groups: Sequence[PlanGroup], settings: PlanSettings) -> CampaignPlan:
    """Return what contacting the best groups first comes to, within the limits.

    Args:
        groups: in an order that breaks ties.
        settings: costs, limits and the effect that is assumed.
    """
    ranked = sorted((_choose(one, settings) for one in groups), key=lambda one: -one.profit_cents)
    paying = [one for one in ranked if one.profit_cents > 0]
    best_contacts = sum(one.group.customers for one in paying)
    taken = _take(paying if settings.contacts is None else ranked, settings)
    shares = [many / one.group.customers for one, many in taken]
    return CampaignPlan(
        contacts=sum(many for _, many in taken),
        take_ups=sum(s * one.group.take_ups for (one, _), s in zip(taken, shares, strict=True)),
        caused=sum(s * one.caused for (one, _), s in zip(taken, shares, strict=True)),
        cost_cents=sum(many * settings.costs_cents[one.channel] for one, many in taken),
        profit_cents=sum(many * one.profit_cents for one, many in taken),
        best_contacts=best_contacts,
        best_profit_cents=sum(one.group.customers * one.profit_cents for one in paying),
        by_channel={name: _on_channel(name, taken, settings) for name in settings.costs_cents},
        curve=_curve(ranked),
    )


def _choose(group: PlanGroup, settings: PlanSettings) -> _Choice:
    """Return the channel that adds most per contact; the first of the names where two add as much."""
    options = [_option(group, name, settings) for name in sorted(group.gained_cents)]
    return max(options, key=lambda one: one.profit_cents)


def _option(group: PlanGroup, channel: str, settings: PlanSettings) -> _Choice:
    if settings.assumed_shares is None:
        caused = settings.effect_scale * group.caused[channel]
        gained = settings.effect_scale * group.gained_cents[channel]
    else:
        caused = settings.assumed_shares[channel] * group.take_ups
        gained = settings.assumed_shares[channel] * group.value_cents
    profit = gained / group.customers - settings.costs_cents[channel]
    return _Choice(group, channel, caused, profit)


def _take(ranked: Sequence[_Choice], settings: PlanSettings) -> list[tuple[_Choice, int]]:
    """Return how many of each group are contacted; a group that fits in part is taken in part."""
    every = sum(one.group.customers for one in ranked)
    room = every if settings.contacts is None else settings.contacts
    budget = math.inf if settings.budget_cents is None else settings.budget_cents
    taken = []
    for one in ranked:
        cost = settings.costs_cents[one.channel]
        affordable = math.floor(budget / cost) if cost > 0 and budget < math.inf else room
        many = max(min(one.group.customers, room, affordable), 0)
        room -= many
        budget -= many * cost
        taken.append((one, many))
    return taken


def _on_channel(
    name: str, taken: Sequence[tuple[_Choice, int]], settings: PlanSettings
) -> ChannelPlan:
    mine = [(one, many) for one, many in taken if one.channel == name]
    contacts = sum(many for _, many in mine)
    return ChannelPlan(
        contacts,
        contacts * settings.costs_cents[name],
        sum(many * one.profit_cents for one, many in mine),
    )


def _curve(ranked: Sequence[_Choice]) -> list[tuple[int, float]]:
    contacts = accumulate((one.group.customers for one in ranked), initial=0)
    profits = accumulate((one.group.customers * one.profit_cents for one in ranked), initial=0.0)
    return list(zip(contacts, profits, strict=True))
