"""Where the model stages find their matrix: population and features as parquet files."""

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from pipeline.features.joined_matrix import OnEachMatrix, join_features
from pipeline.features.matrix import Matrix, load_matrix
from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.foundation.engines import Engine
from pipeline.io.tables import read_folder
from pipeline.population.drawn_customers import drawn_share, is_drawn

log = logging.getLogger(__name__)

CUSTOMERS = 20_000
"""Whose rows are in memory at once, where a model is applied to everybody."""
MEASURED_CUSTOMERS = 100_000
"""Of more, so many measure a model: figures of one thousand positives do not move by more rows, and
what is held of each row would outgrow a machine. With no more customers every figure is exact."""


def read_families(engine: Engine) -> dict[str, ir.Table]:
    """Return the tables of all families by grain and name."""
    return {
        f"{grain}/{name}": table
        for grain in ("candidate", "customer")
        for name, table in read_folder(engine, paths.FEATURES / grain).items()
    }


def read_matrix(
    engine: Engine,
    model: ModelName,
    *,
    splits: Collection[str],
    eligible_only: bool = True,
    max_rows: int | None = None,
    negatives_per_positive: int | None = None,
    seed: int = 0,
    among: pa.Table | None = None,
    most_customers: int | None = None,
) -> Matrix:
    """Read one model's rows of some splits with all features; see `load_matrix`.

    Args:
        engine: finds the rows.
        model: whose population.
        splits: which snapshots.
        eligible_only: leave the ineligible rows out.
        max_rows: above this, negatives are sampled.
        negatives_per_positive: as in `load_matrix`.
        seed: of the sample.
        among: as_of_date, customer_id and category of the only rows that are wanted.
        most_customers: as in `read_matrices`.
    """
    population = engine.read(paths.table(paths.POPULATION, model))
    if most_customers is not None:
        asked = population.filter(population.split.isin(sorted(splits)))
        population = _of_drawn_customers(engine, asked, most_customers)
    if among is not None:
        population = population.semi_join(engine.table(among), CANDIDATE_KEYS)
    return load_matrix(
        engine,
        population,
        read_families(engine),
        splits=splits,
        eligible_only=eligible_only,
        max_rows=max_rows,
        negatives_per_positive=negatives_per_positive,
        seed=seed,
    )


@dataclass(frozen=True)
class _Customers:
    """Customers on one as-of date, from the first to the last in the order of their ids."""

    day: date
    first: str
    last: str

    def rows(self, table: ir.Table) -> ir.Table:
        """Return their rows; the engine reads hardly more of a sorted file."""
        is_theirs = table.customer_id.between(self.first, self.last)
        return table.filter((table.as_of_date == ibis.date(self.day.isoformat())) & is_theirs)


def map_matrices(
    engine: Engine,
    model: ModelName,
    function: Callable[[Matrix], pa.Table],
    schema: pa.Schema,
    *,
    split: str,
    among: ir.Table | None = None,
) -> ir.Table:
    """Apply a function to a split's eligible rows with all features, however many they are.

    A distributed engine joins the rows and its executors apply the function; else some customers'
    rows are in memory at a time. The function must not mind which rows come together.

    Args:
        engine: reads and keeps what comes out.
        model: whose population.
        function: from some of the rows to a table; pickled where the engine is distributed.
        schema: of that table.
        split: which snapshot.
        among: as_of_date, customer_id and category of the only rows that are wanted.
    """
    if engine.is_distributed:
        rows = asked_rows(engine, model, split=split, among=among)
        joined = join_features(rows, read_families(engine))
        return engine.map_batches(OnEachMatrix(function), joined, schema)
    parts = read_matrices(engine, model, split=split, among=among)
    batches = (batch for part in parts for batch in function(part).to_batches())
    return engine.table(pa.RecordBatchReader.from_batches(schema, batches))


def asked_rows(
    engine: Engine,
    model: ModelName,
    *,
    split: str,
    eligible_only: bool = True,
    among: ir.Table | None = None,
    most_customers: int | None = None,
) -> ir.Table:
    """Return the population's rows of a split; see `read_matrices`."""
    population = engine.read(paths.table(paths.POPULATION, model))
    asked = population.filter(population.split == split)
    if most_customers is not None:
        asked = _of_drawn_customers(engine, asked, most_customers)
    if eligible_only:
        asked = asked.filter(asked.is_eligible)
    return asked if among is None else asked.semi_join(among, CANDIDATE_KEYS)


def _of_drawn_customers(engine: Engine, rows: ir.Table, most: int) -> ir.Table:
    """Return all rows of about so many customers, drawn evenly by a digest of their ids."""
    counted = engine.arrow(rows.aggregate(customers=rows.customer_id.nunique()))
    customers = counted["customers"][0].as_py()
    if customers <= most:
        return rows
    log.info("about %s of %s customers are drawn to measure by", f"{most:,}", f"{customers:,}")
    return rows.filter(is_drawn(rows.customer_id, drawn_share(customers, most), "measured"))


def read_matrices(
    engine: Engine,
    model: ModelName,
    *,
    split: str,
    eligible_only: bool = True,
    customers: int = CUSTOMERS,
    among: ir.Table | None = None,
    most_customers: int | None = None,
) -> Iterator[Matrix]:
    """Read the rows of a split that is one as-of date, so many customers at a time.

    Under each other, the parts are the rows of `read_matrix`, but each has customer codes of its
    own.

    Args:
        engine: finds the rows.
        model: whose population.
        split: which snapshot.
        eligible_only: leave the ineligible rows out.
        customers: of one part.
        among: as_of_date, customer_id and category of the only rows that are wanted.
        most_customers: of more, eligible or not, about so many are drawn, the same each time.
    """
    asked = asked_rows(
        engine,
        model,
        split=split,
        eligible_only=eligible_only,
        among=among,
        most_customers=most_customers,
    )
    found = engine.arrow(asked.select("as_of_date", "customer_id").distinct())
    families = read_families(engine)
    if found.num_rows <= customers:
        yield load_matrix(engine, asked, families, splits=[split], eligible_only=eligible_only)
        return
    day, ids = found["as_of_date"][0].as_py(), found["customer_id"].combine_chunks().sort()
    for start in range(0, len(ids), customers):
        last = min(start + customers, len(ids)) - 1
        part = _Customers(day, ids[start].as_py(), ids[last].as_py())
        yield load_matrix(
            engine,
            part.rows(asked),
            {name: part.rows(family) for name, family in families.items()},
            splits=[split],
            eligible_only=eligible_only,
        )
