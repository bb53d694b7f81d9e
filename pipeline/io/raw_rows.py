"""The raw rows that are judged: of a table that `ingest` wrote, or of one that stays where it is.

Rows that stay are read as the contract's when they are judged, on the executors where there are any;
their digest is told on the way, so that no others than those `make pull` saw pass for them.
"""

import logging
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.contracts.erased import read_erased
from pipeline.foundation.contracts.stored_rows import IS_ERASED, AsRawRows
from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.engines import HASHES, Engine, sum_hashes
from pipeline.foundation.errors import DataError
from pipeline.foundation.stored_tables import Manifest

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RawRows:
    """The rows of one table."""

    rows: ir.Table
    """With the columns of `table.raw_schema`."""
    count: int
    """As whoever wrote the table told it."""


def read_raw(engine: Engine, table: Table) -> RawRows:
    """Return the raw rows of a table, without those of customers who were erased.

    Raises:
        DataError: a table that stays where it is, and is no longer what `make pull` saw.
    """
    path = paths.table(paths.RAW, table.name)
    manifest = stored_tables.read_manifest(path)
    if manifest is None or not manifest.names:
        return RawRows(engine.read(path), stored_tables.count_rows(path))
    reading = AsRawRows(table, read_erased(), HASHES)
    own = engine.scan(manifest.location, list(manifest.names.values()))
    named = own.select(**{name: own[given] for name, given in manifest.names.items()})
    read = engine.map_batches(reading, engine.hashed(named), reading.schema)
    told = engine.arrow(
        read.aggregate(
            rows=read.count(), erased=read[IS_ERASED].cast("int64").sum(), **sum_hashes(read)
        )
    ).to_pylist()[0]
    _check_digest(table, manifest, told)
    left_out = int(told["erased"] or 0)
    if left_out:
        log.info("%s: %s rows left out, of customers who were erased", table.name, f"{left_out:,}")
    kept = read.filter(~read[IS_ERASED]).select(*table.raw_schema.names)
    return RawRows(kept, manifest.rows - left_out)


def _check_digest(table: Table, manifest: Manifest, told: dict[str, Any]) -> None:
    sums = [int(told[name] or 0) for name in HASHES]
    if stored_tables.digest_of(told["rows"], manifest.columns, sums) != manifest.digest:
        # Whatever the times of the files say: the next look reads them.
        paths.PULLED_VERSION.unlink(missing_ok=True)
        raise DataError(
            f"table {table.name!r} at {manifest.location} as `make pull` saw it, with "
            f"{manifest.rows:,} rows",
            f"another one, with {told['rows']:,}",
            "Run `make repro`, which looks again before it runs the stages. A digest is that of one "
            "engine: after a change of engine.name it must look again too.",
        )
