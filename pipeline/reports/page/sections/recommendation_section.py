"""Recommendations as they are used: what to push, what goes together, which list comes first."""

from collections.abc import Mapping, Sequence

from pipeline.reports.formatting import count, money, share
from pipeline.reports.names import in_segment_order, in_words
from pipeline.reports.page.cells import interval_cell
from pipeline.reports.page.parts import Block, Cell, PageSection, PageTable, Row
from pipeline.reports.page.recommendation_inputs import (
    HeldProduct,
    Hook,
    ProductSet,
    RecommendationTables,
    Thresholds,
)
from pipeline.reports.page.sections.segment_details import tell_lists
from pipeline.reports.page.wave_tables import ShownProduct

_BY_CHANCE = "Times as often as by chance"


def describe_recommendations(
    found: RecommendationTables,
    shown: Mapping[str, Sequence[ShownProduct]],
    links: Sequence[tuple[str, str]],
) -> PageSection:
    """Return the section of the recommendations.

    Args:
        found: what `recommend` found.
        shown: lifecycle stage → the products shown to most of its customers.
        links: (what, where) of all of it.
    """
    return PageSection(
        anchor="recommendations",
        title="Recommendations",
        lead="What to show to whom, which products go together, what to promise for more.",
        blocks=[
            Block(
                "Products to show",
                ["Each customer's own list is in product_lists.csv."],
                tables=_filled(_tabulate_held(found.top_products), _tabulate_lists(found.lists)),
                details=tell_lists(shown),
            ),
            Block(
                "What goes together",
                tables=_filled(
                    _tabulate_pairs("Bought in one basket", found.bought_together),
                    _tabulate_pairs("Bought next, in a later basket", found.bought_next),
                    _tabulate_bundles(found.bundles),
                ),
            ),
            Block(
                "What brings customers back, and for more",
                [_tell_thresholds(found.thresholds)],
                tables=_filled(_tabulate_hooks(found.hooks)),
            ),
        ],
        links=links,
    )


def _filled(*tables: PageTable) -> list[PageTable]:
    return [table for table in tables if table.rows]


def _tabulate_held(held: Sequence[HeldProduct]) -> PageTable:
    return PageTable(
        "Held by most customers",
        [_text("Product"), Cell("Customers"), Cell("Share of all")],
        [
            Row([_text(one.name), Cell(count(one.customers)), Cell(share(one.share))])
            for one in held
        ],
    )


def _tabulate_lists(lists: Mapping[str, Mapping[str, float]]) -> PageTable:
    return PageTable(
        "Where the products shown to each lifecycle stage come from, most of them first",
        [_text("Lifecycle stage"), _text("Lists, with their share")],
        [
            Row([_text(in_words(stage)), _text(_tell_shares(of))])
            for stage, of in sorted(lists.items(), key=lambda one: in_segment_order(one[0]))
        ],
    )


def _tell_shares(lists: Mapping[str, float]) -> str:
    return ", ".join(f"{in_words(name).lower()} {share(part, 0)}" for name, part in lists.items())


def _tabulate_pairs(title: str, pairs: Sequence[ProductSet]) -> PageTable:
    return PageTable(
        title,
        [_text("First"), _text("Second"), Cell("Times"), Cell(_BY_CHANCE)],
        [Row([*map(_text, pair.products), *_times(pair)]) for pair in pairs],
    )


def _tabulate_bundles(bundles: Sequence[ProductSet]) -> PageTable:
    return PageTable(
        "Bundles: sets that are bought or held together",
        [_text("Products"), Cell("Times"), Cell(_BY_CHANCE)],
        [Row([*map(_text, bundle.products), *_times(bundle)]) for bundle in bundles],
    )


def _times(found: ProductSet) -> list[Cell]:
    return [Cell(count(found.times)), interval_cell(found.lift, 1)]


def _tabulate_hooks(hooks: Sequence[Hook]) -> PageTable:
    return PageTable(
        "First products after which customers spent most",
        [
            _text("First product"),
            Cell("Customers"),
            Cell("Spent later, each"),
            Cell("Times the mean of all"),
        ],
        [
            Row(
                [
                    _text(hook.product),
                    Cell(count(hook.customers)),
                    Cell(money(hook.later_cents)),
                    interval_cell(hook.ratio, 1),
                ]
            )
            for hook in hooks
        ],
    )


def _tell_thresholds(found: Thresholds) -> str:
    """Say whether any spend threshold pays under the assumptions, and which gains most."""
    if not found.looked_at:
        return "Spend thresholds: too few orders to judge any."
    if found.best_cents is None:
        return (
            f"Spend thresholds: none of the {count(found.looked_at)} that were looked at pays "
            "under the assumptions of recommend.incentives."
        )
    return (
        f"Spend thresholds: {count(found.paying)} of {count(found.looked_at)} pay under the "
        f"assumptions of recommend.incentives; most is gained at {money(found.best_cents)}, "
        f"segment {in_words(found.best_segment).lower()}."
    )


def _text(text: str) -> Cell:
    return Cell(text, is_number=False)
