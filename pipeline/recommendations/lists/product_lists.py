"""The lists of every customer: made, cleared of what is barred, and put in the stage's order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.foundation.config import LIST_NAMES, LifecycleStage, ListName, RecommendParams
from pipeline.foundation.contracts.frame_rows import OnFrames
from pipeline.foundation.contracts.outputs import PRODUCT_LISTS
from pipeline.recommendations.coded import Coded, Codes
from pipeline.recommendations.lists.assembly import (
    Bar,
    Barred,
    HeldTiers,
    ListLimits,
    OffShelf,
    as_rows,
    assemble,
    permitted,
)
from pipeline.recommendations.lists.list_inputs import ListInputs, rows_by_customer
from pipeline.recommendations.lists.list_makers import MAKERS
from pipeline.recommendations.lists.ranked import NONE
from pipeline.recommendations.lists.shelf import Shelf


def product_lists(coded: Coded, shelf: Shelf, chosen: RecommendParams) -> ir.Table:
    """Make the lists of each customer where the customer's rows are."""
    limits = ListLimits(chosen.products, chosen.per_list)
    maker = ListMaker(shelf, chosen.lists, limits, chosen.consumable_days)
    schema = pa.schema(PRODUCT_LISTS.columns)
    rows = rows_by_customer(coded, chosen.content_days)
    return coded.engine.map_groups(OnFrames(maker, schema), rows, schema, ("customer_id", "what"))


@dataclass(frozen=True)
class ListMaker:
    """From the rows of whole customers to their lists: it goes to where the customers are."""

    shelf: Shelf
    orders: Mapping[LifecycleStage, Sequence[ListName]]
    """By lifecycle stage, the lists in their order."""
    limits: ListLimits
    consumable_days: int
    """A category whose products last longer is only offered a tier up."""

    def __call__(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return PRODUCT_LISTS of the customers, by customer and position.

        Args:
            rows: as `rows_by_customer` returns them, sorted by customer_id.
        """
        inputs, shelf = ListInputs.of(rows, self.shelf), self.shelf
        used = [name for name in LIST_NAMES if any(name in one for one in self.orders.values())]
        bars = _bars(inputs, used, self.consumable_days)
        candidates = [permitted(MAKERS[name](inputs), bars[name]) for name in used]
        group, order_of = _groups(inputs, self.orders, used)
        shown = assemble(candidates, order_of, group, self.limits)
        ids = inputs.customers["customer_id"]
        found = as_rows(shown, ids, shelf.products["product_id"], used)
        categories = shelf.products["category"].to_numpy()[found["product"]]
        return found.assign(as_of_date=shelf.as_of_date.date(), category=categories)


def _bars(
    inputs: ListInputs, used: Sequence[ListName], consumable_days: int
) -> dict[ListName, Sequence[Bar]]:
    """Return what each list may not show; a review is asked for what is held."""
    shelf, count = inputs.shelf, len(inputs.shelf.products)
    was_returned = Barred.of(inputs.returned, count)
    is_lasting = ~(shelf.repurchase_days <= consumable_days)
    once = np.where(is_lasting, shelf.category, NONE).astype(np.int32)
    tiers = shelf.products["tier"].to_numpy(np.int64)
    offered: list[Bar] = [
        OffShelf(shelf.is_shown),
        was_returned,
        Barred.of(inputs.held, count),
        HeldTiers.of(inputs.held, once, tiers),
    ]
    return {name: [was_returned] if name == "review" else offered for name in used}


def _groups(
    inputs: ListInputs,
    orders: Mapping[LifecycleStage, Sequence[ListName]],
    used: Sequence[ListName],
) -> tuple[Codes, list[list[int]]]:
    """Return each customer's group, which is the stage, and the lists of each."""
    stages = sorted(orders)
    number = {name: at for at, name in enumerate(stages)}
    group = inputs.customers["lifecycle_stage"].map(number).to_numpy().astype(np.int32)
    place = {name: at for at, name in enumerate(used)}
    return group, [[place[name] for name in orders[stage]] for stage in stages]
