"""ingest: a source -> raw tables of the contract, where they come from, and the truth if known.

Each folder is gathered aside and moved into place whole, so that no table of an earlier source
lingers beside those of this one.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.foundation import config, paths
from pipeline.foundation.running import run
from pipeline.sources import BatchedTable, RawData, read_source

log = logging.getLogger(__name__)


def main() -> None:
    """Read the source that params name and write what it hands over."""
    params = config.load()
    data = read_source(params.source)
    write(data, params.source.name)
    counts = ", ".join(f"{name} {count:,}" for name, count in data.rows.items())
    log.info("%s: rows of %s. %s", params.source.name, counts, data.statement)


def write(data: RawData, source: str) -> None:
    """Write data/raw and data/truth; the truth's folder stays empty where no truth is known."""
    provenance = {"source": source, "statement": data.statement}
    note = json.dumps(provenance, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    _write_folder(paths.RAW, {**data.tables, **data.batched}, {paths.PROVENANCE.name: note})
    _write_folder(paths.TRUTH, data.truth, {})


def _write_folder(
    folder: Path, tables: Mapping[str, pa.Table | BatchedTable], texts: Mapping[str, str]
) -> None:
    with paths.replacing_folder(folder) as fresh:
        for name, table in tables.items():
            _write_table(table, paths.table(fresh, name))
        for name, text in texts.items():
            (fresh / name).write_text(text, encoding="utf-8")


def _write_table(table: pa.Table | BatchedTable, path: Path) -> None:
    batches = table.batches() if isinstance(table, BatchedTable) else (table,)
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(batch)


if __name__ == "__main__":
    run(main)
