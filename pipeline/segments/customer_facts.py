"""What each customer had bought, visited and held at an as-of date: one row each.

A purchase is a day on which something was acquired: it needs no order id, and ten lines of one
basket are one purchase. Counts of a window and spend are net of the returns known at the date: a
day of which nothing was kept is no purchase, and a refund is taken off the spend of the day on
which its product was bought.
"""

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import CUSTOMER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.population.history import History
from pipeline.population.holdings import held_products
from pipeline.population.joins import left_join
from pipeline.population.returns import MILLI, is_kept, net_of_returns, paid_and_refunded

YEAR_DAYS = 365


def customer_facts(engine: Engine, history: History, horizon_days: int) -> ir.Table:
    """Return as_of_date × known customer with counts, cents and days; no facts count as 0.

    `horizon_*` cover the forecast's horizon, so that what one date has behind it is
    what an earlier date had ahead of it. Days since, and gaps, are empty where there is none.
    """
    events = engine.materialize(
        _netted(net_of_returns(history).known("product_events")).select(
            *CUSTOMER_KEYS,
            "kind",
            "age_days",
            "category",
            "is_kept",
            "returned_milli",
            "net_cents",
            "bought_days_ago",
        )
    )
    days = engine.materialize(purchase_days(events))
    facts = history.customers.select(*CUSTOMER_KEYS, "known_from", "customer_type")
    facts = facts.mutate(known_days=facts.as_of_date.delta(facts.known_from.date(), unit="day"))
    parts = [_buying(events, horizon_days), _rhythm(days, horizon_days), _contracts(history)]
    if history.has("interactions"):
        parts.append(_touches(history.known("interactions")))
    for part in parts:  # one after another: together their groups do not fit into the engine
        facts = left_join(facts, engine.materialize(part), CUSTOMER_KEYS)
    counts = {
        name: facts[name].fill_null(0)
        for name in facts.columns
        if "_count" in name or "_cents" in name
    }
    return facts.drop("known_from").mutate(**counts, known_days=facts.known_days.cast("int64"))


def _netted(events: ir.Table) -> ir.Table:
    money = paid_and_refunded(events)
    return money.mutate(is_kept=(money.kind == "acquired") & is_kept(money))


def purchase_days(events: ir.Table) -> ir.Table:
    """Return as_of_date × customer × day with a purchase, and the days since the one before.

    Adds `is_kept`, whether anything of the day was kept.

    Args:
        events: the product events known at each date, with `is_kept`.
    """
    bought = events.filter(events.kind == "acquired")
    days = bought.group_by(*CUSTOMER_KEYS, "age_days").aggregate(is_kept=bought.is_kept.any())
    earlier = days.age_days.lead().over(group_by=CUSTOMER_KEYS, order_by=days.age_days)
    return days.mutate(gap_days=(earlier - days.age_days).cast("int64"))


def events_by_day(events: ir.Table) -> ir.Table:
    """Return day × number of product events, in order."""
    dated = events.select(day=events.occurred_at.date())
    return dated.group_by("day").aggregate(events=dated.count()).order_by("day")


def _buying(events: ir.Table, horizon_days: int) -> ir.Table:
    is_acquired = events.kind == "acquired"
    windows = {"30d": 30, "120d": 120, "365d": YEAR_DAYS, "horizon": horizon_days}
    within = {name: events.age_days <= days for name, days in windows.items()}
    return events.group_by(*CUSTOMER_KEYS).aggregate(
        acquired_count=is_acquired.sum(),
        returned_count=_returned(events),
        acquired_count_horizon=(is_acquired & within["horizon"]).sum(),
        returned_count_horizon=_returned(events, within["horizon"]),
        returned_count_120d=_returned(events, within["120d"]),
        category_count_120d=events.category.nunique(where=events.is_kept & within["120d"]),
        **{
            f"spend_cents_{name}": _spend(events, events.bought_days_ago <= days)
            for name, days in windows.items()
        },
    )


def _returned(events: ir.Table, where: ir.BooleanValue | None = None) -> ir.Value:
    """Count what came back in acquisitions: one of three that were bought together is a third."""
    milli = events.returned_milli.sum(where=where).cast("int64").fill_null(0)
    return milli.cast("float64") / float(MILLI)


def _spend(events: ir.Table, condition: ir.BooleanValue) -> ir.Value:
    """Add what was paid less what was refunded; more refunded than paid is no spend."""
    return ibis.greatest(events.net_cents.sum(where=condition).cast("int64").fill_null(0), 0)


def _rhythm(days: ir.Table, horizon_days: int) -> ir.Table:
    return days.group_by(*CUSTOMER_KEYS).aggregate(
        purchase_count=days.count(),
        purchase_count_30d=(days.is_kept & (days.age_days <= 30)).sum(),
        purchase_count_120d=(days.is_kept & (days.age_days <= 120)).sum(),
        purchase_count_365d=(days.is_kept & (days.age_days <= YEAR_DAYS)).sum(),
        days_since_purchase=days.age_days.min(),
        days_since_first_purchase=days.age_days.max(),
        gap_count=days.gap_days.count(),
        median_gap_days=days.gap_days.median().cast("float64"),
        last_gap_days=days.gap_days.argmin(days.age_days),
        days_since_first_in_horizon=days.age_days.max(where=days.age_days <= horizon_days),
    )


def _contracts(history: History) -> ir.Table:
    """Count what is held until cancelled."""
    held = held_products(history)
    lasting = history.products.filter(history.products.repurchase_days.isnull())
    running = held.semi_join(lasting, "product_id")
    return running.group_by(*CUSTOMER_KEYS).aggregate(contract_count=running.count())


def _touches(touches: ir.Table) -> ir.Table:
    return touches.group_by(*CUSTOMER_KEYS).aggregate(
        touch_count=touches.count(),
        touch_count_30d=(touches.age_days <= 30).sum(),
        touch_count_120d=(touches.age_days <= 120).sum(),
        days_since_touch=touches.age_days.min(),
    )
