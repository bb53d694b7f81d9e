"""The first screen: whom to contact, what to expect, what it costs, and which file to load."""

from collections.abc import Callable, Mapping

from pipeline.foundation.contracts.hand_overs.funnel_report import ChannelOutlook, FunnelReport
from pipeline.foundation.contracts.hand_overs.package_manifest import PackageManifest
from pipeline.foundation.contracts.hand_overs.wave_claim import ClaimedAmount, WaveClaim
from pipeline.reports.formatting import UNKNOWN, add_up, count, listed, money, share
from pipeline.reports.language.marks import category
from pipeline.reports.names import channel
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
        sentences=[*_cautions(funnel.claim), *_tell_exploration(exploration)],
        tables=[_categories(funnel), _channels(funnel), _exclusions(funnel)],
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


def _cautions(claim: WaveClaim) -> list[str]:
    sentences = []
    if claim.incremental_profit_cents.low < 0 < claim.incremental_profit_cents.high:
        sentences.append(
            "The interval of the profit reaches below zero: the contacts may add nothing. The "
            "controls that are held back will tell."
        )
    if claim.decided_by == "propensity":
        sentences.append("Offers are weighed by propensity, which counts what would happen anyway.")
    return sentences


def _tell_exploration(found: Exploration) -> list[str]:
    if not found.at_a_loss:
        return []
    return [
        (
            f"{count(found.contacts)} contacts are drawn at random, to learn what a contact causes; "
            f"{count(found.at_a_loss)} of them are expected to cost more than they add, "
            f"{money(found.lost_cents)} in all (experiment.exploration_share)."
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


def _channels(funnel: FunnelReport) -> PageTable:
    by_contacts = sorted(funnel.offers.outlook.items(), key=lambda x: (-x[1].contacts, x[0]))
    costs = add_up([found.contact_cost_cents for _, found in by_contacts])
    profits = add_up([found.incremental_profit_cents for _, found in by_contacts])
    return PageTable(
        "Channels. A channel pays if at least this share of its expected sales is caused by the "
        "contact",
        [
            Cell("Channel", is_number=False),
            *(Cell(head) for head in ("Contacts", "Expected sales", "Cost")),
            *(Cell(head) for head in ("Profit added", "Pays from")),
        ],
        [
            Row(_channel_cells(name, found, cost, profit))
            for (name, found), cost, profit in zip(by_contacts, costs, profits, strict=True)
        ],
    )


def _channel_cells(name: str, found: ChannelOutlook, cost: float, profit: float) -> list[Cell]:
    pays_from = found.break_even_share
    return [
        Cell(channel(name), is_number=False),
        Cell(count(found.contacts)),
        Cell(count(found.predicted_sales)),
        Cell(money(cost)),
        Cell(money(profit)),
        Cell(UNKNOWN if pays_from is None else share(pays_from)),
    ]


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
