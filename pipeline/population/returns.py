"""Purchases net of returns: which acquisition a return takes back, and what it takes off the spend.

A return that names the order of an acquisition of the product takes back that one; any other the
last acquisitions before it, last in first out. It takes back as many units as it says, or the whole
acquisition where it says none, and the amount that it says, or that of its units. A return of what
was never acquired in the data counts on its own day, by the amount that it says.

    1 Feb  3 mugs for 30.00;  9 Feb  1 returned      9 Feb on: spend 20.00, still acquired
    1 Feb  1 mug for 10.00;   9 Feb  1 returned      9 Feb on: spend 0.00, acquired nothing

Like `sequence` this follows the order in which the company learnt of the events, so that what is
said of an event is fixed when it was learnt, and is worked out once for all dates.
"""

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import CUSTOMER_PRODUCT_KEYS
from pipeline.population.history import History, cents
from pipeline.population.joins import left_join

MILLI = 1000


def net_of_returns(history: History) -> History:
    """Return the history whose product events tell what returns take back.

    Adds `undone_at` of an acquisition, the moment at which the company knew that all of it was
    returned (empty: never); and of a return `bought_at`, the moment of what it takes back,
    `refund_cents`, and `returned_milli`, the thousandths of the acquisition that it takes back.
    """
    events = history.tables["product_events"]
    pairs = events.filter(events.kind == "returned").select(*CUSTOMER_PRODUCT_KEYS).distinct()
    never = ibis.null(events.occurred_at.type())  # engines differ in the precision of a moment
    others = events.anti_join(pairs, CUSTOMER_PRODUCT_KEYS).mutate(
        undone_at=never,
        bought_at=never,
        refund_cents=ibis.null("int64"),
        returned_milli=ibis.null("int64"),
    )
    netted = _netted(events.semi_join(pairs, CUSTOMER_PRODUCT_KEYS)).select(*others.columns)
    netted = netted.cast({"undone_at": never.type(), "bought_at": never.type()})
    return history.with_table("product_events", others.union(netted))


def kept_acquisitions(history: History) -> ir.Table:
    """Return the known acquisitions without those that were known to be all returned."""
    events = net_of_returns(history).known("product_events")
    acquired = events.filter(events.kind == "acquired")
    return acquired.filter(is_kept(acquired))


def paid_and_refunded(events: ir.Table) -> ir.Table:
    """Return what was paid and, below zero, what was refunded of it: sums of it are net.

    Adds `net_cents`, and `bought_days_ago` of the acquisition, of a refund that of what came back.

    Args:
        events: known product events, `net_of_returns`.
    """
    money = events.filter(events.kind.isin(("acquired", "returned")))
    is_return = money.kind == "returned"
    return money.mutate(
        net_cents=ibis.ifelse(is_return, -money.refund_cents, money.amount_cents),
        bought_days_ago=ibis.ifelse(is_return, bought_days_ago(money), money.age_days),
    )


def is_kept(rows: ir.Table) -> ir.BooleanValue:
    """Say which acquisitions known at the as-of date were not known to be all returned by then."""
    as_of = rows.as_of_date.cast("timestamp")
    return rows.undone_at.isnull() | (rows.undone_at >= as_of)


def bought_days_ago(rows: ir.Table) -> ir.IntegerValue:
    """Return the age in days of the acquisition that a return takes back."""
    return rows.as_of_date.delta(rows.bought_at.date(), unit="day").cast("int64")


