"""The planner: what another size, budget, cost or effect would come to, drawn in the browser."""

import json
from collections.abc import Mapping, Sequence

from pipeline.foundation.contracts.hand_overs.wave_claim import WaveClaim
from pipeline.offers.campaign_plan import CampaignPlan, PlanGroup, PlanSettings, plan_campaign
from pipeline.reports.formatting import add_up, count, money
from pipeline.reports.language.marks import CURRENCY
from pipeline.reports.names import channel
from pipeline.reports.page.parts import Planner, PlannerChannel
from pipeline.reports.page.planner_inputs import Exploration, PlannerInputs

_WORDS: Mapping[str, str] = {
    "thousand": "1,000",
    "amount": f"{CURRENCY}0",
    "told": "Profit added over contacts, the best first: <profit> with <contacts> contacts; "
    "at most <most>, with <best>.",
    "across": "Contacts, the best first",
    "up": "Profit added, net",
}


def describe_planner(inputs: PlannerInputs, claim: WaveClaim) -> Planner | None:
    """Return the planner as it opens, which is the wave; None where nobody is contacted.

    Args:
        inputs: the wave's contacts in groups.
        claim: what the wave is expected to cause, with its interval.
    """
    if not inputs.groups:
        return None
    most = sum(one.customers for one in inputs.groups)
    costs = {name: float(cents) for name, cents in sorted(inputs.costs_cents.items())}
    plan = plan_campaign(inputs.groups, PlanSettings(costs, contacts=most))
    return Planner(
        contacts=most,
        groups=len(inputs.groups),
        effects=_effects(claim),
        channels=_describe_channels(inputs, plan),
        figures=tell_plan(plan),
        note=_tell_difference(plan, inputs.exploration),
        words=_WORDS,
        data=_written(inputs.groups),
    )


def tell_plan(plan: CampaignPlan) -> list[tuple[str, str, str]]:
    """Return (id on the page, what, value) of what a plan comes to."""
    return [
        ("made", "Contacts", count(plan.contacts)),
        ("sales", "Expected sales among them", count(plan.take_ups)),
        ("caused", "Sales caused by the contact", count(plan.caused)),
        ("cost", "Contact cost", money(plan.cost_cents)),
        ("profit", "Expected profit added, net", money(plan.profit_cents)),
        ("cutoff", "Best cut-off, in contacts", count(plan.best_contacts)),
        ("most", "Profit added there", money(plan.best_profit_cents)),
    ]


def _tell_difference(plan: CampaignPlan, drawn: Exploration) -> str:
    """Say why the wave is larger than its best cut-off; nothing where it is not."""
    if plan.best_contacts == plan.contacts or not drawn.contacts:
        return ""
    return (
        f"The wave also contacts {count(drawn.contacts)} drawn at random, {count(drawn.at_a_loss)} of "
        "them at a loss, and groups are averages: the best cut-off differs from the wave, and sums "
        "may differ by one."
    )


def _most_used(plan: CampaignPlan) -> list[str]:
    return sorted(plan.by_channel, key=lambda name: (-plan.by_channel[name].contacts, name))


def _effects(claim: WaveClaim) -> list[tuple[str, str]]:
    """Return (factor on the estimated effect, what it is); an empty factor takes the assumed."""
    found = claim.take_ups_caused
    ends = [(found.low, "lower"), (found.high, "upper")] if found.value > 0 else []
    return [
        ("1", "Estimated"),
        *((f"{end / found.value:.6f}", f"The {name} end of its interval") for end, name in ends),
        ("", "Assumed, by channel"),
    ]


def _describe_channels(inputs: PlannerInputs, plan: CampaignPlan) -> list[PlannerChannel]:
    names = _most_used(plan)
    spent = add_up([plan.by_channel[name].cost_cents for name in names])
    profits = add_up([plan.by_channel[name].profit_cents for name in names])
    return [
        PlannerChannel(
            name=name,
            label=channel(name),
            cost=f"{inputs.costs_cents[name] / 100:.2f}",
            share=f"{100 * inputs.assumed_share:.1f}",
            contacts=count(plan.by_channel[name].contacts),
            spent=money(cost),
            profit=money(profit),
        )
        for name, cost, profit in zip(names, spent, profits, strict=True)
    ]


def _written(groups: Sequence[PlanGroup]) -> str:
    """Return the groups as JSON that may stand inside a script element."""
    rows = [
        [
            one.customers,
            one.take_ups,
            one.value_cents,
            {name: [one.caused[name], one.gained_cents[name]] for name in one.caused},
        ]
        for one in groups
    ]
    return json.dumps(rows, separators=(",", ":")).replace("<", "\\u003c")
