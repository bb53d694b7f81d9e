"""When each product was held: the periods from acquisitions to what ended them.

Units count. A return or cancellation takes back as many as it says, those acquired last before it
first; a return that says none the whole of the last acquisition, and a cancellation that says none
all that is held. At one moment what was acquired is given up after it, as on the day of a purchase
and its return; but where the product was acquired before, a cancellation is of that, and the
acquisition of the same moment renews it.

    1 Feb  3 acquired    9 Feb  1 returned     9 Feb on: 2 held
    1 Feb  acquired      1 Mar  cancelled and acquired, a renewal     1 Mar on: held

What ends an acquisition is the first event to do so, so that later ones change nothing of what was
held before them: the periods are found once for all as-of dates. Only where an event was known
later than it occurred, the as-of dates in between have a look of their own at that product.
"""

from collections.abc import Sequence
from dataclasses import replace

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import CUSTOMER_PRODUCT_KEYS, HOLDING_KEYS
from pipeline.foundation.engines import Engine
from pipeline.population.history import History
from pipeline.population.joins import left_join

SECONDS_PER_DAY = 86_400
NEVER_SECONDS = 2**53


def holding_periods(history: History) -> ir.Table:
    """Return as_of_date × customer × product × period that had begun, known at the date.

    Between its midnights `begun_seconds` and `over_seconds` of Unix time, both excluded, the
    product was held; the end may lie after the as-of date. `first_on` is the day of the product's
    first known acquisition; `category` and `tier` are the catalogue's.
    """
    events = history.described("product_events")
    found = history.periods if history.periods is not None else _lasting(history)
    once = found.cross_join(history.dates)
    once = once.filter(once.begun_seconds < seconds_of(once.as_of_date))
    unknown = _not_yet_known(events, history.dates)
    again = _periods(_known_of(history, unknown), HOLDING_KEYS)
    return once.anti_join(unknown, list(HOLDING_KEYS)).select(*again.columns).union(again)


def keep_periods(engine: Engine, history: History) -> History:
    """Return a history with its holding periods found, for whoever looks at it from several dates."""
    return replace(history, periods=engine.materialize(_lasting(history)))


def seconds_of(as_of_date: ir.DateValue) -> ir.IntegerValue:
    """Return the Unix time at which an as-of date begins."""
    return _unix_seconds(as_of_date.cast("timestamp"))


def _unix_seconds(moment: ir.TimestampValue) -> ir.IntegerValue:
    """Return whole seconds: DuckDB's have fractions, and a cast would round them up."""
    return moment.epoch_seconds().cast("float64").floor().cast("int64")


def _lasting(history: History) -> ir.Table:
    """Return the periods that all events tell, whichever the as-of date."""
    return _periods(history.described("product_events"), CUSTOMER_PRODUCT_KEYS)


def _not_yet_known(events: ir.Table, dates: ir.Table) -> ir.Table:
    """Return as_of_date × customer × product with an event that had occurred and was not known."""
    late = events.filter(events.known_at > events.occurred_at).cross_join(dates)
    as_of = late.as_of_date.cast("timestamp")
    hidden = late.filter((late.occurred_at < as_of) & (late.known_at >= as_of))
    return hidden.select(*HOLDING_KEYS).distinct()


def _known_of(history: History, products: ir.Table) -> ir.Table:
    """Return the product events known at each as-of date, of some customers' products."""
    events = history.tables["product_events"]
    some = events.semi_join(products, list(CUSTOMER_PRODUCT_KEYS))
    return (
        history.with_table("product_events", some)
        .known("product_events")
        .semi_join(products, list(HOLDING_KEYS))
    )


