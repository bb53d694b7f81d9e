"""The outcome table of a wave: one row for everybody in an arm, sent or not (intention to treat).

An order counts in every wave in which an offer of its customer's was running. Were it taken from
the earlier wave as soon as a later one has an offer for the same customer, then whoever the later
wave leaves out because the earlier one contacted them would keep orders that the controls lose: an
effect of nothing but bookkeeping. Days and category of an offer are fixed before its draw, so what
counts is the same for every arm.
"""

import pandas as pd

from pipeline.campaigns.attribution import fits, runs
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.households import randomisation_units
from pipeline.foundation.contracts.responses import KINDS, ORDERED

WITHOUT_HOUSEHOLDS = (
    "The wave was sealed without households, so every customer counts alone: where households were "
    "drawn together, the intervals are too narrow."
)


def outcomes(wave: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    """Return what everybody in an arm of one wave did.

    Args:
        wave: the sealed wave, with the households of the day on which it was decided.
        matched: responses to all waves, as `match` returns them.

    Returns:
        The wave's rows with an arm, in their order, with `household`, the unit of the draw; a flag
        for each kind of response; `take_up` (0 or 1: ordered, and not all of it paid back);
        `revenue_cents`, the amounts of the orders less refunds; and `profit_cents`, the offer's
        value if it was taken up less what the contact cost.
    """
    drawn = wave[wave["arm"].notna()]
    counted = matched[matched["is_counted"]]
    reacted = counted[counted["wave"].isin(wave["wave"]) & (counted["kind"] != ORDERED)]
    bought = _orders_by_customer(orders_of(drawn, counted)).reindex(drawn["customer_id"])
    did = {kind: drawn["customer_id"].isin(_who(reacted, kind)) for kind in KINDS}
    taken = bought["take_up"].fillna(0).astype("int64").set_axis(drawn.index)
    cost = drawn["contact_cost_cents"].where(drawn["arm"] == TREATED, 0)
    return drawn.assign(
        **did | {ORDERED: bought["has_ordered"].eq(other=True).set_axis(drawn.index)},
        household=randomisation_units(drawn),
        take_up=taken,
        revenue_cents=bought["net_cents"].fillna(0).astype("int64").set_axis(drawn.index),
        profit_cents=(taken * drawn["value_cents"] - cost).astype("int64"),
    )


def is_answered(wave: pd.DataFrame, matched: pd.DataFrame) -> bool:
    """Say whether anything that counts has come back from a wave."""
    counted = matched[matched["is_counted"]]
    is_of_it = bool(counted["wave"].isin(wave["wave"]).any())
    return is_of_it or bool(len(orders_of(wave[wave["arm"].notna()], counted)))


def orders_of(drawn: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Return the orders and refunds that count for a wave's offers: on their days, of their category.

    Args:
        drawn: the wave's rows with an arm.
        counted: responses that count, as `match` returns them.
    """
    orders = counted.loc[
        counted["kind"] == ORDERED, ["customer_id", "counts_at", "spoken_of", "amount_cents"]
    ]
    offers = drawn[["customer_id", "valid_from", "valid_until", "category"]]
    pairs = orders.merge(offers.rename(columns={"category": "offered"}), on="customer_id")
    return pairs[fits(pairs) & runs(pairs)]


def _orders_by_customer(orders: pd.DataFrame) -> pd.DataFrame:
    """Return by customer `has_ordered`, `net_cents`, and `take_up`: something was not paid back.

    Three rows of one customer: an order of 49.90, a refund of -49.90, an order of 20.00. Net 20.00
    are left, so the offer is taken up; without the last row nothing is, and it is not. An order
    without an amount is undone by any refund that leaves nothing.
    """
    amount = orders["amount_cents"].fillna(0).astype("int64")
    is_refund = amount < 0
    rows = orders[["customer_id"]].assign(
        net_cents=amount, is_refund=is_refund, is_order=~is_refund
    )
    sums = rows.groupby("customer_id")[["net_cents", "is_refund", "is_order"]].sum()
    is_undone = (sums["is_refund"] > 0) & (sums["net_cents"] <= 0)
    has_ordered = sums["is_order"] > 0
    return pd.DataFrame(
        {
            "has_ordered": has_ordered,
            "net_cents": sums["net_cents"],
            "take_up": (has_ordered & ~is_undone).astype("int64"),
        }
    )


def _who(reacted: pd.DataFrame, kind: str) -> "pd.Series[str]":
    return reacted.loc[reacted["kind"] == kind, "customer_id"]