def _netted(events: ir.Table) -> ir.Table:
    rows = _with_what_came_before(_placed(events))
    is_return = rows.kind == "returned"
    units = ibis.coalesce(rows.quantity, rows.last_units, 1)
    stated = ibis.ifelse(rows.is_matched & rows.last_cents.isnull(), 0, cents(rows.amount))
    share = (units * rows.last_cents) // rows.last_units
    rows = rows.mutate(
        units=units,
        bought_at=_if(is_return, ibis.coalesce(rows.last_at, rows.occurred_at)),
        refund_cents=_if(is_return, ibis.coalesce(stated, share, 0)),
        returned_milli=_if(
            is_return, ibis.least(ibis.coalesce(MILLI * units // rows.last_units, MILLI), MILLI)
        ),
    )
    rows = _with_level(rows)
    return left_join(rows, _undone(rows), [*CUSTOMER_PRODUCT_KEYS, "place"])


def _placed(events: ir.Table) -> ir.Table:
    """Number the events of each customer and product as the company learnt of them."""
    seen_at = ibis.greatest(ibis.coalesce(events.known_at, events.occurred_at), events.occurred_at)
    rows = events.mutate(
        seen_at=seen_at,
        is_acquired=(events.kind == "acquired").cast("int64"),
        own_units=ibis.coalesce(events.quantity, 1),
    )
    # At one moment an acquisition stands before its return: the kinds stand in that order by name.
    order = [
        rows.seen_at,
        rows.occurred_at,
        rows.kind,
        rows.order_id.fill_null(""),
        rows.own_units,
        cents(rows.amount).fill_null(-1),
    ]
    place = ibis.row_number().over(
        group_by=[rows[key] for key in CUSTOMER_PRODUCT_KEYS], order_by=order
    )
    return rows.mutate(place=place)


def _with_what_came_before(rows: ir.Table) -> ir.Table:
    """Add of the acquisition before a return `last_at`, `last_units` and `last_cents`.

    It is the last one of the order that the return names, or else the last one of all; `is_named`
    tells the two apart.
    """
    of_order = [*CUSTOMER_PRODUCT_KEYS, "order_id"]
    for prefix, keys in (("any", list(CUSTOMER_PRODUCT_KEYS)), ("order", of_order)):
        number = rows.is_acquired.sum().over(
            ibis.cumulative_window(group_by=[rows[key] for key in keys], order_by=rows.place)
        )
        rows = rows.mutate(**{f"{prefix}_number": number})
        same = ibis.window(group_by=[rows[key] for key in (*keys, f"{prefix}_number")])
        is_acquired = rows.is_acquired == 1
        rows = rows.mutate(
            **{
                f"{prefix}_{name}": _if(is_acquired, value).max().over(same)
                for name, value in (
                    ("at", rows.occurred_at),
                    ("units", rows.own_units),
                    ("cents", cents(rows.amount)),
                )
            }
        )
    is_named = rows.order_id.notnull() & rows.order_at.notnull() & (rows.is_acquired == 0)
    return rows.mutate(
        is_named=is_named,
        is_matched=is_named | rows.any_at.notnull(),
        **{
            f"last_{name}": ibis.ifelse(is_named, rows[f"order_{name}"], rows[f"any_{name}"])
            for name in ("at", "units", "cents")
        },
    )


def _with_level(rows: ir.Table) -> ir.Table:
    """Add the units acquired less those returned so far: of the order, and of all else."""
    is_return = rows.kind == "returned"
    gained = ibis.ifelse(rows.is_acquired == 1, rows.own_units, 0)
    rows = rows.mutate(
        gained=gained,
        any_step=gained - ibis.ifelse(is_return & ~rows.is_named, rows.units, 0),
        order_step=gained - ibis.ifelse(is_return & rows.is_named, rows.units, 0),
    )
    of_pair = [rows[key] for key in CUSTOMER_PRODUCT_KEYS]
    return rows.mutate(
        any_level=rows.any_step.sum().over(
            ibis.cumulative_window(group_by=of_pair, order_by=rows.place)
        ),
        order_level=rows.order_step.sum().over(
            ibis.cumulative_window(group_by=[*of_pair, rows.order_id], order_by=rows.place)
        ),
    )


def _undone(rows: ir.Table) -> ir.Table:
    """Return customer × product × place of each acquisition that was all returned, and when.

    A return takes units off the top: an acquisition is all returned once the level is back where
    it stood before it.
    """
    acquired = rows.filter(rows.is_acquired == 1).select(
        *CUSTOMER_PRODUCT_KEYS,
        "place",
        bought_order=rows.order_id,
        any_before=rows.any_level - rows.gained,
        order_before=rows.order_level - rows.gained,
    )
    returned = rows.filter(rows.kind == "returned").select(
        *CUSTOMER_PRODUCT_KEYS,
        "seen_at",
        "is_named",
        "any_level",
        "order_level",
        returned_order=rows.order_id,
        return_place=rows.place,
    )
    pairs = acquired.join(returned, list(CUSTOMER_PRODUCT_KEYS))
    of_all = ~pairs.is_named & (pairs.any_level <= pairs.any_before)
    of_order = (
        pairs.is_named
        & (pairs.bought_order == pairs.returned_order)
        & (pairs.order_level <= pairs.order_before)
    ).fill_null(False)
    ends = pairs.filter((pairs.return_place > pairs.place) & (of_all | of_order))
    return ends.group_by(*CUSTOMER_PRODUCT_KEYS, "place").aggregate(undone_at=ends.seen_at.min())


def _if(condition: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, value, ibis.null(value.type()))
