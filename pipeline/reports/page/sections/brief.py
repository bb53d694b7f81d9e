"""The first screen: whom to contact, what to expect, what it costs, and which file to load."""

import math
from collections.abc import Callable, Mapping

from pipeline.foundation.contracts.hand_overs.funnel_report import ChannelOutlook, FunnelReport
from pipeline.foundation.contracts.hand_overs.package_manifest import PackageManifest
from pipeline.foundation.contracts.hand_overs.wave_claim import ClaimedAmount, WaveClaim
from pipeline.reports.formatting import UNKNOWN, add_up, count, listed, money, share
from pipeline.reports.language.marks import category
from pipeline.reports.names import channel
from pipeline.reports.page.cells import points
from pipeline.reports.page.parts import Brief, Cell, PageTable, Row
from pipeline.reports.page.planner_inputs import Exploration
from pipeline.reports.page.rule_words import reason

_SHOWN = 5
_OFFERS_FILE = "offers.csv"
_BASIS: Mapping[str, tuple[str, str]] = {
    "randomised": ("measured", "on waves with controls"),
    "observational": ("estimated", "from past messages"),
    "assumed": ("assumed", "not measured"),
}


def describe_brief(
    funnel: FunnelReport, manifests: Mapping[str, PackageManifest], exploration: Exploration
) -> Brief:
    """Return the first screen.

    Args:
        funnel: reports/funnel.json.
        manifests: of the packages handed over, by folder.
        exploration: contacts that were drawn at random.
    """
    return Brief(
        facts=_facts(funnel),
        sentences=[*_cautions(funnel), *_tell_exploration(exploration)],
        tables=[_categories(funnel), _channels(funnel, exploration), _exclusions(funnel)],
        loads=_loads(manifests),
    )


def _facts(funnel: FunnelReport) -> list[tuple[str, str, str]]:
    claim, offers = funnel.claim, funnel.offers
    return [
        ("Customers to contact", count(offers.sent), f"of {count(funnel.customers)}"),
        ("Expected sales among them", count(claim.take_ups_predicted), "contacted or not"),
        ("Sales caused by the contact", *_interval(claim.take_ups_caused, count)),
        ("Contact cost", money(offers.contact_cost_cents), ""),
        ("Expected profit added, net", *_interval(claim.incremental_profit_cents, money)),
        ("The effect is", *_basis(claim)),
    ]


def _interval(found: ClaimedAmount, shown: Callable[[float], str]) -> tuple[str, str]:
    return shown(found.value), f"{shown(found.low)} to {shown(found.high)}"


def _basis(claim: WaveClaim) -> tuple[str, str]:
    """Return what most contacts' effects rest on, and how many where they differ."""
    most_first = sorted(claim.origins.items(), key=lambda one: (-one[1], one[0]))
    if not most_first:
        return UNKNOWN, ""
    said, source = _BASIS.get(most_first[0][0], (most_first[0][0], ""))
    if len(most_first) == 1:
        return said, source
    return said, ", ".join(f"{_BASIS.get(name, (name,))[0]}: {count(n)}" for name, n in most_first)


def _cautions(funnel: FunnelReport) -> list[str]:
    claim, sentences = funnel.claim, []
    if claim.incremental_profit_cents.low < 0 < claim.incremental_profit_cents.high:
        sentences.append(
            "The interval of the profit reaches below zero: the contacts may add nothing. "
            f"{tell_controls(funnel)}"
        )
    if claim.decided_by == "propensity":
        sentences.append("Offers are weighed by propensity, which counts what would happen anyway.")
    return sentences


def tell_controls(funnel: FunnelReport) -> str:
    """Say whether the controls can show the expected effect, and else how many waves can.

    What a comparison can show falls with the root of the customers in it (`statistics.power`), so
    that n equal waves together show a difference that is smaller by the root of n.
    """
    shown = [one.detectable_uplift for one in funnel.sample_size.values()]
    known = [one for one in shown if one is not None]
    if not known or not funnel.claim.contacted:
        return "Without controls, or with no response to expect, nothing will tell."
    least, claimed = min(known), funnel.claim.take_ups_caused.value / funnel.claim.contacted
    if least <= claimed:
        return "The controls that are held back will tell."
    said = (
        "The controls that are held back will not tell by this wave alone: its best measured "
        f"campaign shows a difference of {points(least)} or more, and {points(claimed)} is expected."
    )
    if claimed <= 0:
        return said
    waves = math.ceil((least / claimed) ** 2)
    return " ".join((said, f"About {count(waves)} such waves together can tell."))


