"""Where the page finds the wave's offers, one by one, the lists of products and the segments."""

import pandas as pd

from pipeline.foundation import paths, stored_tables
from pipeline.offers.answers import answer
from pipeline.reports.page.wave_tables import (
    CUTS,
    WaveTables,
    cut_by_segment,
    most_shown,
    pick_examples,
)

_PRODUCTS_SHOWN = 5
_DECIDED = [
    *("customer_id", "arm", "suppression_reason", "category", "channel", "is_explored"),
    *("propensity", "effect", "value_cents", "contact_cost_cents", "priority_cents"),
]


def read_wave_tables(shown: pd.DataFrame) -> WaveTables:
    """Read and aggregate them.

    Args:
        shown: what `count_shown` returns.
    """
    decided = stored_tables.read_frame(
        paths.table(paths.OFFERS, "next_best_offers"), columns=_DECIDED
    )
    segments = stored_tables.read_frame(paths.SEGMENTS, columns=["customer_id", *CUTS])
    products = stored_tables.read_frame(
        paths.table(paths.VALIDATED, "products"), columns=["product_id", "name"]
    )
    return WaveTables(
        by_segment=cut_by_segment(decided, segments),
        examples=_explain(pick_examples(decided)),
        shown=most_shown(shown, products.set_index("product_id")["name"], _PRODUCTS_SHOWN),
    )


def _explain(customers: list[str]) -> list[str]:
    among = [("customer_id", "in", customers)] if customers else None
    decided, others = (
        stored_tables.read_table(paths.table(paths.OFFERS, name), filters=among).to_pylist()
        for name in ("next_best_offers", "runners_up")
    )
    rows = {row["customer_id"]: row for row in decided}
    return [
        answer(who, rows[who], [row for row in others if row["customer_id"] == who])
        for who in customers
    ]
