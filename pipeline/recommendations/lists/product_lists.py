"""The lists of every customer: made, cleared of what is barred, and put in the stage's order."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.foundation.config import LIST_NAMES, LifecycleStage, ListName
from pipeline.recommendations.coded import Codes
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
from pipeline.recommendations.lists.list_inputs import ListInputs
from pipeline.recommendations.lists.list_makers import MAKERS
from pipeline.recommendations.lists.ranked import NONE


def product_lists(
    inputs: ListInputs,
    returned: pd.DataFrame,
    orders: Mapping[LifecycleStage, Sequence[ListName]],
    limits: ListLimits,
    consumable_days: int,
) -> pd.DataFrame:
    """Return PRODUCT_LISTS, by customer and position.

    Args:
        inputs: what the lists are made from.
        returned: customer and product of what was sent back.
        orders: by lifecycle stage, the lists in their order.
        limits: how many products a customer and a list give.
        consumable_days: a category whose products last longer is only offered a tier up.
    """
    used = [name for name in LIST_NAMES if any(name in order for order in orders.values())]
    bars = _bars(inputs, returned, used, consumable_days)
    candidates = [permitted(MAKERS[name](inputs), bars[name]) for name in used]
    group, order_of = _groups(inputs, orders, used)
    shown = assemble(candidates, order_of, group, limits)
    ids = inputs.customers["customer_id"]
    rows = as_rows(shown, ids, inputs.products["product_id"], used)
    categories = inputs.products["category"].to_numpy()[rows["product"]]
    return rows.assign(as_of_date=inputs.as_of_date.date(), category=categories)


def _bars(
    inputs: ListInputs, returned: pd.DataFrame, used: Sequence[ListName], consumable_days: int
) -> dict[ListName, Sequence[Bar]]:
    """Return what each list may not show; a review is asked for what is held."""
    count = len(inputs.products)
    was_returned = Barred.of(returned, count)
    days = inputs.products["repurchase_days"].to_numpy(np.float64)
    is_lasting = ~(days <= consumable_days)
    once = np.where(is_lasting, inputs.category, NONE).astype(np.int32)
    tiers = inputs.products["tier"].to_numpy(np.int64)
    offered: list[Bar] = [
        OffShelf(inputs.is_shown),
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
