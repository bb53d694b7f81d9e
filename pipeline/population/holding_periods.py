"""When each acquisition that is known at an as-of date was given up: its holding period.

Units count. A return or cancellation takes back as many as it says, those acquired last before it
first; a return that says none the whole of the last acquisition, and a cancellation that says none
all that is held. At one moment what was acquired is given up after it, as on the day of a purchase
and its return; but where the product was acquired before, a cancellation is of that, and the
acquisition of the same moment renews it.

    1 Feb  3 acquired    9 Feb  1 returned     9 Feb on: 2 held
    1 Feb  acquired      1 Mar  cancelled and acquired, a renewal     1 Mar on: held
"""

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import HOLDING_KEYS
from pipeline.population.history import History
from pipeline.population.joins import left_join

_COLUMNS = ("category", "tier", "repurchase_days", "age_days", "age_seconds")


def holding_periods(history: History) -> ir.Table:
    """Return as_of_date × customer × product × known acquisition, with `ended_seconds`.

    That is how long before the as-of date it was given up in whole; empty: never. Ages, category,
    tier and `repurchase_days` are as `History.known` has them.
    """
    events = history.known("product_events")
    ended = events.filter(events.kind != "acquired").select(*HOLDING_KEYS).distinct()
    acquired = events.filter(events.kind == "acquired")
    lasting = acquired.anti_join(ended, list(HOLDING_KEYS)).select(*HOLDING_KEYS, *_COLUMNS)
    lasting = lasting.mutate(ended_seconds=ibis.null("int64"))
    rows = _with_level(_in_order(events.semi_join(ended, list(HOLDING_KEYS))))
    given_up = left_join(rows.filter(rows.is_acquired == 1), _ends(rows), [*HOLDING_KEYS, "place"])
    return lasting.union(given_up.select(*lasting.columns))


def _in_order(events: ir.Table) -> ir.Table:
    """Number the events of a product as they occurred: `place`."""
    of_product = [events[key] for key in HOLDING_KEYS]
    is_acquired = events.kind == "acquired"
    first = ibis.ifelse(is_acquired, events.age_seconds, ibis.null("int64")).max()
    rows = events.mutate(
        is_acquired=is_acquired.cast("int64"),
        own_units=ibis.coalesce(events.quantity, 1),
        first_seconds=first.over(ibis.window(group_by=of_product)),
    )
    is_of_before = (rows.kind == "cancelled") & (rows.first_seconds > rows.age_seconds)
    turn = ibis.ifelse(is_of_before.fill_null(False), 0, ibis.ifelse(rows.is_acquired == 1, 1, 2))
    rows = rows.mutate(turn=turn)
    order = [ibis.desc(rows.age_seconds), rows.turn, rows.kind, rows.own_units]
    place = ibis.row_number().over(group_by=[rows[key] for key in HOLDING_KEYS], order_by=order)
    return rows.mutate(place=place)


def _with_level(rows: ir.Table) -> ir.Table:
    """Add the units held after each event; what ends all of them is `is_whole`."""
    rows = rows.mutate(number=_so_far(rows, rows.is_acquired))
    since = ibis.window(group_by=[rows[key] for key in (*HOLDING_KEYS, "number")])
    units_before = (rows.own_units * rows.is_acquired).max().over(since)
    is_whole = (rows.kind == "cancelled") & rows.quantity.isnull()
    taken = ibis.ifelse(is_whole, 0, ibis.coalesce(rows.quantity, units_before))
    rows = rows.mutate(
        is_whole=is_whole, step=ibis.ifelse(rows.is_acquired == 1, rows.own_units, -taken)
    )
    return rows.mutate(level=_so_far(rows, rows.step))


def _so_far(rows: ir.Table, steps: ir.IntegerValue) -> ir.IntegerValue:
    """Add up whole numbers from the first event of the product to each."""
    of_product = [rows[key] for key in HOLDING_KEYS]
    sums = steps.sum().over(ibis.cumulative_window(group_by=of_product, order_by=rows.place))
    return sums.cast("int64")


def _ends(rows: ir.Table) -> ir.Table:
    """Return the place of each acquisition that was given up in whole, and how long ago."""
    acquired = rows.filter(rows.is_acquired == 1).select(
        *HOLDING_KEYS, "place", before=rows.level - rows.step
    )
    ended = rows.filter(rows.is_acquired == 0).select(
        *HOLDING_KEYS,
        "is_whole",
        "level",
        end_place=rows.place,
        end_seconds=rows.age_seconds,
    )
    pairs = acquired.join(ended, list(HOLDING_KEYS))
    is_end = (pairs.end_place > pairs.place) & (pairs.is_whole | (pairs.level <= pairs.before))
    ends = pairs.filter(is_end)
    return ends.group_by(*HOLDING_KEYS, "place").aggregate(ended_seconds=ends.end_seconds.max())
