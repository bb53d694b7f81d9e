"""The associations on one page of Markdown: the most significant first, and where the rest stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

ROWS = 10
WHOLE_FROM = 1_000
"""From which on a number is shown without decimals; below it has three digits that count."""
INTERVALS = (
    "Intervals are of 95% and for one rule at a time: among thousands of rules, some stand out by "
    "chance. Orders of one customer are not independent, so intervals of baskets are somewhat too "
    "narrow."
)


@dataclass(frozen=True)
class PageSection:
    """A table of the page: its heading, what it says, the file with all of it, and its columns."""

    title: str
    text: str
    file: str
    columns: Sequence[str]


SECTIONS = (
    PageSection(
        "Who holds what",
        "Share of the known customers who hold each of the top products and categories.",
        "penetration",
        ("level", "name", "customers", "share"),
    ),
    PageSection(
        "Who still lacks the other",
        "Customers who hold the first but not the second; below mean spend are those whom a "
        "reactivation is for.",
        "cross_holdings",
        (
            "level",
            "first",
            "second",
            "share_of_first_with_second",
            "first_without_second",
            "of_these_below_mean_spend",
        ),
    ),
    PageSection(
        "Any two, all three",
        "Of three top products or categories, how many customers hold some, two, all.",
        "top_sets",
        ("level", "products", "share_with_any", "share_with_any_two", "share_with_all_three"),
    ),
    PageSection(
        "Bought together",
        "Baskets of two products or more. Lift 1 is chance.",
        "bought_together",
        ("product", "associated_product", "count", "confidence", "lift", "lift_low", "lift_high"),
    ),
    PageSection(
        "Bought next",
        "What the customer's next basket holds.",
        "bought_next",
        ("product", "associated_product", "count", "confidence", "lift", "lift_low", "lift_high"),
    ),
    PageSection(
        "Of the same customer",
        "Ever bought by the same customers.",
        "same_customer",
        ("product", "associated_product", "count", "confidence", "lift", "lift_low", "lift_high"),
    ),
    PageSection(
        "Hooks",
        "Products of the first known basket, by what those customers spent in the days after it; "
        "money in the source's currency, ratio to that of all who began. They may only tell who came, not why.",
        "hooks",
        (
            "product",
            "customers",
            "later_cents",
            "later_basket_cents",
            "ratio",
            "ratio_low",
            "ratio_high",
        ),
    ),
    PageSection(
        "Bundles",
        "Sets of different categories seen in one basket, or with one customer, far more often than "
        "each product for itself would give.",
        "bundles",
        ("among", "products", "count", "joint_lift", "joint_lift_low", "joint_lift_high"),
    ),
    PageSection(
        "Complements and substitutes",
        "Complements stand in one basket; substitutes do not, though the same customers buy both.",
        "relations",
        ("relation", "product", "associated_product", "reason"),
    ),
)


def association_page(tables: Mapping[str, pd.DataFrame], as_of_date: str) -> str:
    """Return the page.

    Args:
        tables: by file name without suffix, the most significant rows first.
        as_of_date: the page holds what was known before it.
    """
    parts = [
        f"# Product associations, as known before {as_of_date}",
        INTERVALS,
        *(_section(section, tables[section.file]) for section in SECTIONS),
    ]
    return "\n\n".join(parts) + "\n"


def _section(section: PageSection, table: pd.DataFrame) -> str:
    if table.empty:
        return f"## {section.title}\n\n{section.text}\n\nNothing with enough customers behind it."
    shown = _in_money(_spread(table)[list(section.columns)])
    lines = [
        "| " + " | ".join(str(name).replace("_", " ") for name in shown) + " |",
        "|" + "---|" * len(section.columns),
        *("| " + " | ".join(map(_cell, row)) + " |" for row in shown.itertuples(index=False)),
    ]
    tail = f"The first {len(table):,} are in [{section.file}.csv]({section.file}.csv)."
    return f"## {section.title}\n\n{section.text}\n\n" + "\n".join(lines) + f"\n\n{tail}"


def _in_money(table: pd.DataFrame) -> pd.DataFrame:
    """Return columns of cents as texts of money, their unit out of the name."""
    cents = [str(name) for name in table if str(name).endswith("_cents")]
    texts = {name: [f"{value / 100:,.2f}" for value in table[name]] for name in cents}
    return table.assign(**texts).rename(
        columns={name: name.removesuffix("_cents") for name in cents}
    )


def _spread(table: pd.DataFrame) -> pd.DataFrame:
    """Return the first rows, of each level, relation or kind of row as many."""
    for name in ("level", "among", "relation"):
        if name in table:
            return table.groupby(name, sort=False).head(ROWS // 2)
    return table.head(ROWS)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= WHOLE_FROM else f"{value:.3g}"
    return str(value).replace("|", "/")
