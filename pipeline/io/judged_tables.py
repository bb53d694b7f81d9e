"""Where `validate` finds raw tables, leaves their valid and quarantined rows, and shows them to the gate."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.config import ValidateParams
from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.engines import Engine
from pipeline.validation import inputs, judgement, table_facts, validation_verdict
from pipeline.validation.batches import to_frames
from pipeline.validation.condensed import condense
from pipeline.validation.coverage import Coverage
from pipeline.validation.expectation_gate import Outcome, pass_through
from pipeline.validation.expectations import batch_suite, facts_suite
from pipeline.validation.table_facts import Facts


def find_raw_tables(contract: Mapping[str, Table]) -> Mapping[str, Table]:
    """Return the tables that have a raw file, in contract order, once their columns are checked.

    Those of a table that stays where it is were checked when `make pull` looked at it.
    """
    files = {name: paths.table(paths.RAW, name) for name in contract}
    tables = {name: table for name, table in contract.items() if files[name].exists()}
    inputs.check_present(tables, contract)
    for name, table in tables.items():
        if stored_tables.read_manifest(files[name]) is not None:
            continue
        inputs.check_schema(
            name,
            stored_tables.read_schema(files[name]),
            table.raw_schema,
            "Run the ingest stage again; `dvc repro` runs every stage that is due.",
        )
    return tables


def write_judged(
    engine: Engine, judged: ir.Table, table: Table, folder: Path, rows_in: int
) -> tuple[int, int]:
    """Write the two parts of a table, check that they are all of its rows, and count them."""
    order = judgement.sort_order(table)
    path = paths.table(folder, table.name)
    valid = engine.write(judgement.valid_rows(judged, table), path, order)
    quarantined = engine.write(
        judgement.quarantined_rows(judged),
        paths.table(paths.QUARANTINE, table.name),
        (*order, judgement.RULE, judgement.VALUE),
    )
    cells = judgement.emptied_cells(judged, table)
    engine.write(cells, paths.table(paths.EMPTIED_CELLS, table.name), tuple(cells.columns))
    validation_verdict.check_count_law(table.name, rows_in, valid, quarantined)
    inputs.check_schema(
        table.name, stored_tables.read_schema(path), table.schema, "Correct the stage."
    )
    return valid, quarantined


def show_to_gate(
    engine: Engine, path: Path, table: Table, batch_rows: int
) -> Iterator[pa.RecordBatch]:
    """Yield the rows as written; where they stay on a cluster, the few that show what all would."""
    if engine.is_distributed:
        return iter(condense(engine, engine.read(path), table).to_batches())
    return stored_tables.iter_batches(path, batch_rows)


def pass_gate(
    batches: Iterator[pa.RecordBatch],
    table: Table,
    params: ValidateParams,
    known: Facts,
    coverage: Coverage | None,
) -> tuple[Outcome, ...]:
    """Show the gate the rows, batch by batch, and then the facts about them."""
    of_rows = pass_through(to_frames(batches, table.schema), batch_suite(table, coverage))
    of_facts = pass_through([table_facts.to_frame(known)], facts_suite(table, params, known))
    return of_rows + of_facts
