"""The wave: who came, who fell at which rule, what is offered to whom, and what it can show."""

from collections.abc import Mapping

from pipeline.foundation.contracts.arms import ARMS, CONTROLS
from pipeline.foundation.contracts.hand_overs.funnel_report import (
    AllocationOptimum,
    FunnelReport,
    OfferCounts,
    PrioritySensitivity,
    SampleSizeAdvice,
)
from pipeline.reports.charts.count_charts import draw_funnel
from pipeline.reports.formatting import UNKNOWN, count, listed, number, share
from pipeline.reports.language.marks import category
from pipeline.reports.names import TITLES, channel
from pipeline.reports.page.cells import points
from pipeline.reports.page.parts import Block, Cell, PageSection, PageTable, Picture, Row
from pipeline.reports.page.rule_words import arm, reason, tell_limits
from pipeline.reports.page.sections.segment_details import tell_examples, tell_segments
from pipeline.reports.page.wave_tables import WaveTables

RuleLimits = Mapping[str, Mapping[str, object]]
_PARTS: Mapping[str, tuple[str, str]] = {
    "propensity": ("Propensity", "how likely it is"),
    "effect": ("Effect", "how much likelier the contact makes it"),
    "contact_cost_cents": ("Contact cost", "which differs by channel"),
    "value_cents": ("Value", "the profit if it is taken up"),
    "context": ("Context", "the season of the category"),
    "lever": ("Lever", "what the company wants more of"),
}


def describe_wave(funnel: FunnelReport, limits: RuleLimits, tables: WaveTables) -> PageSection:
    """Return the section of the wave.

    Args:
        funnel: reports/funnel.json.
        limits: how far each rule of the contact policy goes.
        tables: the wave's offers by segment, and examples of them.
    """
    return PageSection(
        anchor="wave",
        title="Next campaign",
        lead="Who is contacted next, who is not, and why not.",
        facts=wave_facts(funnel),
        blocks=[
            _tell_funnel(funnel, limits),
            _tell_offers(funnel.offers),
            tell_segments(tables),
            tell_examples(tables.examples),
            _tell_arms(funnel),
            _tell_sensitivity(funnel),
        ],
    )


def wave_facts(funnel: FunnelReport) -> list[tuple[str, str]]:
    """Return the headline of the wave."""
    offers = funnel.offers
    return [
        ("Wave", funnel.wave),
        ("Customers looked at", count(funnel.customers)),
        ("With an offer", count(_in_arms(offers.arms, *ARMS))),
        ("To be contacted", count(offers.sent)),
        ("Kept as controls", count(_in_arms(offers.arms, *CONTROLS))),
    ]


def _tell_funnel(funnel: FunnelReport, limits: RuleLimits) -> Block:
    steps = [one for one in funnel.funnel if one.fell]
    said = "; ".join(f"{reason(one.step).lower()} {count(one.fell)}" for one in steps)
    sent = funnel.offers.sent
    sentences = [
        (
            f"Of {count(funnel.customers)} customers, {count(sent)} "
            f"({share(sent / funnel.customers if funnel.customers else None)}) are to be "
            "contacted. Each of the others falls at the first rule that leaves nothing to offer them, "
            "and is counted there alone."
        ),
    ]
    if funnel.rules_switched_off:
        names = listed([one.replace("_", " ") for one in funnel.rules_switched_off])
        sentences.append(f"Excludes nobody, since the source lacks its table: {names}.")
    sentences += funnel.remedies.values()
    return Block(
        "Who falls where",
        sentences,
        [
            Picture(
                draw_funnel(steps, [reason(one.step) for one in steps], sent),
                f"Customers left after each rule: of {count(funnel.customers)}, {said}; "
                f"{count(sent)} are to be contacted.",
                "From the top down: how many are left (pale), and how many each rule takes away "
                "(orange). Rules that take nobody are in the table only.",
            )
        ],
        [_tabulate_funnel(funnel, limits)],
    )


def _tabulate_funnel(funnel: FunnelReport, limits: RuleLimits) -> PageTable:
    touched = funnel.touched_by_rule
    return PageTable(
        "In the order of the rules. Touched: lose a channel, a category or everything to the rule, "
        "whether or not another rule excludes them too",
        [
            Cell("Why not, and the reason's name in the files", is_number=False),
            *(Cell(head) for head in ("Came", "Fell", "Left", "Touched")),
        ],
        [
            Row(
                [
                    Cell(
                        reason(one.step),
                        tell_limits(one.step, limits.get(one.step, {})),
                        is_number=False,
                    ),
                    *(Cell(count(left)) for left in (one.came, one.fell, one.stayed)),
                    Cell(count(touched.get(one.step))),
                ]
            )
            for one in funnel.funnel
        ],
    )


def _tell_offers(offers: OfferCounts) -> Block:
    counted = (
        ("Model", offers.by_model, lambda name: TITLES.get(name, name)),
        ("Channel", offers.by_channel, channel),
        ("Category", offers.by_category, category),
    )
    return Block(
        "What is offered",
        ["At most one offer a customer."],
        tables=[
            PageTable(
                f"Offers to be sent, by {title.lower()}",
                [Cell(title, is_number=False), Cell("Offers"), Cell("Share")],
                [
                    Row(
                        [
                            Cell(called(name), is_number=False),
                            Cell(count(found)),
                            Cell(share(found / offers.sent)),
                        ]
                    )
                    for name, found in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
                ],
            )
            for title, counts, called in counted
        ],
    )


