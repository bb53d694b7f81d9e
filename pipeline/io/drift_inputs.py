"""What the drift of the scoring day is told from: rows by day, first events, a sample of features."""

from collections.abc import Iterator, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipeline.foundation import paths
from pipeline.foundation.contracts.tables import (
    CUSTOMERS,
    PRODUCT_EVENTS,
    PRODUCTS,
    RAW_TABLES,
)
from pipeline.foundation.engines import Engine
from pipeline.io.tables import read_folder

SAMPLE = 10_000
"""Customers whose features are looked at."""
DATES = 6
SIGNED_UP_ON = "signed_up_on"


def read_rows_by_day(engine: Engine) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return `day` and `rows` of every table that has dates; of customers, the day they signed up."""
    tables = read_folder(engine, paths.VALIDATED)
    moments = {one.name: one.occurred_at for one in RAW_TABLES} | {CUSTOMERS.name: SIGNED_UP_ON}
    for name, table in tables.items():
        moment = moments.get(name)
        if moment is None or moment not in table.columns:
            continue
        dated = table.select(moment).drop_null().select(day=ibis._[moment].cast("date"))
        days = dated.group_by("day").aggregate(rows=dated.count())
        yield name, engine.arrow(days.order_by("day")).to_pandas()


def read_first_events(engine: Engine) -> pd.DataFrame:
    """Return each `category` of products and `first`, the day of its first event."""
    tables = read_folder(engine, paths.VALIDATED)
    products = tables[PRODUCTS.name].select("product_id", "category")
    events = tables[PRODUCT_EVENTS.name]
    joined = events.select("product_id", day=events.occurred_at.date()).join(products, "product_id")
    firsts = joined.group_by("category").aggregate(first=joined.day.min())
    found: pd.DataFrame = engine.arrow(firsts.order_by("category")).to_pandas()
    return found


def read_family_snapshots(
    engine: Engine, dates: Sequence[date]
) -> Iterator[tuple[str, list[pd.DataFrame]]]:
    """Return each family's customer features at the last dates, of a sample of customers.

    Args:
        engine: finds the rows.
        dates: as-of dates, the oldest first.
    """
    wanted = dates[-DATES:]
    sample = _sampled(engine)
    for name, family in read_folder(engine, paths.FEATURES / "customer").items():
        rows = family.semi_join(sample, "customer_id")
        yield name, [_snapshot(engine, rows, day) for day in wanted]


def _snapshot(engine: Engine, rows: ir.Table, day: date) -> pd.DataFrame:
    at_date = rows.filter(rows.as_of_date == ibis.date(day.isoformat()))
    found: pd.DataFrame = engine.arrow(at_date.drop("as_of_date", "customer_id")).to_pandas()
    texts = found.select_dtypes(include=["object", "str"]).columns
    return found.astype(dict.fromkeys(texts, "category"))


def _sampled(engine: Engine) -> ir.Table:
    """Return every so manieth customer in the order of their ids."""
    known = engine.read(paths.KNOWN_CUSTOMERS).select("customer_id").distinct()
    ids = engine.arrow(known)["customer_id"].combine_chunks().sort()
    step = -(-len(ids) // SAMPLE) or 1
    return engine.table(pd.DataFrame({"customer_id": ids[::step].to_pandas()}))
