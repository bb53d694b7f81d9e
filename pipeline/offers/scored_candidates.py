"""Everything that may be offered: scored candidates with a product, its price and what it brings."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS, OFFER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.offers.return_rates import return_rates
from pipeline.population.history import History, cents
from pipeline.population.joins import left_join
from pipeline.population.returns import MILLI, net_of_returns


def list_candidates(
    scores: ir.Table, populations: Mapping[str, ir.Table], history: History
) -> ir.Table:
    """Return customer_id, model, category, propensity and the held tier, 0 where nothing is held.

    Args:
        scores: `data/scores/propensities.parquet`.
        populations: of each model that scored.
        history: the scoring as-of date alone.
    """
    scored = scores.join(history.dates, "as_of_date").select(*OFFER_KEYS, "propensity")
    held = [
        asked.join(history.dates, "as_of_date").select(
            *CUSTOMER_CATEGORY_KEYS,
            model=ibis.literal(model),
            held_tier=asked.held_tier.fill_null(0).cast("int64"),
        )
        for model, asked in sorted(populations.items())
    ]
    joined = left_join(scored, ibis.union(*held), OFFER_KEYS)
    is_step = joined.model == "up_sell"
    return joined.mutate(held_tier=ibis.ifelse(is_step, joined.held_tier.fill_null(0), 0))


def price_candidates(
    engine: Engine, history: History, held: ir.Table, candidates: ir.Table
) -> ir.Table:
    """Return candidates with what `value_offers` asks for.

    Args:
        engine: counts what came back of each product.
        history: one as-of date.
        held: what `held_products` returns.
        candidates: customer_id, model, category, product_id, propensity.
    """
    products = history.products.select(
        "product_id",
        "margin_rate",
        price_cents=cents(history.products.price),
        is_subscription=history.products.repurchase_days.isnull(),
    )
    sales = engine.arrow(_count_sales(history)).to_pandas()
    rates = engine.table(return_rates(sales))
    priced = left_join(candidates, products, ["product_id"])
    priced = left_join(priced, rates, ["product_id"])
    priced = left_join(priced, _held_prices(history, held), [*CUSTOMER_CATEGORY_KEYS])
    return priced.select(
        *OFFER_KEYS,
        "product_id",
        "propensity",
        "price_cents",
        "held_price_cents",
        "margin_rate",
        "is_subscription",
        return_rate=priced.return_rate.fill_null(0.0),
    )


def count_unpriced(engine: Engine, priced: ir.Table) -> int:
    """Return how many products have no price, so that the default counts for them."""
    unpriced = priced.filter(priced.price_cents.isnull())
    counted = engine.arrow(unpriced.aggregate(products=unpriced.product_id.nunique()))
    return int(counted["products"][0].as_py())


def _held_prices(history: History, held: ir.Table) -> ir.Table:
    """Return the price of what is held of each category: of several, the dearest."""
    prices = history.products.select("product_id", price_cents=cents(history.products.price))
    priced = held.join(prices, "product_id")
    return priced.group_by(*CUSTOMER_CATEGORY_KEYS).aggregate(
        held_price_cents=priced.price_cents.max()
    )


def _count_sales(history: History) -> ir.Table:
    """Return every product with how often it was acquired and how often it came back.

    A return counts as the share of its acquisition that came back.
    """
    events = net_of_returns(history).known("product_events")
    counts = events.group_by("product_id").aggregate(
        acquired=events.count(where=events.kind == "acquired"),
        returned=events.returned_milli.sum().fill_null(0).cast("float64") / float(MILLI),
    )
    counted = left_join(history.products.select("product_id", "category"), counts, ["product_id"])
    return counted.select(
        "product_id",
        "category",
        acquired=counted.acquired.fill_null(0),
        returned=counted.returned.fill_null(0),
    )
