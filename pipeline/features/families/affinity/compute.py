"""How well a candidate goes with what the customer holds, and how the candidate is doing."""

import ibis
import ibis.expr.types as ir

from pipeline.features.families.affinity.declare import FEATURES
from pipeline.features.held_associations import association_rules, held_pairs, rule_measures
from pipeline.features.latent_factors import factorise, with_factor_scores
from pipeline.features.market import (
    known_customers,
    market,
    people,
    segment_sales,
    segment_share,
    steps,
)
from pipeline.features.shrunk_rates import shrunk_rate
from pipeline.features.taste_regression import past_products, pasts, regress, with_taste_scores
from pipeline.features.view import View
from pipeline.features.window_expressions import money, ratio
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.population.joins import left_join

# A customer's share of days with the category counts as everybody's for so many days more.
PRIOR_DAYS = 20


def candidate_features(view: View) -> ir.Table:
    """Return one row per customer and candidate that is asked about."""
    owned = view.engine.materialize(_owned(view), near=CANDIDATE_KEYS)
    known = known_customers(view.customers)
    pairs = view.engine.materialize(held_pairs(owned, known))
    places = view.engine.in_memory(factorise, pairs)
    who = people(view.customers, view.bought)
    tiers = owned.select(*CANDIDATE_KEYS, "held_tier")
    ahead = tiers.join(steps(view.history), [*CATEGORY_KEYS, "held_tier"]).drop("held_tier")
    rows = with_factor_scores(view.asked, owned, places)
    rows = _with_taste(rows, view, known)
    rows = _with_days_to_expect(rows, view.bought)
    rows = left_join(rows, rule_measures(owned, association_rules(pairs)), CANDIDATE_KEYS)
    rows = left_join(rows, ahead, CANDIDATE_KEYS)
    rows = left_join(rows, who, CUSTOMER_KEYS)
    rows = left_join(rows, market(view.history, view.bought, owned, known), CATEGORY_KEYS)
    for segment in ("peers", "region"):
        rows = left_join(rows, segment_sales(owned, who, segment), [*CATEGORY_KEYS, segment])
    names = {feature.name for feature in FEATURES}
    return rows.mutate(**_compared(rows)).select(*CANDIDATE_KEYS, *sorted(names))


def _with_taste(rows: ir.Table, view: View, known: ir.Table) -> ir.Table:
    past = view.engine.materialize(pasts(view.bought), near=CANDIDATE_KEYS)
    regression = view.engine.in_memory(regress, past_products(past, known))
    return with_taste_scores(rows, past, regression)


def _with_days_to_expect(asked: ir.Table, bought: ir.Table) -> ir.Table:
    """Add the days that will have the candidate if the customer goes on so.

    The customer's share of days with an acquisition that had it, drawn to everybody's, times the
    days a month of the last 90.
    """
    mine = bought.group_by(*CUSTOMER_KEYS).aggregate(
        days=bought.n_days.sum().cast("int64"), recent_days=bought.n_days_90.sum().cast("int64")
    )
    all_days = mine.group_by("as_of_date").aggregate(all_days=mine.days.sum().cast("int64"))
    everybody = bought.group_by(*CATEGORY_KEYS).aggregate(
        category_days=bought.n_category_days.sum().cast("int64")
    )
    own = bought.select(*CANDIDATE_KEYS, own_days="n_category_days")
    rows = left_join(asked, own, CANDIDATE_KEYS)
    rows = left_join(left_join(rows, mine, CUSTOMER_KEYS), all_days, ["as_of_date"])
    rows = left_join(rows, everybody, CATEGORY_KEYS)
    usual = ratio(rows.category_days, rows.all_days)
    share = shrunk_rate(rows.own_days.fill_null(0), rows.days, usual, PRIOR_DAYS)
    return rows.select(
        *asked.columns, expected_days__90d=share * rows.recent_days.cast("float64") / 3.0
    )


def _compared(rows: ir.Table) -> dict[str, ir.Value]:
    """Return the measures that set the customer, the segment and the market beside each other."""
    return {
        "expected_acquisitions__90d": rows.acquired_90 * rows.sales_share,
        "peer_popularity": segment_share(rows.peers_holders, rows.peers_size, rows.popularity),
        "peer_acquirers__90d": segment_share(
            rows.peers_acquirers, rows.peers_size, rows.acquirers__90d
        ),
        "peer_trend": ratio(3 * rows.peers_30, rows.peers_90),
        "region_acquirers__90d": segment_share(
            rows.region_acquirers, rows.region_size, rows.acquirers__90d
        ),
        "price_ratio": ratio(rows.entry_cents, rows.usual_cents),
        "step_price": money(rows.step_cents),
        "step_ratio": ratio(rows.step_cents, rows.usual_cents),
        "step_to_others": ratio(rows.step_cents, rows.others_step_cents),
    }


def _owned(view: View) -> ir.Table:
    """Return as_of_date × customer_id × category held or lately acquired."""
    held = view.held.group_by(*CANDIDATE_KEYS).aggregate(
        held_days=view.held.held_days.max(), held_tier=view.held.tier.max()
    )
    lately = view.bought.filter(view.bought.n_acquired_90 > 0).select(
        *CANDIDATE_KEYS, acquired_30="n_acquired_30", acquired_90="n_acquired_90"
    )
    both = held.outer_join(lately, CANDIDATE_KEYS)
    both = both.select(*both.columns)
    return both.mutate(
        **{key: ibis.coalesce(both[key], both[f"{key}_right"]) for key in CANDIDATE_KEYS},
        **{name: both[name].fill_null(0) for name in ("acquired_30", "acquired_90")},
    ).drop(*(f"{key}_right" for key in CANDIDATE_KEYS))
