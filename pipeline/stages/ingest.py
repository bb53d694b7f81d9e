"""ingest: a source -> raw tables of the contract, where they come from, and the truth if known.

Each folder is gathered aside and moved into place whole, so that no table of an earlier source
lingers beside those of this one. Rows are written as the source hands them over, but for
those of customers who were erased: no source brings them back. Of a table that stays where it is
goes its manifest alone; `validate` leaves the erased out of that.
"""

import json
import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.foundation import config, paths
from pipeline.foundation.contracts.erased import read_erased
from pipeline.foundation.running import run
from pipeline.foundation.stored_tables import write_manifest
from pipeline.sources import Piece, RawData, read_source

log = logging.getLogger(__name__)


def main() -> None:
    """Read the source that params name and write what it hands over."""
    params = config.load()
    data = read_source(params.source)
    rows = write(data, params.source.name)
    counts = ", ".join(f"{name} {rows[name]:,}" for name in sorted(rows))
    log.info("%s: rows of %s. %s", params.source.name, counts, data.statement)


def write(data: RawData, source: str) -> Mapping[str, int]:
    """Write data/raw and data/truth; the truth's folder stays empty where no truth is known.

    Returns:
        the rows of each raw table.
    """
    erased = read_erased()
    rows: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    with (
        paths.replacing_folder(paths.RAW) as raw,
        paths.replacing_folder(paths.TRUTH) as truth,
        ExitStack() as files,
    ):
        writers: dict[Path, pq.ParquetWriter] = {}
        for piece in data.pieces():
            path = paths.table(truth if piece.is_truth else raw, piece.name)
            if path not in writers:
                writers[path] = files.enter_context(_open(path, piece))
            kept = erased.without(piece.rows)
            writers[path].write_table(kept)
            if not piece.is_truth:
                rows[piece.name] += len(kept)
                left_out[piece.name] += len(piece.rows) - len(kept)
        for name, manifest in data.stored.items():
            write_manifest(manifest, paths.table(raw, name))
            rows[name] = manifest.rows
        note = _provenance(source, data.statement, +left_out)
        (raw / paths.PROVENANCE.name).write_text(note, encoding="utf-8")
    return rows


def _provenance(source: str, statement: str, left_out: Mapping[str, int]) -> str:
    """Return where the tables come from, and how many rows of erased customers they come without."""
    told = {"source": source, "statement": statement}
    if left_out:
        log.info("left out, of customers who were erased: %s", dict(sorted(left_out.items())))
    erased = {"erased_rows": dict(left_out)} if left_out else {}
    return json.dumps({**told, **erased}, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _open(path: Path, piece: Piece) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, piece.rows.schema, compression="zstd")


if __name__ == "__main__":
    run(main)
