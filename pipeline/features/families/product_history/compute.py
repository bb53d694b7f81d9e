"""Acquisitions, cancellations and returns: the whole ledger and, at candidate grain, the category."""

import ibis
import ibis.expr.types as ir

from pipeline.features.families.product_history.declare import LAG_DAYS
from pipeline.features.feature import YEAR_DAYS
from pipeline.features.purchase_aggregates import SPEND_DAYS, of_customers
from pipeline.features.view import View
from pipeline.features.window_expressions import MILLI, money, ratio, spent
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.population.holdings import available_categories, held_before
from pipeline.population.joins import left_join


def customer_features(view: View) -> ir.Table:
    """Return one row per customer with a known product event."""
    keys = [*CUSTOMER_KEYS]
    rows = _spent(of_customers(view.bought))
    rows = left_join(rows, _mean_spend(rows), ["as_of_date"])
    rows = left_join(rows, _breadth(view), keys)
    rows = left_join(rows, held_before(view.history, LAG_DAYS), keys)
    between = ratio(rows.first_acquired - rows.last_acquired, rows.n_days - 1)
    measures = rows.select(
        *keys,
        **{f"acquisitions__{days}d": rows[f"n_acquired_{days}"] for days in (7, 90, 365)},
        **{f"spend__{days}d": money(rows[f"sum_cents_{days}"]) for days in (30, 90, 365)},
        cancellations__365d=rows.n_cancelled_365,
        **{f"held_products__{days}d_ago": rows[f"held_{days}"] for days in LAG_DAYS},
        acquisition_trend=ratio(3 * rows.n_acquired_30, rows.n_acquired_90),
        returned_share__365d=ratio(rows.sum_returned_milli_365, MILLI * rows.n_bought_365),
        discount_share__365d=ratio(
            rows.sum_discount_cents_365, rows.sum_discount_cents_365 + rows.sum_cents_365
        ),
        discounted_share__365d=ratio(rows.n_discounted_365, rows.n_acquired_365),
        days_since_acquisition=rows.last_acquired,
        days_since_second_last_acquisition=rows.second_last_acquired,
        days_since_first_acquisition=rows.first_acquired,
        days_since_cancellation=rows.last_cancelled,
        days_since_second_last_cancellation=rows.second_last_cancelled,
        days_between_acquisitions=between,
        acquisition_overdue=ratio(rows.last_acquired, between),
        gap_variation=_variation(rows.n_gaps, rows.sum_gaps, rows.sum_squared_gaps),
        acquisition_intensity=rows.sum_weight.cast("float64") / float(MILLI),
        acquisition_days__90d=rows.n_days_90,
        order_value__365d=ratio(rows.sum_cents_365, 100 * rows.n_acquired_365),
        spend_to_mean__90d=ratio(rows.sum_cents_90, rows.mean_cents_90),
        spend_to_own_past__90d=ratio(YEAR_DAYS * rows.sum_cents_90, 90 * rows.sum_cents_365),
        mean_tier__365d=ratio(rows.sum_tiers_365, rows.n_acquired_365),
        brand_repeat_share=ratio(rows.n_brand_repeats, rows.n_brand_choices),
        upgrades=rows.n_upgrades,
        downgrades=rows.n_downgrades,
        categories__90d=rows.categories__90d,
        new_categories__90d=rows.new_categories__90d,
        tier_place__365d=rows.tier_place__365d,
        top_category__365d=rows.top_category__365d,
        top_category_share__365d=ratio(rows.most_acquired_365, rows.n_acquired_365),
    )
    return left_join(measures, _holdings(view), keys)


def _spent(bought: ir.Table) -> ir.Table:
    return bought.mutate(
        **{f"sum_cents_{days}": spent(bought[f"sum_cents_{days}"]) for days in SPEND_DAYS}
    )


def _breadth(view: View) -> ir.Table:
    """Return what each customer's categories say beside one another."""
    bought = left_join(view.bought, available_categories(view.history), [*CATEGORY_KEYS])
    place = ratio(bought.sum_tiers_365 - bought.n_acquired_365, bought.top_tier - 1)
    # In whole thousandths, since a sum of floats would depend on the order it is added in.
    bought = bought.mutate(place_milli=(MILLI * place + 0.5).floor().cast("int64"))
    # Of equals the last by name: the count comes first in the text, in as many digits for all.
    count_and_name = (10**9 + bought.n_acquired_365).cast("string") + bought.category
    has_tiers = bought.place_milli.notnull()
    rows = bought.group_by(*CUSTOMER_KEYS).aggregate(
        categories__90d=bought.count(where=bought.n_acquired_90 > 0),
        new_categories__90d=bought.count(where=bought.first_acquired.fill_null(10**9) <= 90),
        most_acquired_365=bought.n_acquired_365.max(),
        top=count_and_name.max(where=bought.n_acquired_365 > 0),
        places=bought.place_milli.sum().cast("int64"),
        placed=bought.n_acquired_365.sum(where=has_tiers).cast("int64"),
    )
    return rows.mutate(
        top_category__365d=rows.top.substr(10),
        tier_place__365d=ratio(rows.places, MILLI * rows.placed),
    ).drop("top", "places", "placed")


