"""Which product an offer names: what customers like this one take, in stock of life.

- Cross-sell: the product of the category that customers like this one start with.
- Up-sell: the product above the held tier that others took when they moved up from it.

"Like this one" is the same customer type, price level, income band and region, each step shrunk to
the one before it, so that a small cell speaks as far as it has seen people. The price level is that
of what the customer usually buys. Never a product that is held, or that was ever returned.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.engines import Engine
from pipeline.population.history import History
from pipeline.population.holdings import held_products, offered_products
from pipeline.population.joins import left_join

LIKENESS = ("customer_type", "price_level", "income_band", "region")
QUESTION = ("model", "category", "held_tier")
LONG_LIST = 10  # products per question that are told apart by likeness
PRIOR_CUSTOMERS = 30  # as many customers of the wider group count as the cell's own
UNKNOWN = ""


def choose_products(engine: Engine, history: History, candidates: ir.Table) -> ir.Table:
    """Add `product_id` to candidates; empty where there is nothing to sell.

    Args:
        engine: computes the counts, which are small.
        history: one as-of date.
        candidates: customer_id, model, category, held_tier (0 where nothing is held).
    """
    traits = engine.materialize(describe_customers(engine, history))
    cells = engine.arrow(traits.select(*LIKENESS).distinct()).to_pandas()
    taken = engine.arrow(count_choices(history, traits)).to_pandas()
    ranked = engine.table(rank_products(taken, _offers(engine, history), cells))
    barred = engine.materialize(barred_products(history))
    rows = left_join(candidates, traits, ["customer_id"])
    touched = barred.select("customer_id", "category").distinct()
    keys = ["customer_id", "category"]
    plain = rows.anti_join(touched, keys)
    first = ranked.filter(ranked.position == 1).drop("position")
    chosen = left_join(plain, first, [*QUESTION, *LIKENESS])
    careful = _first_allowed(rows.semi_join(touched, keys), ranked, barred)
    columns = [*candidates.columns, "product_id"]
    return ibis.union(chosen.select(*columns), careful.select(*columns))


def _first_allowed(rows: ir.Table, ranked: ir.Table, barred: ir.Table) -> ir.Table:
    """Choose for those who hold or returned something of the category: the first that is left."""
    options = rows.join(ranked, [*QUESTION, *LIKENESS])
    options = options.anti_join(barred, ["customer_id", "product_id"])
    best = options.group_by("customer_id", "model", "category").aggregate(
        product_id=options.product_id.argmin(options.position)
    )
    return left_join(rows, best, ["customer_id", "model", "category"])


def barred_products(history: History) -> ir.Table:
    """Return customer_id × product_id × category: what is held, and what was ever returned."""
    keys = ["customer_id", "product_id", "category"]
    events = history.known("product_events")
    returned = events.filter(events.kind == "returned").select(*keys)
    return ibis.union(held_products(history).select(*keys), returned).distinct()


def describe_customers(engine: Engine, history: History) -> ir.Table:
    """Return every known customer with what makes others like them; unknown is an empty text."""
    customers = history.customers
    people = left_join(customers, _price_levels(engine, history), ["customer_id"])
    return people.select(
        "customer_id", **{name: people[name].fill_null(UNKNOWN) for name in LIKENESS}
    )


def _price_levels(engine: Engine, history: History) -> ir.Table:
    """Return buyers with the third of the price range in which they usually buy."""
    catalogue = engine.arrow(history.products.select("product_id", "category", "price")).to_pandas()
    places = engine.table(place_prices(catalogue))
    events = history.known("product_events")
    bought = events.filter(events.kind == "acquired").join(places, "product_id")
    means = bought.group_by("customer_id").aggregate(
        usual=bought.place.sum().cast("float64") / bought.count()
    )
    level = ibis.cases(
        (means.usual < 1000 / 3, "low"), (means.usual < 2000 / 3, "middle"), else_="high"
    )
    return means.select("customer_id", price_level=level)


def place_prices(products: pd.DataFrame) -> pd.DataFrame:
    """Return where each priced product stands in its category, in thousandths, 0 = cheapest."""
    priced = products[products["price"].notna()]
    groups = priced["price"].astype("float64").groupby(priced["category"])
    others = groups.transform("size") - 1
    place = np.where(others > 0, (groups.rank() - 1) / others.clip(lower=1), 0.5)
    thousandths = np.floor(place * 1000 + 0.5).astype("int64")
    return pd.DataFrame({"product_id": priced["product_id"], "place": thousandths})


def count_choices(history: History, traits: ir.Table) -> ir.Table:
    """Return how many customers of each likeness took which product, by question."""
    events = history.known("product_events")
    acquired = events.filter(events.kind == "acquired")
    window = ibis.window(
        group_by=["customer_id", "category"],
        order_by=[ibis.desc(acquired.age_seconds), acquired.product_id],
    )
    taken = acquired.mutate(
        order=ibis.row_number().over(window), tier_before=acquired.tier.lag().over(window)
    )
    starts = taken.filter(taken.order == 0).select(
        "customer_id",
        "category",
        "product_id",
        model=ibis.literal("cross_sell"),
        held_tier=ibis.literal(0, "int64"),
    )
    steps = taken.filter(taken.tier > taken.tier_before).select(
        "customer_id",
        "category",
        "product_id",
        model=ibis.literal("up_sell"),
        held_tier=taken.tier_before.cast("int64"),
    )
    choices = ibis.union(starts, steps).join(traits, "customer_id")
    return choices.group_by(*QUESTION, "product_id", *LIKENESS).aggregate(taken=choices.count())


def _offers(engine: Engine, history: History) -> pd.DataFrame:
    offered = offered_products(history).select("product_id", "category", "tier")
    return list_options(engine.arrow(offered.order_by("product_id")).to_pandas())


def list_options(products: pd.DataFrame) -> pd.DataFrame:
    """Return what each question may be answered with: model, category, held_tier, product_id, tier.

    Args:
        products: what is on offer: product_id, category, tier.
    """
    starts = products.assign(model="cross_sell", held_tier=0)
    tops = products.groupby("category")["tier"].max()
    held = pd.DataFrame(
        {
            "category": np.repeat(tops.index.to_numpy(dtype=object), tops),
            "held_tier": np.concatenate([np.arange(1, top + 1) for top in tops] or [[]]),
        }
    )
    steps = products.merge(held, on="category")
    steps = steps[steps["tier"] > steps["held_tier"]].assign(model="up_sell")
    options = pd.concat([starts, steps])[[*QUESTION, "product_id", "tier"]]
    return options.astype({"held_tier": "int64", "tier": "int64"}).reset_index(drop=True)


def rank_products(taken: pd.DataFrame, options: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Order the options of each question for each kind of customer, what they take most first.

    The share of a product in a cell is shrunk to its share in the wider cell, starting from equal
    shares: (taken + prior × wider share) ÷ (all taken + prior). Equal shares go to the lower tier.

    Args:
        taken: QUESTION, product_id, LIKENESS, taken.
        options: QUESTION, product_id, tier.
        cells: LIKENESS of the customers there are.

    Returns:
        QUESTION, LIKENESS, product_id, position from 1.
    """
    sizes = options.groupby(list(QUESTION))["product_id"].transform("size")
    ranked = _shrink(options.assign(share=1 / sizes), taken, [])
    ranked = ranked[_positions(ranked, []) <= LONG_LIST]
    for depth in range(1, len(LIKENESS) + 1):
        like, wider = list(LIKENESS[:depth]), list(LIKENESS[: depth - 1])
        finer = cells[like].drop_duplicates()
        ranked = ranked.merge(finer, on=wider) if wider else ranked.merge(finer, how="cross")
        ranked = _shrink(ranked, taken, like)
    ranked = ranked.assign(position=_positions(ranked, list(LIKENESS)))
    columns = [*QUESTION, *LIKENESS, "product_id", "position"]
    return ranked.sort_values([*QUESTION, *LIKENESS, "position"])[columns].reset_index(drop=True)


def _shrink(options: pd.DataFrame, taken: pd.DataFrame, like: Sequence[str]) -> pd.DataFrame:
    keys = [*QUESTION, *like]
    counts = taken.groupby([*keys, "product_id"], as_index=False)["taken"].sum()
    found = options.merge(counts, on=[*keys, "product_id"], how="left")
    own = found["taken"].fillna(0.0)
    everything = own.groupby([found[key] for key in keys]).transform("sum")
    share = (own + PRIOR_CUSTOMERS * found["share"]) / (everything + PRIOR_CUSTOMERS)
    return found.drop(columns="taken").assign(share=share)


def _positions(options: pd.DataFrame, like: Sequence[str]) -> pd.Series:
    keys = [*QUESTION, *like]
    order = options.sort_values(
        [*keys, "share", "tier", "product_id"], ascending=[*[True] * len(keys), False, True, True]
    )
    return (order.groupby(keys, sort=False).cumcount() + 1).reindex(options.index)
