"""What each customer did in each category, in whole numbers: one pass over the ledger for all families.

Every column is a count, a sum, a least or a greatest, so that a customer's is that of the
categories; `of_customers` brings them together.

Quantities and money are net of the returns known at the as-of date: an acquisition that was all
returned does not count, and what came back is taken off the spend of the window in which it was
bought. The rhythm (first, last, days and gaps) is that of all acquisitions: it tells when customers
come, whatever they keep.
"""

import ibis
import ibis.expr.types as ir

from pipeline.features.feature import YEAR_DAYS
from pipeline.features.window_expressions import a_year_ago, recency_weight, within
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_KEYS
from pipeline.population.history import History
from pipeline.population.returns import bought_days_ago, is_kept

SEASON_DAYS = 30
HALF_LIFE_DAYS = 30
SPEND_DAYS = (30, 90, 365)
LEAST = ("last_acquired", "second_last_acquired", "last_cancelled", "second_last_cancelled")
GREATEST = ("first_acquired",)


def purchases(history: History) -> ir.Table:
    """Return one row per as_of_date × customer_id × category with a known product event.

    Args:
        history: its product events must be `net_of_returns` and `in_sequence`.
    """
    events = history.tables["product_events"]
    acquired, ended = (
        history.with_table("product_events", events.filter(chosen)).known("product_events")
        for chosen in (events.kind == "acquired", events.kind != "acquired")
    )
    acquired, ended = _acquired(acquired), _given_up(ended)
    both = acquired.outer_join(ended, list(CANDIDATE_KEYS))
    counts = [
        name for name in (*acquired.columns, *ended.columns) if name.startswith(("n_", "sum_"))
    ]
    rows = both.mutate(
        **{key: ibis.coalesce(both[key], both[f"{key}_right"]) for key in CANDIDATE_KEYS},
        **{name: both[name].fill_null(0) for name in counts},
    ).drop(*(f"{key}_right" for key in CANDIDATE_KEYS))
    refunds = [f"sum_refund_cents_{days}" for days in SPEND_DAYS]
    return rows.mutate(
        **{
            f"sum_cents_{days}": rows[f"sum_cents_{days}"] - rows[refund]
            for days, refund in zip(SPEND_DAYS, refunds, strict=True)
        }
    ).drop(*refunds)


def of_customers(bought: ir.Table) -> ir.Table:
    """Return what `purchases` returns by as_of_date × customer_id, without what is of a category."""
    return bought.group_by(*CUSTOMER_KEYS).aggregate(
        **{name: bought[name].min() for name in LEAST},
        **{name: bought[name].max() for name in GREATEST},
        **{
            name: bought[name].sum().cast("int64")
            for name in bought.columns
            if name.startswith(("n_", "sum_")) and "_category_" not in name
        },
    )


