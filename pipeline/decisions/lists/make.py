"""The lists of every customer: made, cleared of what is barred, and put in the stage's order."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.decisions.coded import Codes
from pipeline.decisions.lists.assembly import (
    Bar,
    Barred,
    HeldTiers,
    Limits,
    OffShelf,
    as_rows,
    assemble,
    permitted,
)
from pipeline.decisions.lists.candidates import LISTS, MAKERS, ListName, Situation
from pipeline.decisions.lists.ranked import NONE

BUSINESS_FIRST: ListName = "complementary_services"


def product_lists(
    situation: Situation,
    returned: pd.DataFrame,
    orders: Mapping[str, Sequence[ListName]],
    limits: Limits,
    consumable_days: int,
) -> pd.DataFrame:
    """Return customer_id, list, position, product and product_id, by customer and position.

    Args:
        situation: what the lists are made from.
        returned: customer and product of what was sent back.
        orders: by lifecycle stage, the lists in their order.
        limits: how many products a customer and a list give.
        consumable_days: a category whose products last longer is only offered a tier up.
    """
    used = [name for name in LISTS if any(name in order for order in orders.values())]
    made = {name: MAKERS[name](situation) for name in used}
    cleared = permitted(made, _bars(situation, returned, used, consumable_days))
    group, order_of = _groups(situation, orders, used)
    shown = assemble([cleared[name] for name in used], order_of, group, limits)
    ids = situation.customers["customer_id"]
    return as_rows(shown, ids, situation.products["product_id"], used)


def _bars(
    situation: Situation, returned: pd.DataFrame, used: Sequence[ListName], consumable_days: int
) -> dict[str, Sequence[Bar]]:
    """Return what each list may not show; a review is asked for what is held."""
    count = len(situation.products)
    was_returned = Barred.of(returned, count)
    days = situation.products["repurchase_days"].to_numpy(np.float64)
    is_lasting = ~(days <= consumable_days)
    once = np.where(is_lasting, situation.category, NONE).astype(np.int32)
    tiers = situation.products["tier"].to_numpy(np.int64)
    offered: list[Bar] = [
        OffShelf(situation.is_shown),
        was_returned,
        Barred.of(situation.held, count),
        HeldTiers.of(situation.held, once, tiers),
    ]
    return {name: [was_returned] if name == "review" else offered for name in used}


def _groups(
    situation: Situation, orders: Mapping[str, Sequence[ListName]], used: Sequence[ListName]
) -> tuple[Codes, list[list[int]]]:
    """Return each customer's group, a stage of consumers or of businesses, and its lists."""
    stages = sorted(orders)
    is_business = (situation.customers["customer_type"] == "business").to_numpy(np.int32)
    stage = situation.customers["lifecycle_stage"].map({name: at for at, name in enumerate(stages)})
    group = stage.to_numpy(np.int32) * 2 + is_business
    place = {name: at for at, name in enumerate(used)}
    order_of = []
    for name in stages:
        for_all = [place[one] for one in orders[name] if one != BUSINESS_FIRST]
        first = [place[BUSINESS_FIRST]] if BUSINESS_FIRST in place else []
        order_of += [for_all, first + for_all]
    return np.asarray(group, dtype=np.int32), order_of
