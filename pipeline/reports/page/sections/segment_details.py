"""Segment × category × channel of the wave, a part that opens for each segment; and examples."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.reports.formatting import count, money
from pipeline.reports.language.marks import category
from pipeline.reports.names import channel, in_segment_order, in_words
from pipeline.reports.page.parts import Block, Cell, Detail, PageTable, Row
from pipeline.reports.page.wave_tables import ShownProduct, WaveTables

_CUT_WORDS: Mapping[str, str] = {"lifecycle_stage": "Lifecycle stage", "rfm_segment": "RFM segment"}


def tell_segments(tables: WaveTables) -> Block:
    """Return the contacts of each segment by category and channel."""
    return Block(
        "By segment, category and channel",
        ["Each segment opens into its categories, with the contacts on each channel."],
        details=[
            _detail(f"{_CUT_WORDS[cut]}: {in_words(str(segment))}", rows)
            for cut, found in tables.by_segment.items()
            for segment, rows in sorted(
                found.groupby("segment", observed=True),
                key=lambda one: in_segment_order(str(one[0])),
            )
        ],
    )


def tell_examples(examples: Sequence[str]) -> Block:
    """Return what `python -m pipeline.commands.why` says of a few customers."""
    answers = [one.split("\n") for one in examples]
    return Block(
        "Why, and why not: examples",
        ["As python -m pipeline.commands.why <customer_id> answers for any customer."],
        details=[Detail(first, rest or ["No offer was made."]) for first, *rest in answers],
    )


def tell_lists(shown: Mapping[str, Sequence[ShownProduct]]) -> list[Detail]:
    """Return what the customers of each lifecycle stage are shown most."""
    return [
        Detail(
            f"{in_words(stage)}: {', '.join(one.name for one in products[:1])}, …",
            tables=[
                PageTable(
                    f"Shown to most customers of the stage {in_words(stage).lower()}",
                    [_text("Product"), _text("Mostly from the list"), Cell("Customers")],
                    [
                        Row(
                            [
                                _text(one.name),
                                _text(in_words(one.list_name)),
                                Cell(count(one.customers)),
                            ]
                        )
                        for one in products
                    ],
                )
            ],
        )
        for stage, products in sorted(shown.items(), key=lambda one: in_segment_order(one[0]))
    ]


def _detail(title: str, rows: pd.DataFrame) -> Detail:
    total = rows[["contacts", "sales", "cost_cents", "adds_cents"]].sum()
    return Detail(
        f"{title}: {count(total['contacts'])} contacts, {count(total['sales'])} expected sales, "
        f"{money(total['adds_cents'])} added",
        tables=[_tabulate(title, rows)],
    )


def _tabulate(title: str, rows: pd.DataFrame) -> PageTable:
    channels = sorted(rows["channel"].unique())
    by_category = rows.groupby("category", observed=True)
    sums = by_category[["contacts", "sales", "cost_cents", "adds_cents"]].sum()
    sums = sums.sort_values("contacts", ascending=False, kind="stable")
    on = rows.pivot_table(
        index="category",
        columns="channel",
        values="contacts",
        aggfunc="sum",
        observed=True,
        fill_value=0,
    )
    lines = sums.join(on).reset_index().to_dict("records")
    return PageTable(
        f"{title}: contacts by category and channel",
        [
            _text("Category"),
            *(Cell(channel(one)) for one in channels),
            *(Cell(head) for head in ("Contacts", "Expected sales", "Cost", "Profit added")),
        ],
        [
            Row(
                [
                    _text(category(str(line["category"]))),
                    *(Cell(count(line[one])) for one in (*channels, "contacts", "sales")),
                    *(Cell(money(line[one])) for one in ("cost_cents", "adds_cents")),
                ]
            )
            for line in lines
        ],
    )


def _text(text: str) -> Cell:
    return Cell(text, is_number=False)
