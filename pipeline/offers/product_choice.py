"""Product choice: the product of a category that a customer's peers take most.

- Cross-sell: the product of the category that peers start with.
- Up-sell: the product above the held tier that peers took when they moved up from it.

A peer group is the same customer type, price level, income band and region, each step shrunk to
the one before it, so that a small cell speaks as far as it has seen people. The price level is that
of what the customer usually buys. Never a product that is held, or that was ever returned.
"""

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import (
    CUSTOMER_CATEGORY_KEYS,
    CUSTOMER_PRODUCT_KEYS,
    OFFER_KEYS,
)
from pipeline.foundation.engines import Engine
from pipeline.offers.product_ranking import (
    CHOICE_SET,
    PEER_TRAITS,
    list_options,
    place_prices,
    rank_products,
)
from pipeline.population.history import History
from pipeline.population.holdings import offered_products
from pipeline.population.joins import left_join
from pipeline.population.returns import kept_acquisitions

UNKNOWN = ""


def choose_products(
    engine: Engine, history: History, customers: ir.Table, held: ir.Table, candidates: ir.Table
) -> ir.Table:
    """Add `product_id` to candidates; empty where there is nothing to sell.

    Args:
        engine: computes the counts, which are small.
        history: one as-of date.
        customers: `History.customers`.
        held: what `held_products` returns.
        candidates: customer_id, model, category, held_tier (0 where nothing is held).
    """
    traits = engine.materialize(describe_customers(engine, history, customers))
    cells = engine.arrow(traits.select(*PEER_TRAITS).distinct()).to_pandas()
    taken = engine.arrow(count_choices(history, traits)).to_pandas()
    offered = offered_products(history).select("product_id", "category", "tier")
    options = list_options(engine.arrow(offered.order_by("product_id")).to_pandas())
    ranked = engine.table(rank_products(taken, options, cells))
    barred = engine.materialize(barred_products(history, held))
    rows = left_join(candidates, traits, ["customer_id"])
    touched = barred.select(*CUSTOMER_CATEGORY_KEYS).distinct()
    keys = [*CUSTOMER_CATEGORY_KEYS]
    plain = rows.anti_join(touched, keys)
    first = ranked.filter(ranked.position == 1).drop("position")
    chosen = left_join(plain, first, [*CHOICE_SET, *PEER_TRAITS])
    careful = _first_allowed(rows.semi_join(touched, keys), ranked, barred)
    columns = [*candidates.columns, "product_id"]
    return ibis.union(chosen.select(*columns), careful.select(*columns))


def _first_allowed(rows: ir.Table, ranked: ir.Table, barred: ir.Table) -> ir.Table:
    """Choose for those who hold or returned something of the category: the first that is left."""
    options = rows.join(ranked, [*CHOICE_SET, *PEER_TRAITS])
    options = options.anti_join(barred, [*CUSTOMER_PRODUCT_KEYS])
    best = options.group_by(*OFFER_KEYS).aggregate(
        product_id=options.product_id.argmin(options.position)
    )
    return left_join(rows, best, OFFER_KEYS)


def barred_products(history: History, held: ir.Table) -> ir.Table:
    """Return customer_id × product_id × category: what is held, and what was ever returned."""
    keys = [*CUSTOMER_PRODUCT_KEYS, "category"]
    events = history.known("product_events")
    returned = events.filter(events.kind == "returned").select(*keys)
    return ibis.union(held.select(*keys), returned)


def describe_customers(engine: Engine, history: History, customers: ir.Table) -> ir.Table:
    """Return every known customer with their peer traits; unknown is an empty text."""
    people = left_join(customers, _price_levels(engine, history), ["customer_id"])
    return people.select(
        "customer_id", **{name: people[name].fill_null(UNKNOWN) for name in PEER_TRAITS}
    )


def _price_levels(engine: Engine, history: History) -> ir.Table:
    """Return buyers with the third of the price range in which they usually buy."""
    catalogue = engine.arrow(history.products.select("product_id", "category", "price")).to_pandas()
    places = engine.table(place_prices(catalogue))
    bought = kept_acquisitions(history).join(places, "product_id")
    means = bought.group_by("customer_id").aggregate(
        usual=bought.place.sum().cast("float64") / bought.count()
    )
    level = ibis.cases(
        (means.usual < 1000 / 3, "low"), (means.usual < 2000 / 3, "middle"), else_="high"
    )
    return means.select("customer_id", price_level=level)


def count_choices(history: History, traits: ir.Table) -> ir.Table:
    """Return how many customers of each peer group took which product, by choice set."""
    acquired = kept_acquisitions(history)
    window = ibis.window(
        group_by=[*CUSTOMER_CATEGORY_KEYS],
        order_by=[ibis.desc(acquired.age_seconds), acquired.product_id],
    )
    taken = acquired.mutate(
        order=ibis.row_number().over(window), tier_before=acquired.tier.lag().over(window)
    )
    starts = taken.filter(taken.order == 0).select(
        *CUSTOMER_CATEGORY_KEYS,
        "product_id",
        model=ibis.literal("cross_sell"),
        held_tier=ibis.literal(0, "int64"),
    )
    steps = taken.filter(taken.tier > taken.tier_before).select(
        *CUSTOMER_CATEGORY_KEYS,
        "product_id",
        model=ibis.literal("up_sell"),
        held_tier=taken.tier_before.cast("int64"),
    )
    choices = ibis.union(starts, steps).join(traits, "customer_id")
    return choices.group_by(*CHOICE_SET, "product_id", *PEER_TRAITS).aggregate(
        taken=choices.count()
    )
