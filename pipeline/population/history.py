"""What the company knew at each as-of date: the only door through which facts are looked at.

A row is seen from the as-of date after its `known_at` on, and a moment that is filled in later
(opened, answered, resolved) counts from itself on. Whoever reads through `History` cannot see the
future.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from pipeline.foundation.contracts.keys import CUSTOMER_KEYS
from pipeline.foundation.contracts.tables import GUEST_EVENTS, RAW_TABLES, Table
from pipeline.foundation.engines import Engine
from pipeline.population.joins import left_join

CONTRACTS: Mapping[str, Table] = {table.name: table for table in (*RAW_TABLES, GUEST_EVENTS)}
# What an answer brings is known when the answer is.
TOLD_BY: Mapping[str, Mapping[str, str]] = {
    "surveys": {"score": "answered_at", "comment": "answered_at"}
}


@dataclass(frozen=True)
class History:
    """Validated tables and the as-of dates from which they are looked at."""

    tables: Mapping[str, ir.Table]
    dates: ir.Table
    """as_of_date, one row each."""
    periods: ir.Table | None = None
    """What `holding_periods.keep_periods` computed for all as-of dates; None: each look finds its own."""

    def at(self, engine: Engine, dates: Sequence[date]) -> "History":
        """Return the same past, looked at from other as-of dates."""
        return replace(self, dates=_dates_table(engine, dates))

    def has(self, name: str) -> bool:
        """Say whether the source has a table."""
        return name in self.tables

    @property
    def products(self) -> ir.Table:
        """Return the catalogue."""
        return self.tables["products"]

    @property
    def customers(self) -> ir.Table:
        """Return as_of_date × known customers with their attributes and `known_from`."""
        customers = without_personal_columns(self.tables["customers"])
        customers = left_join(customers, self._first_facts(), ["customer_id"])
        known = customers.mutate(
            known_from=ibis.coalesce(customers.signed_up_on.cast("timestamp"), customers.first_fact)
        ).drop("first_fact")
        seen = known.cross_join(self.dates)
        return seen.filter(seen.known_from < seen.as_of_date.cast("timestamp"))

    def known(self, name: str, days: int | None = None) -> ir.Table:
        """Return as_of_date × the rows of a table known before it.

        Adds `as_of_date`, `age_days` (whole days back, 1 = the day before) and `age_seconds`;
        moments that still lay ahead are empty. Rows about a product bring its `category` and
        `tier`; product events also the product's `brand` and their `amount_cents` and
        `discount_cents`.

        Args:
            name: of the table.
            days: back from the as-of date that the rows may have occurred; all if not given.
        """
        contract = CONTRACTS[name]
        table = self.described(name)
        seen = table.cross_join(self.dates)
        as_of = seen.as_of_date.cast("timestamp")
        occurred_at = seen[contract.occurred_at]
        known_at = (
            ibis.coalesce(seen.known_at, occurred_at) if "known_at" in seen.columns else occurred_at
        )
        seen = seen.filter((occurred_at < as_of) & (known_at < as_of))
        if days is not None:  # of the moment itself: an age would be worked out for all rows first
            seen = seen.filter(occurred_at >= as_of - ibis.interval(days=days))
        return _without_what_lay_ahead(seen, contract)

    def described(self, name: str) -> ir.Table:
        """Return a table, known or not, with what the catalogue says of its rows' products."""
        table = self.tables[name]
        if "product_id" not in table.columns:
            return table
        products = self.products.select(
            "product_id",
            "tier",
            "brand",
            "repurchase_days",
            product_category=self.products.category,
        )
        joined = left_join(table, products, ["product_id"])
        if "category" in table.columns:
            category = ibis.coalesce(joined.category, joined.product_category)
        else:
            category = joined.product_category
        joined = joined.mutate(category=category).drop("product_category")
        if name == "product_events":
            joined = joined.mutate(
                amount_cents=cents(joined.amount), discount_cents=cents(joined.discount)
            )
        return joined

    def with_table(self, name: str, rows: ir.Table) -> "History":
        """Return the history with other rows of a table: what is chosen before every date multiplies it."""
        return History({**self.tables, name: rows}, self.dates)  # periods were of the other rows

    def mentioned(self, name: str) -> ir.Table:
        """Return as_of_date × customer_id of whom a row of a table was known."""
        rows = self._known_from(name)
        first = rows.group_by("customer_id").aggregate(known_from=rows.known_from.min())
        seen = first.cross_join(self.dates)
        seen = seen.filter(seen.known_from < seen.as_of_date.cast("timestamp"))
        return seen.select(*CUSTOMER_KEYS)

    def _known_from(self, name: str) -> ir.Table:
        """Return whom each row of a table is about, and from which moment on it was known."""
        table = self.tables[name]
        moment = table[CONTRACTS[name].occurred_at]
        if "known_at" in table.columns:
            moment = ibis.coalesce(table.known_at, moment)
        return table.select("customer_id", known_from=moment)

    def _first_facts(self) -> ir.Table:
        """Return when each customer first appeared in any ledger."""
        facts = [
            self._known_from(contract.name)
            for contract in RAW_TABLES
            if contract.occurred_at is not None and contract.name in self.tables
        ]
        every = ibis.union(*facts)
        return every.group_by("customer_id").aggregate(first_fact=every.known_from.min())


def without_personal_columns(customers: ir.Table) -> ir.Table:
    """Return the customers without what never reaches a feature, a log or a model."""
    return customers.drop("email", "phone")


def _without_what_lay_ahead(seen: ir.Table, contract: Table) -> ir.Table:
    as_of = seen.as_of_date.cast("timestamp")
    occurred_at = seen[contract.occurred_at]
    masked = {moment: _if(seen[moment] < as_of, seen[moment]) for moment in contract.later_moments}
    for column, moment in TOLD_BY.get(contract.name, {}).items():
        masked[column] = _if(seen[moment] < as_of, seen[column])
    return seen.mutate(
        **masked,
        age_days=seen.as_of_date.delta(occurred_at.date(), unit="day").cast("int64"),
        age_seconds=(as_of.epoch_seconds() - occurred_at.epoch_seconds()).cast("int64"),
    )


def _if(condition: ir.BooleanValue, value: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, value, ibis.null(value.type()))


def cents(amount: ir.Value) -> ir.Value:
    """Return an amount in whole cents: sums of integers have the same bits on every engine."""
    return (amount * 100).cast("int64")


def history(engine: Engine, tables: Mapping[str, ir.Table], dates: Sequence[date]) -> History:
    """Look at validated tables from as-of dates."""
    return History(tables, _dates_table(engine, dates))


def _dates_table(engine: Engine, dates: Sequence[date]) -> ir.Table:
    return engine.table(pa.table({"as_of_date": pa.array(sorted(dates), pa.date32())}))
