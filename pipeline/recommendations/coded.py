"""Customers and products as whole numbers: what a million rows of ids cost too much to carry.

The code of a customer or product is its place in the sorted list of ids.
"""

from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.keys import CUSTOMER_PRODUCT_KEYS
from pipeline.foundation.engines import Engine
from pipeline.population.history import History, cents
from pipeline.population.holdings import offered_products
from pipeline.population.returns import kept_acquisitions, net_of_returns, paid_and_refunded

Codes = npt.NDArray[np.int32]
ALL_UNITS = 1_000_000_000
"""What a return without a quantity takes back."""


@dataclass(frozen=True)
class Coded:
    """The customers and products known at one as-of date, and how to say them as numbers."""

    engine: Engine
    history: History
    holdings: ir.Table
    """What is held."""
    customers: pd.DataFrame
    """customer_id, customer_type; the row's place is the code."""
    products: pd.DataFrame
    """product_id, category, tier, brand, cents, margin_rate, days and is_offered; as customers."""

    @cached_property
    def _codes(self) -> tuple[ir.Table, ir.Table]:
        customers, products = (
            self.engine.table(
                pa.table({name: frame[name], code: np.arange(len(frame), dtype=np.int32)})
            )
            for name, code, frame in (
                ("customer_id", "customer", self.customers),
                ("product_id", "product", self.products),
            )
        )
        return customers, products

    def compute(self, table: ir.Table, *columns: str) -> pd.DataFrame:
        """Return distinct customer, product and further columns of known rows, sorted.

        Args:
            table: rows with customer_id and product_id; those of others are left out.
            columns: further columns to keep.
        """
        customers, products = self._codes
        coded = table.join(customers, "customer_id").join(products, "product_id")
        kept = ["customer", *columns, "product"]
        rows = coded.select(*kept).distinct()
        return self._frame(rows.order_by(kept))

    def _frame(self, table: ir.Table) -> pd.DataFrame:
        frame: pd.DataFrame = self.engine.arrow(table).to_pandas()
        return frame

    def purchases(self) -> pd.DataFrame:
        """Return customer, age_days and product of what was acquired and kept, oldest last."""
        return self.compute(kept_acquisitions(self.history), "age_days")

    def guest_purchases(self) -> pd.DataFrame:
        """Return basket, product and age_days of what guests acquired and kept, each product once.

        A basket is an order. Lines without an order id are a basket each: nobody knows what was
        bought with them. What came back counts against the order that it names.
        """
        if not self.history.has("guest_events"):
            return pd.DataFrame({"basket": [], "product": [], "age_days": []}, dtype=np.int64)
        events = self.history.known("guest_events")
        units = events.quantity.fill_null(
            ibis.ifelse(events.kind == "returned", ALL_UNITS, 1).cast("int64")
        )
        signed = events.mutate(
            units=ibis.cases(
                (events.kind == "acquired", units), (events.kind == "returned", -units), else_=0
            )
        )
        ordered = signed.drop_null("order_id")
        kept = ordered.group_by("order_id", "product_id").aggregate(
            age_days=ordered.age_days.max(), units=ordered.units.sum()
        )
        alone = signed.filter((signed.order_id.fill_null("") == "") & (signed.units > 0))
        columns = ("order_id", "product_id", "age_days")
        bought = kept.filter(kept.units > 0).select(*columns).union(alone.select(*columns))
        rows = self._frame(bought.join(self._codes[1], "product_id").drop("product_id"))
        return _in_baskets(rows)

    def spend(self) -> pd.DataFrame:
        """Return customer, age_days and cents, net of returns, of each day with a purchase."""
        events = net_of_returns(self.history).known("product_events")
        money = paid_and_refunded(events).drop("age_days")
        days = money.group_by("customer_id", age_days=money.bought_days_ago).aggregate(
            cents=ibis.greatest(money.net_cents.sum().cast("int64").fill_null(0), 0),
            has_purchase=(money.kind == "acquired").any(),
        )
        days = days.filter(days.has_purchase)
        coded = days.join(self._codes[0], "customer_id").select("customer", "age_days", "cents")
        return self._frame(coded.order_by("customer", "age_days"))

    def visited(self, days: int) -> pd.DataFrame:
        """Return customer, product, touches and the age of the last one, of those days."""
        if not self.history.has("interactions"):
            return pd.DataFrame({"customer": [], "product": [], "touches": [], "recency": []})
        touches = self.history.known("interactions")
        recent = touches.filter(touches.age_days <= days)
        summed = recent.group_by(*CUSTOMER_PRODUCT_KEYS).aggregate(
            touches=recent.count(), recency=-recent.age_seconds.min()
        )
        return self.compute(summed, "touches", "recency")

    def bought_lately(self, days: int) -> pd.DataFrame:
        """Return customer, product, purchases kept and the age of the last, of those days."""
        kept = kept_acquisitions(self.history)
        bought = kept.filter(kept.age_days <= days)
        summed = bought.group_by(*CUSTOMER_PRODUCT_KEYS).aggregate(
            purchases=bought.age_days.nunique(), age_days=bought.age_days.min()
        )
        return self.compute(summed, "purchases", "age_days")

    def returned(self) -> pd.DataFrame:
        """Return customer and product of what was ever sent back."""
        events = self.history.known("product_events")
        return self.compute(events.filter(events.kind == "returned"))

    def held(self) -> pd.DataFrame:
        """Return customer and product of what is held."""
        return self.compute(self.holdings)


def _in_baskets(rows: pd.DataFrame) -> pd.DataFrame:
    """Number the orders from 0 on in the order of their ids, and after them each line without one."""
    ordered = rows.sort_values(["order_id", "product", "age_days"], ignore_index=True)
    baskets, orders = pd.factorize(ordered["order_id"])
    is_alone = baskets < 0
    baskets[is_alone] = len(orders) + np.arange(int(is_alone.sum()))
    return ordered.assign(basket=baskets)[["basket", "product", "age_days"]]


def encode(engine: Engine, history: History, known: ir.Table, holdings: ir.Table) -> Coded:
    """Give every known customer and every product of the catalogue its code.

    Args:
        engine: computes.
        history: seen from exactly one as-of date.
        known: everybody known then, with customer_type.
        holdings: what `held_products` returns.
    """
    customers = known.select("customer_id", "customer_type").order_by("customer_id")
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
    return Coded(
        engine,
        history,
        holdings,
        engine.arrow(customers).to_pandas(),
        engine.arrow(catalogue).to_pandas(),
    )
