"""Who did what with which product at one as-of date: rows in the engine, products as whole numbers.

The code of a product is its place in the sorted list of ids. Customers keep their ids, since rows of
theirs stay where they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.foundation.engines import Engine
from pipeline.population.history import History, cents
from pipeline.population.holdings import offered_products
from pipeline.population.joins import left_join
from pipeline.population.returns import is_kept, net_of_returns, paid_and_refunded
from pipeline.statistics.arrays import Ints

Codes = npt.NDArray[np.int32]
ALL_UNITS = 1_000_000_000
"""What a return without a quantity takes back."""
CUSTOMER_PRODUCT = ("customer_id", "product")


@dataclass(frozen=True)
class Coded:
    """The customers and products known at one as-of date, and what links them."""

    engine: Engine
    history: History
    customers: ir.Table
    """Everybody known: customer_id and what is said of them; one row each."""
    holdings: ir.Table
    """What is held."""
    products: pd.DataFrame
    """product_id, category, tier, brand, cents, margin_rate, days and is_offered; the row's place is
    the code."""

    @cached_property
    def codes(self) -> ir.Table:
        """Return product_id and its code, `product`."""
        return self.by_product({"product_id": self.products["product_id"].to_numpy()})

    def by_product(self, columns: Mapping[str, npt.NDArray[np.generic]]) -> ir.Table:
        """Return `product`, the code, and what is known of each, as a table of the engine."""
        code = np.arange(len(self.products), dtype=np.int32)
        return self.engine.table(pa.table({**columns, "product": code}))

    def count(self, rows: ir.Table) -> Ints:
        """Return how many rows each product has."""
        counted = rows.group_by("product").aggregate(rows=rows.count().cast("int64"))
        found = self.engine.arrow(counted).to_pandas()
        counts = np.zeros(len(self.products), dtype=np.int64)
        counts[found["product"]] = found["rows"]
        return counts

    @cached_property
    def _events(self) -> ir.Table:
        """Return what known customers acquired and sent back, with what it comes to net of returns.

        What is not in the catalogue has no code, and is spent for all the same.
        """
        known = paid_and_refunded(net_of_returns(self.history).known("product_events"))
        theirs = known.semi_join(self.customers, "customer_id")
        kept = (theirs.kind == "acquired") & is_kept(theirs)
        told = left_join(theirs.mutate(is_kept=kept), self.codes, ["product_id"])
        return self.engine.materialize(
            told.select(
                *CUSTOMER_PRODUCT, "kind", "age_days", "bought_days_ago", "net_cents", "is_kept"
            )
        )

    @cached_property
    def purchases(self) -> ir.Table:
        """Return customer_id, age_days and product of what was acquired and kept, each once."""
        events = self._events.drop_null("product")
        rows = events.filter(events.is_kept).select("customer_id", "age_days", "product")
        return self.engine.materialize(rows.distinct())

    @cached_property
    def guest_purchases(self) -> ir.Table:
        """Return order_id, product and age_days of what guests acquired and kept, each product once.

        Lines without an order id stand alone, and have none: nobody knows what was bought with
        them. What came back counts against the order that it names.
        """
        if not self.history.has("guest_events"):
            nothing = {"order_id": pa.string(), "product": pa.int32(), "age_days": pa.int64()}
            return self.engine.table(pa.schema(nothing).empty_table())
        events = self.history.known("guest_events")
        units = events.quantity.fill_null(
            ibis.ifelse(events.kind == "returned", ALL_UNITS, 1).cast("int64")
        )
        signed = events.mutate(
            units=ibis.cases(
                (events.kind == "acquired", units), (events.kind == "returned", -units), else_=0
            )
        )
        ordered = signed.filter(signed.order_id.fill_null("") != "")
        kept = ordered.group_by("order_id", "product_id").aggregate(
            age_days=ordered.age_days.max(), units=ordered.units.sum()
        )
        alone = signed.filter((signed.order_id.fill_null("") == "") & (signed.units > 0))
        alone = alone.mutate(order_id=ibis.null("string"))
        columns = ("order_id", "product_id", "age_days")
        bought = kept.filter(kept.units > 0).select(*columns).union(alone.select(*columns))
        rows = bought.join(self.codes, "product_id")
        return self.engine.materialize(rows.select("order_id", "product", "age_days"))

    @cached_property
    def spend(self) -> ir.Table:
        """Return customer_id, age_days and cents, net of returns, of each day with a purchase."""
        money = self._events
        days = money.group_by("customer_id", age_days=money.bought_days_ago).aggregate(
            cents=ibis.greatest(money.net_cents.sum().cast("int64").fill_null(0), 0),
            has_purchase=(money.kind == "acquired").any(),
        )
        return self.engine.materialize(days.filter(days.has_purchase).drop("has_purchase"))

    def visited(self, days: int) -> ir.Table | None:
        """Return customer_id, product, touches and the age of the last one, of those days."""
        if not self.history.has("interactions"):
            return None
        touches = self.history.known("interactions", days).join(self.codes, "product_id")
        return touches.group_by(*CUSTOMER_PRODUCT).aggregate(
            touches=touches.count().cast("int64"),
            recency=(-touches.age_seconds.min()).cast("int64"),
        )

    def bought_lately(self, days: int) -> ir.Table:
        """Return customer_id, product, purchases kept and the age of the last, of those days."""
        bought = self.purchases.filter(self.purchases.age_days <= days)
        return bought.group_by(*CUSTOMER_PRODUCT).aggregate(
            purchases=bought.count().cast("int64"), age_days=bought.age_days.min()
        )

    def returned(self) -> ir.Table:
        """Return customer_id and product of what was ever sent back."""
        events = self._events.drop_null("product")
        returned = events.filter(events.kind == "returned")
        return returned.select(*CUSTOMER_PRODUCT).distinct()

    @cached_property
    def held(self) -> ir.Table:
        """Return customer_id and product of what known customers hold."""
        theirs = self.holdings.semi_join(self.customers, "customer_id")
        rows = theirs.join(self.codes, "product_id").select(*CUSTOMER_PRODUCT).distinct()
        return self.engine.materialize(rows)


def encode(
    engine: Engine, history: History, known: ir.Table, holdings: ir.Table, segments: ir.Table
) -> Coded:
    """Give every product of the catalogue its code, and every known customer their segments.

    Args:
        engine: computes.
        history: seen from exactly one as-of date.
        known: everybody known then, with customer_type.
        holdings: what `held_products` returns.
        segments: customer_id and what the segments say of them.
    """
    people = known.select("customer_id", "customer_type")
    customers = engine.materialize(left_join(people, segments, ["customer_id"]))
    offered = offered_products(history).select("product_id").mutate(is_offered=True)
    products = history.products.left_join(offered, "product_id")
    catalogue = products.select(
        "product_id",
        "category",
        "tier",
        "name",
        "brand",
        "margin_rate",
        "repurchase_days",
        "launched_on",
        is_offered=products.is_offered.fill_null(False),
        price_cents=cents(products.price),
    ).order_by("product_id")
    return Coded(engine, history, customers, holdings, engine.arrow(catalogue).to_pandas())
