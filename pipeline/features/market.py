"""How each category is doing at an as-of date: with everybody, with people alike, and in price."""

import ibis
import ibis.expr.types as ir

from pipeline.features.shrunk_rates import shrunk_rate
from pipeline.features.window_expressions import ratio, spent
from pipeline.foundation.contracts.keys import CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.population.history import History, cents
from pipeline.population.holdings import offered_products
from pipeline.population.joins import left_join

# A segment's share counts as if so many more customers were in it, as ready to buy as all are.
PRIOR_CUSTOMERS = 100


def known_customers(customers: ir.Table) -> ir.Table:
    """Return as_of_date with the number of customers known."""
    return customers.group_by("as_of_date").aggregate(known_customers=customers.count())


def market(history: History, bought: ir.Table, owned: ir.Table, known: ir.Table) -> ir.Table:
    """Return as_of_date × category on offer: sales and holders per known customer, and prices."""
    rows = left_join(_sales(bought), known, ["as_of_date"])
    rows = left_join(rows, _holders(owned), CATEGORY_KEYS)
    sold = rows.group_by("as_of_date").aggregate(all_sold_90=rows.sold_90.sum().cast("int64"))
    rows = left_join(rows, sold, ["as_of_date"])
    rows = rows.select(
        *CATEGORY_KEYS,
        "others_step_cents",
        trend=ratio(3 * rows.sold_30, rows.sold_90),
        popularity=ratio(rows.holders, rows.known_customers),
        acquirers__30d=ratio(rows.acquirers_30, rows.known_customers),
        acquirers__90d=ratio(rows.acquirers_90, rows.known_customers),
        acquirers__season=ratio(rows.season, rows.known_customers),
        upgrades__90d=ratio(rows.upgrades_90, rows.holders),
        sales_share=ratio(rows.sold_90, rows.all_sold_90),
    )
    return left_join(_prices(history), rows, CATEGORY_KEYS)


def _sales(bought: ir.Table) -> ir.Table:
    return bought.group_by(*CATEGORY_KEYS).aggregate(
        acquirers_30=bought.count(where=bought.n_acquired_30 > 0),
        acquirers_90=bought.count(where=bought.n_acquired_90 > 0),
        sold_30=_total(bought.n_acquired_30),
        sold_90=_total(bought.n_acquired_90),
        season=_total(bought.n_acquired_season),
        upgrades_90=_total(bought.n_upgrades_90),
        others_step_cents=ratio(
            _total(bought.sum_step_cents_365), _total(bought.n_priced_steps_365)
        ),
    )


def _holders(owned: ir.Table) -> ir.Table:
    held = owned.filter(owned.held_days.notnull())
    return held.group_by(*CATEGORY_KEYS).aggregate(holders=held.count())


def _prices(history: History) -> ir.Table:
    """Return the lowest price on offer and the age of the last launch, by category."""
    offers = offered_products(history)
    offers = offers.mutate(
        price_cents=cents(offers.price),
        launch_age=offers.as_of_date.delta(offers.launched_on, unit="day").cast("int64"),
    )
    return offers.group_by(*CATEGORY_KEYS).aggregate(
        entry_cents=offers.price_cents.min(), newest_days=offers.launch_age.min()
    )


def people(customers: ir.Table, bought: ir.Table) -> ir.Table:
    """Return as_of_date × known customer: the peers, the region, and how much they buy.

    Peers are of the same customer type, income band and decade of age, known or not.
    """
    decade = ((customers.as_of_date.year() - customers.birth_date.year()) / 10).floor()
    told = [customers.customer_type, customers.income_band, decade.cast("int64").cast("string")]
    peers = ibis.literal("|").join([one.fill_null("") for one in told])
    rows = customers.select(*CUSTOMER_KEYS, "region", peers=peers)
    for segment in ("peers", "region"):
        rows = left_join(rows, _size(rows, segment), ["as_of_date", segment])
    recent = bought.group_by(*CUSTOMER_KEYS).aggregate(
        acquired_90=_total(bought.n_acquired_90),
        usual_cents=ratio(spent(_total(bought.sum_cents_365)), _total(bought.n_priced_365)),
    )
    return left_join(rows, recent, CUSTOMER_KEYS)


def _size(rows: ir.Table, segment: str) -> ir.Table:
    return rows.group_by("as_of_date", segment).aggregate(**{f"{segment}_size": rows.count()})


def segment_sales(owned: ir.Table, who: ir.Table, segment: str) -> ir.Table:
    """Return as_of_date × category × segment: its acquirers, acquisitions and holders."""
    rows = owned.join(who.select(*CUSTOMER_KEYS, segment), CUSTOMER_KEYS)
    return rows.group_by(*CATEGORY_KEYS, segment).aggregate(
        **{
            f"{segment}_acquirers": rows.count(where=rows.acquired_90 > 0),
            f"{segment}_30": _total(rows.acquired_30),
            f"{segment}_90": _total(rows.acquired_90),
            f"{segment}_holders": rows.held_days.count(),
        }
    )


def segment_share(
    hits: ir.IntegerValue, size: ir.IntegerValue, everybody: ir.NumericValue
) -> ir.NumericValue:
    """Return a segment's share shrunk to everybody's."""
    return shrunk_rate(hits.fill_null(0), size, everybody, PRIOR_CUSTOMERS)


def steps(history: History) -> ir.Table:
    """Return as_of_date × category × held_tier: what the cheapest product of a higher tier costs more."""
    products = history.products
    tiers = products.group_by("category", held_tier=products.tier).aggregate(
        held_cents=cents(products.price.min())
    )
    offers = offered_products(history).select(*CATEGORY_KEYS, "tier", "price")
    above = tiers.join(offers, "category")
    above = above.filter(above.tier > above.held_tier)
    rows = above.group_by(*CATEGORY_KEYS, "held_tier", "held_cents").aggregate(
        next_cents=cents(above.price.min())
    )
    return rows.select(*CATEGORY_KEYS, "held_tier", step_cents=rows.next_cents - rows.held_cents)


def _total(column: ir.IntegerValue) -> ir.IntegerValue:
    return column.sum().cast("int64")
