"""What stages read of the scoring day is what the one door to history says of it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.foundation import paths
from pipeline.foundation.engines import Engine
from pipeline.io.scoring_day import read_holdings, read_known_customers
from pipeline.io.snapshots import read_snapshots, scoring_date
from pipeline.population.history import history
from pipeline.population.holdings import held_products
from tests.company import company
from tests.scoring_day import write_scoring_day

DAY = date(2025, 1, 20)


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, pa.Table]:
    """Return a company whose scoring day is written."""
    monkeypatch.chdir(tmp_path)
    found = company(3, customers=40, facts=200)
    paths.VALIDATED.mkdir(parents=True)
    for name, rows in found.items():
        pq.write_table(rows, paths.table(paths.VALIDATED, name))
    write_scoring_day(found, DAY)
    return found


def frame(engine: Engine, rows: ir.Table) -> pd.DataFrame:
    computed: pd.DataFrame = engine.arrow(rows).to_pandas()
    names = sorted(computed.columns)
    return computed[names].sort_values(names, ignore_index=True)


@pytest.mark.parametrize("day", [None, DAY], ids=["every as-of date", "the scoring day"])
def test_known_customers_and_holdings_are_those_of_history(
    engine: Engine, tables: Mapping[str, pa.Table], day: date | None
) -> None:
    named = {name: engine.table(rows) for name, rows in tables.items()}
    past = history(engine, named, read_snapshots().all() if day is None else [day])
    known = frame(engine, read_known_customers(engine, day))
    assert len(known) >= 40
    pd.testing.assert_frame_equal(known, frame(engine, past.customers))
    held = frame(engine, read_holdings(engine, day))
    assert len(held) > 20
    pd.testing.assert_frame_equal(held, frame(engine, held_products(past)))


@pytest.mark.usefixtures("tables")
def test_the_scoring_date_and_the_customers_known_then_stand_in_one_document() -> None:
    assert scoring_date() == DAY
    known = pd.read_parquet(paths.KNOWN_CUSTOMERS)
    assert read_snapshots().known_customers == (known["as_of_date"] == DAY).sum()