def _tell_arms(funnel: FunnelReport) -> Block:
    arms, advice = funnel.offers.arms, funnel.sample_size
    campaigns = sorted({cell.rpartition(" ")[0] for cell in arms})
    return Block(
        "What the wave can show",
        [
            (
                "Controls have an offer that is not sent: only beside them can be said what a contact "
                "causes. They are drawn at random, and households stay together."
            ),
            *(_advise(name, found) for name, found in advice.items()),
            *(
                _advise_precision(name, found)
                for name, found in advice.items()
                if found.wanted_precision is not None
            ),
        ],
        tables=[
            PageTable(
                "Arms of each campaign, and what its size can show",
                [
                    Cell("Campaign", is_number=False),
                    *(Cell(arm(name)) for name in ARMS),
                    Cell("Expected without contact"),
                    Cell("Least difference that shows"),
                    Cell("Customers needed to show a tenth more"),
                ],
                [
                    Row(
                        [
                            Cell(campaign, is_number=False),
                            *(Cell(count(arms.get(f"{campaign} {name}", 0))) for name in ARMS),
                            *_advice_cells(advice.get(campaign)),
                        ]
                    )
                    for campaign in campaigns
                ],
            )
        ],
    )


def _advice_cells(advice: SampleSizeAdvice | None) -> list[Cell]:
    if advice is None:
        return [Cell(UNKNOWN)] * 3
    return [
        Cell(share(advice.base_rate, 2)),
        Cell(points(advice.detectable_uplift)),
        Cell(count(advice.customers_for_a_tenth_more)),
    ]


def _advise(campaign: str, advice: SampleSizeAdvice) -> str:
    """Say what a campaign's size can show, before it is sent."""
    least, needed = advice.detectable_uplift, advice.customers_for_a_tenth_more
    if least is None or needed is None:
        return f"{campaign}: without controls, or with no response to expect, nothing can show."
    many = f"{count(advice.customers)} customers, {share(advice.control_share, 0)} of them"
    said = (
        f"{campaign}: with {many} controls and {share(advice.base_rate, 2)} expected to do it "
        f"uncontacted, a difference of {points(least)} or more would probably show."
    )
    if advice.customers >= needed:
        return f"{said} That is enough to show a response that is a tenth higher."
    return (
        f"{said} A response that is a tenth higher would take {count(needed)} customers, so a "
        "result of nothing will not mean that there is nothing: several waves together, or a "
        "larger control group, show more."
    )


def _advise_precision(campaign: str, advice: SampleSizeAdvice) -> str:
    """Say how large controls and exploration should be for an effect known to a quarter."""
    wanted = f"to within {points(advice.wanted_precision)} (a quarter of what is expected anyway)"
    controls = (
        f"takes {share(advice.controls_for_precision, 1)} of the offered as controls"
        if advice.controls_for_precision is not None
        else "takes more customers than the wave has, whatever the share of controls"
    )
    channels = (
        f"to know it for each channel, explore {share(advice.exploration_for_precision, 1)} of them"
        if advice.exploration_for_precision is not None
        else "for each channel, one wave cannot: several waves together can"
    )
    return f"{campaign}: to know the effect {wanted} {controls}; {channels}."


def _tell_sensitivity(funnel: FunnelReport) -> Block:
    parts, allocation = funnel.sensitivity, funnel.allocation
    idle = [_PARTS[one][0].lower() for one in parts if _is_idle(parts[one])]
    sentences = [
        (
            f"Offers are ranked by {funnel.claim.decided_by} times value times context times lever, "
            "less what the contact costs. Each part is left out in turn."
        ),
        funnel.claim.statement,
    ]
    if idle:
        sentences.append(f"Without {listed(idle)}, no offer would change.")
    sentences.append(_tell_allocation(allocation))
    return Block(
        "What decides",
        sentences,
        tables=[
            PageTable(
                "Without this part",
                [
                    Cell("Part", is_number=False),
                    Cell("Customers whose first offer would be another"),
                    Cell("Rank correlation with the order as it is (1 is the same)"),
                ],
                [
                    Row(
                        [
                            Cell(*_PARTS[name], is_number=False),
                            Cell(share(found.changed_offers_share)),
                            Cell(number(found.rank_correlation, 2)),
                        ]
                    )
                    for name, found in sorted(
                        parts.items(), key=lambda one: (-one[1].changed_offers_share, one[0])
                    )
                ],
            )
        ],
    )


def _tell_allocation(allocation: AllocationOptimum) -> str:
    if not allocation.is_bound_by_limits:
        return "No limit on channels, categories or budget binds: everybody gets their best offer."
    bound = allocation.bound_cents
    reached = share(allocation.value_cents / bound, 2) if bound else UNKNOWN
    return (
        "Limits on channels, categories or budget bind; within them the offers reach "
        f"{reached} of what no choice could exceed."
    )


def _is_idle(found: PrioritySensitivity) -> bool:
    return found.changed_offers_share == 0 and found.rank_correlation == 1


def _in_arms(arms: Mapping[str, int], *names: str) -> int:
    return sum(found for cell, found in arms.items() if cell.rpartition(" ")[2] in names)