def _tell_exploration(found: Exploration) -> list[str]:
    if not found.at_a_loss:
        return []
    return [
        (
            f"{count(found.contacts)} contacts are drawn at random, to learn what a contact causes "
            f"(`experiment.exploration_share`); {count(found.at_a_loss)} of them are expected to cost "
            f"more than they add, a loss of {money(found.lost_cents)} in all."
        )
    ]


def _categories(funnel: FunnelReport) -> PageTable:
    largest = sorted(funnel.offers.by_category.items(), key=lambda one: (-one[1], one[0]))
    return PageTable(
        f"Top categories, of {len(largest)}",
        [Cell("Category", is_number=False), Cell("Offers")],
        [
            Row([Cell(category(name), is_number=False), Cell(count(many))])
            for name, many in largest[:_SHOWN]
        ],
    )


def _channels(funnel: FunnelReport, exploration: Exploration) -> PageTable:
    by_contacts = sorted(funnel.offers.outlook.items(), key=lambda x: (-x[1].contacts, x[0]))
    costs = add_up([found.contact_cost_cents for _, found in by_contacts])
    profits = add_up([found.incremental_profit_cents for _, found in by_contacts])
    taken, _ = _basis(funnel.claim)
    is_drawn = exploration.at_a_loss > 0 and funnel.claim.decided_by == "effect"
    note = "drawn at random" if is_drawn else ""
    return PageTable(
        "Channels. Break-even: the share of expected sales that the contact must cause to pay for "
        "itself; beside it the share that it is taken to cause",
        [
            Cell("Channel", is_number=False),
            *(Cell(head) for head in ("Contacts", "Expected sales", "Cost")),
            *(Cell(head) for head in ("Profit added", "Break-even", taken.capitalize())),
        ],
        [
            Row(_channel_cells(name, found, cost, profit, note if profit < 0 else ""))
            for (name, found), cost, profit in zip(by_contacts, costs, profits, strict=True)
        ],
    )


def _channel_cells(
    name: str, found: ChannelOutlook, cost: float, profit: float, note: str
) -> list[Cell]:
    return [
        Cell(channel(name), note, is_number=False),
        Cell(count(found.contacts)),
        Cell(count(found.predicted_sales)),
        Cell(money(cost)),
        Cell(money(profit)),
        Cell(share(found.break_even_share)),
        Cell(share(_caused_share(found))),
    ]


def _caused_share(found: ChannelOutlook) -> float | None:
    """Return the value that the contacts are expected to cause as a share of the expected sales'."""
    expected = found.predicted_sales_value_cents
    caused = found.incremental_profit_cents + found.contact_cost_cents
    return caused / expected if expected > 0 else None


def _exclusions(funnel: FunnelReport) -> PageTable:
    steps = sorted(
        (one for one in funnel.funnel if one.fell), key=lambda one: (-one.fell, one.step)
    )
    return PageTable(
        "Main reasons for not contacting",
        [Cell("Reason", is_number=False), Cell("Customers")],
        [
            Row([Cell(reason(one.step), is_number=False), Cell(count(one.fell))])
            for one in steps[:_SHOWN]
        ],
    )


def _loads(manifests: Mapping[str, PackageManifest]) -> list[tuple[str, str]]:
    """Return the file of each package that is loaded first, and how."""
    return [
        (f"{folder}/{_first_file(manifest)}", manifest.loading)
        for folder, manifest in sorted(manifests.items())
        if manifest.files
    ]


def _first_file(manifest: PackageManifest) -> str:
    names = sorted(manifest.files)
    return _OFFERS_FILE if _OFFERS_FILE in names else listed(names[:1])
