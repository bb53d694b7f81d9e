"""Views of a company for feature tests, and the independent truncation they are compared with."""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.features.family import Family
from pipeline.features.feature import KEYS, Grain
from pipeline.features.view import View, look
from pipeline.foundation.contracts.tables import RAW_TABLES
from pipeline.foundation.engines import Engine
from pipeline.population.history import history
from pipeline.population.holdings import available_categories, held_products

CONTRACTS = {table.name: table for table in RAW_TABLES}
TOLD_WITH_THE_ANSWER = ("score", "comment")


def view(engine: Engine, tables: Mapping[str, pa.Table], dates: Sequence[date]) -> View:
    """Look at a company; every known customer is asked about every category on offer."""
    without_events = {"product_events": CONTRACTS["product_events"].schema.empty_table()}
    every = {**without_events, **tables}
    return view_of(engine, {name: engine.table(rows) for name, rows in every.items()}, dates)


def view_of(engine: Engine, tables: Mapping[str, ir.Table], dates: Sequence[date]) -> View:
    """Look at tables that the engine has already, as `view` does."""
    past = history(engine, tables, dates)
    customers = past.customers.select("as_of_date", "customer_id")
    offered = available_categories(past).drop("top_tier")
    asked = customers.join(offered, "as_of_date")
    return look(engine, past, asked, past.customers, held_products(past))


def values(engine: Engine, family: Family, grain: Grain, looked_at: View) -> pd.DataFrame:
    """Return a family's columns, indexed and sorted by its keys."""
    frame: pd.DataFrame = engine.arrow(family.compute(looked_at, grain)).to_pandas()
    return frame.set_index(list(KEYS[grain])).sort_index()


def truncated(tables: Mapping[str, pa.Table], as_of_date: date) -> dict[str, pa.Table]:
    """Return what the company had on file at midnight, row by row and without the pipeline."""
    midnight = pd.Timestamp(as_of_date)
    kept = {}
    for name, rows in tables.items():
        contract = CONTRACTS[name]
        frame = rows.to_pandas()
        if contract.occurred_at is not None:
            frame = frame[frame[contract.occurred_at] < midnight]
            if "known_at" in frame:
                frame = frame[frame["known_at"].isna() | (frame["known_at"] < midnight)]
            for moment in contract.later_moments:
                ahead = frame[moment] >= midnight
                told = [*TOLD_WITH_THE_ANSWER] if moment == "answered_at" else []
                frame = frame.assign(**{c: frame[c].mask(ahead) for c in [moment, *told]})
        kept[name] = pa.Table.from_pandas(frame, schema=rows.schema, preserve_index=False)
    return kept