def _acquired(events: ir.Table) -> ir.Table:
    rows = _prepared(events)
    kept = is_kept(rows)
    kept_in_year = kept & within(rows, YEAR_DAYS)
    a_year = within(rows, YEAR_DAYS)
    return rows.group_by(*CANDIDATE_KEYS).aggregate(
        n_acquired=rows.count(where=kept),
        n_bought_365=rows.count(where=a_year),
        n_acquired_season=rows.count(where=kept & a_year_ago(rows, SEASON_DAYS)),
        **{
            f"n_acquired_{days}": rows.count(where=kept & within(rows, days))
            for days in (7, 30, 90, 365)
        },
        **{f"sum_cents_{days}": _sum(rows.amount_cents, within(rows, days)) for days in SPEND_DAYS},
        n_priced_365=rows.amount_cents.count(where=kept_in_year),
        n_discounted_365=_sum(rows.is_discounted, kept_in_year),
        sum_discount_cents_365=_sum(rows.discount_cents, kept_in_year),
        sum_tiers_365=_sum(rows.tier, kept_in_year),
        sum_weight=_sum(rows.weight, kept),
        first_acquired=rows.age_days.max(),
        last_acquired=rows.age_days.min(),
        second_last_acquired=(rows.age_days + rows.gap).min(),
        second_last_in_category=(rows.age_days + rows.category_gap).min(),
        highest_tier=rows.tier.max(where=kept),
        runs_out=(rows.repurchase_days - rows.age_days).max(where=kept),
        n_days=_sum(rows.is_new_day),
        n_days_90=_sum(rows.is_new_day, within(rows, 90)),
        n_days_365=_sum(rows.is_new_day, a_year),
        n_gaps=rows.gap.count(),
        sum_gaps=_sum(rows.gap),
        sum_squared_gaps=_sum(rows.gap * rows.gap),
        n_category_days=_sum(rows.is_new_category_day),
        n_category_days_365=_sum(rows.is_new_category_day, a_year),
        n_category_gaps=rows.category_gap.count(),
        sum_category_gaps=_sum(rows.category_gap),
        sum_category_squared_gaps=_sum(rows.category_gap * rows.category_gap),
        n_upgrades=_sum(rows.is_upgrade, kept),
        n_upgrades_90=_sum(rows.is_upgrade, kept & within(rows, 90)),
        n_downgrades=_sum(rows.is_downgrade, kept),
        n_priced_steps_365=rows.step_cents.count(where=kept_in_year),
        sum_step_cents_365=_sum(rows.step_cents, kept_in_year),
        n_brand_choices=rows.is_same_brand.count(),
        n_brand_repeats=_sum(rows.is_same_brand),
    )


def _given_up(events: ir.Table) -> ir.Table:
    is_cancelled = events.kind == "cancelled"
    is_returned = events.kind == "returned"
    bought_ago = bought_days_ago(events)
    return events.group_by(*CANDIDATE_KEYS).aggregate(
        last_ended=events.age_days.min(),
        last_cancelled=events.age_days.min(where=is_cancelled),
        second_last_cancelled=(events.age_days + events.gap_days).min(
            where=is_cancelled & (events.gap_days > 0)
        ),
        n_cancelled_365=events.count(where=is_cancelled & within(events, YEAR_DAYS)),
        sum_returned_milli_365=_sum(events.returned_milli, is_returned & within(events, YEAR_DAYS)),
        **{
            f"sum_refund_cents_{days}": _sum(
                events.refund_cents, is_returned & (bought_ago <= days)
            )
            for days in SPEND_DAYS
        },
    )


def _prepared(events: ir.Table) -> ir.Table:
    """Add what is the same for every window; moves are from one day's acquisition to the next's."""
    follows = events.category_gap_days.fill_null(0) != 0
    is_upgrade = follows & (events.tier > events.tier_before)
    return events.mutate(
        weight=recency_weight(events, HALF_LIFE_DAYS),
        is_discounted=_one(events.discount_cents > 0),
        is_new_day=_one(events.gap_days.fill_null(1) != 0),
        is_new_category_day=_one(events.category_gap_days.fill_null(1) != 0),
        gap=_if(events.gap_days > 0, events.gap_days),
        category_gap=_if(events.category_gap_days > 0, events.category_gap_days),
        is_upgrade=_one(is_upgrade),
        is_downgrade=_one(follows & (events.tier < events.tier_before)),
        step_cents=_if(is_upgrade, events.list_cents - events.list_cents_before),
        is_same_brand=_if(follows, (events.brand == events.brand_before).cast("int64")),
    )


def _one(condition: ir.BooleanValue) -> ir.IntegerValue:
    return ibis.ifelse(condition, 1, 0).cast("int64")


def _if(condition: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, value, ibis.null(value.type()))


def _sum(column: ir.IntegerValue, where: ir.BooleanValue | None = None) -> ir.IntegerValue:
    """Add whole numbers; nothing to add is zero."""
    return column.sum(where=where).cast("int64").fill_null(0)