def _periods(events: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Return the periods in which each product was held, acquisitions that overlap in one.

    Args:
        events: product events with what the catalogue says of the product.
        keys: those of a customer's product, and with it as_of_date where the events have one.
    """
    rows = _acquisitions(events, keys)
    of_product = [rows[key] for key in keys]
    order = [rows.begun_seconds, rows.over_seconds]
    before = ibis.window(group_by=of_product, order_by=order, rows=(None, -1))
    so_far = ibis.cumulative_window(group_by=of_product, order_by=order)
    covered = rows.over_seconds.max().over(before).fill_null(rows.begun_seconds)
    rows = rows.mutate(
        first_on=rows.occurred_at.date().min().over(so_far),
        is_new=(rows.begun_seconds >= covered).cast("int64"),
    )
    rows = rows.mutate(period=rows.is_new.sum().over(so_far))
    return rows.group_by(*keys, "period").aggregate(
        first_on=rows.first_on.min(),
        category=rows.category.max(),
        tier=rows.tier.max(),
        begun_seconds=rows.begun_seconds.min(),
        over_seconds=rows.over_seconds.max(),
    )


def _acquisitions(events: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Return each acquisition with its `begun_seconds` and `over_seconds`, as of a period."""
    ended = events.filter(events.kind != "acquired").select(*keys).distinct()
    acquired = events.filter(events.kind == "acquired")
    columns = (*keys, "occurred_at", "category", "tier", "repurchase_days", "ended_seconds")
    lasting = acquired.anti_join(ended, list(keys)).mutate(ended_seconds=ibis.null("int64"))
    rows = _with_level(_in_order(events.semi_join(ended, list(keys)), keys), keys)
    given_up = left_join(rows.filter(rows.is_acquired == 1), _ends(rows, keys), [*keys, "place"])
    both = lasting.select(*columns).union(given_up.select(*columns))
    begun = _unix_seconds(both.occurred_at)
    return both.mutate(
        begun_seconds=begun,
        over_seconds=ibis.least(
            (begun + both.repurchase_days * SECONDS_PER_DAY).fill_null(NEVER_SECONDS),
            (both.ended_seconds + 1).fill_null(NEVER_SECONDS),  # still held at that very midnight
        ),
    )


def _in_order(events: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Number the events of a product as they occurred: `place`."""
    of_product = [events[key] for key in keys]
    is_acquired = events.kind == "acquired"
    never = ibis.null(events.occurred_at.type())
    first = ibis.ifelse(is_acquired, events.occurred_at, never).min()
    rows = events.mutate(
        is_acquired=is_acquired.cast("int64"),
        own_units=ibis.coalesce(events.quantity, 1),
        first_at=first.over(group_by=of_product),
    )
    is_of_before = (rows.kind == "cancelled") & (rows.first_at < rows.occurred_at)
    turn = ibis.ifelse(is_of_before.fill_null(False), 0, ibis.ifelse(rows.is_acquired == 1, 1, 2))
    rows = rows.mutate(turn=turn)
    order = [rows.occurred_at, rows.turn, rows.kind, rows.own_units]
    place = ibis.row_number().over(group_by=[rows[key] for key in keys], order_by=order)
    return rows.mutate(place=place)


def _with_level(rows: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Add the units held after each event; what ends all of them is `is_whole`."""
    rows = rows.mutate(number=_so_far(rows, rows.is_acquired, keys))
    since = ibis.window(group_by=[rows[key] for key in (*keys, "number")])
    units_before = (rows.own_units * rows.is_acquired).max().over(since)
    is_whole = (rows.kind == "cancelled") & rows.quantity.isnull()
    taken = ibis.ifelse(is_whole, 0, ibis.coalesce(rows.quantity, units_before))
    rows = rows.mutate(
        is_whole=is_whole, step=ibis.ifelse(rows.is_acquired == 1, rows.own_units, -taken)
    )
    return rows.mutate(level=_so_far(rows, rows.step, keys))


def _so_far(rows: ir.Table, steps: ir.IntegerValue, keys: Sequence[str]) -> ir.IntegerValue:
    """Add up whole numbers from the first event of the product to each."""
    of_product = [rows[key] for key in keys]
    sums = steps.sum().over(ibis.cumulative_window(group_by=of_product, order_by=rows.place))
    return sums.cast("int64")


def _ends(rows: ir.Table, keys: Sequence[str]) -> ir.Table:
    """Return the place of each acquisition that was given up in whole, and when, in Unix time."""
    acquired = rows.filter(rows.is_acquired == 1).select(
        *keys, "place", before=rows.level - rows.step
    )
    ended = rows.filter(rows.is_acquired == 0).select(
        *keys,
        "is_whole",
        "level",
        end_place=rows.place,
        ended_seconds=_unix_seconds(rows.occurred_at),
    )
    pairs = acquired.join(ended, list(keys))
    is_end = (pairs.end_place > pairs.place) & (pairs.is_whole | (pairs.level <= pairs.before))
    ends = pairs.filter(is_end)
    return ends.group_by(*keys, "place").aggregate(ended_seconds=ends.ended_seconds.min())