def _mean_spend(customers: ir.Table) -> ir.Table:
    return customers.group_by("as_of_date").aggregate(
        mean_cents_90=ratio(customers.sum_cents_90.sum().cast("int64"), customers.count())
    )


def _holdings(view: View) -> ir.Table:
    held = view.held
    return held.group_by(*CUSTOMER_KEYS).aggregate(
        held_categories=held.category.nunique(), held_products=held.count()
    )


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and category with a known product event."""
    keys = [*CANDIDATE_KEYS]
    bought = _spent(view.bought)
    totals = bought.group_by(*CUSTOMER_KEYS).aggregate(
        all_acquired=_total(bought.n_acquired),
        all_days_365=_total(bought.n_days_365),
        all_cents_365=_total(bought.sum_cents_365),
    )
    rows = left_join(bought, totals, [*CUSTOMER_KEYS])
    rows = left_join(rows, _usual(bought), [*CATEGORY_KEYS])
    between = ratio(rows.first_acquired - rows.last_acquired, rows.n_category_days - 1)
    # What was returned is not among what runs out; what was cancelled still is.
    is_kept = rows.last_cancelled.isnull() | (rows.last_cancelled > rows.last_acquired)
    measures = rows.select(
        *keys,
        days_since_category_acquisition=rows.last_acquired,
        days_since_second_last_category_acquisition=rows.second_last_in_category,
        days_since_category_cancellation=rows.last_ended,
        category_acquisitions=rows.n_acquired,
        days_between_category_acquisitions=between,
        category_overdue=ratio(rows.last_acquired, between),
        category_overdue_typical=ratio(rows.last_acquired, rows.usual_gap),
        category_gap_variation=_variation(
            rows.n_category_gaps, rows.sum_category_gaps, rows.sum_category_squared_gaps
        ),
        days_since_category_ran_out=_if(is_kept & (rows.runs_out < 0), -rows.runs_out),
        days_until_category_runs_out=_if(is_kept & (rows.runs_out >= 0), rows.runs_out),
        category_intensity=rows.sum_weight.cast("float64") / float(MILLI),
        category_trend=ratio(3 * rows.n_acquired_30, rows.n_acquired_90),
        category_acquisitions__365d=rows.n_acquired_365,
        category_acquisitions__season=rows.n_acquired_season,
        category_highest_tier=rows.highest_tier,
        category_spend__365d=money(rows.sum_cents_365),
        category_share=ratio(rows.n_acquired, rows.all_acquired),
        category_day_share__365d=ratio(rows.n_category_days_365, rows.all_days_365),
        category_spend_share__365d=ratio(rows.sum_cents_365, rows.all_cents_365),
        category_price_level__365d=ratio(
            ratio(rows.sum_cents_365, rows.n_priced_365), rows.usual_cents
        ),
        category_brand_repeat_share=ratio(rows.n_brand_repeats, rows.n_brand_choices),
    )
    return left_join(measures, _held(view), keys)


def _usual(bought: ir.Table) -> ir.Table:
    """Return all customers' mean days between acquisitions and mean amount, by category."""
    return bought.group_by(*CATEGORY_KEYS).aggregate(
        usual_gap=ratio(_total(bought.sum_category_gaps), _total(bought.n_category_gaps)),
        usual_cents=ratio(_total(bought.sum_cents_365), _total(bought.n_priced_365)),
    )


def _held(view: View) -> ir.Table:
    held = view.held
    tiers = held.group_by(*CANDIDATE_KEYS).aggregate(
        category_held_tier=held.tier.max(), category_held_days=held.held_days.max()
    )
    offered = left_join(tiers, available_categories(view.history), [*CATEGORY_KEYS])
    return offered.mutate(category_steps_to_top=offered.top_tier - offered.category_held_tier).drop(
        "top_tier"
    )


def _variation(
    count: ir.IntegerValue, total: ir.IntegerValue, squares: ir.IntegerValue
) -> ir.NumericValue:
    """Return the standard deviation over the mean; whole numbers until the root is drawn."""
    spread = (count * squares - total * total).cast("float64").sqrt()
    return _if(count >= 2, ratio(spread, total))


def _total(column: ir.IntegerValue) -> ir.IntegerValue:
    return column.sum().cast("int64")


def _if(condition: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, value, ibis.null(value.type()))
