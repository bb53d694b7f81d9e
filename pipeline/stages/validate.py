"""validate: raw tables -> valid rows, rows in quarantine, and a verdict.

Valid tables are gathered aside and moved into place when the gate has passed, so that none stands
where the verdict is no. The quarantine and the report are written in any case, to be looked at.
"""

import logging
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.foundation import config, paths
from pipeline.foundation.config import Params, ValidateParams
from pipeline.foundation.contracts.hand_overs.source_tables import SourceTables
from pipeline.foundation.contracts.tables import PRODUCT_EVENTS, Table, raw_tables
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.tables import read_folder, write_json
from pipeline.validation import facts, inputs, judgement, verdict
from pipeline.validation.batches import to_frames
from pipeline.validation.coverage import Coverage, cover, end_of, last_day
from pipeline.validation.expectations import batch_suite, facts_suite
from pipeline.validation.facts import Facts
from pipeline.validation.gate import Outcome, pass_through
from pipeline.validation.judgement import Rows
from pipeline.validation.verdict import Finding

log = logging.getLogger(__name__)

Tables = Mapping[str, Table]


def main() -> None:
    """Sort the raw rows into valid and quarantined, and let only valid tables that suffice pass."""
    params = config.load()
    contract = raw_tables(params.source.customer_attributes)
    inputs.check_parameters(params.validate_, contract)
    tables = _find_tables(contract)
    for folder in (paths.VALIDATED, paths.QUARANTINE):
        shutil.rmtree(folder, ignore_errors=True)
    with open_engine(params.engine) as engine, _aside() as folder:
        findings, coverage = _validate(engine, params, tables, folder)
        missing = contract.keys() - tables.keys()
        write_json(verdict.to_report(findings, coverage, missing), paths.VALIDATION_REPORT)
        for line in verdict.warnings(findings):
            log.warning("%s", line)
        log.info("%s", verdict.summarize(findings, coverage))
        verdict.enforce(findings)
        source = SourceTables(missing_tables=tuple(sorted(missing)))
        write_document(source, folder / paths.SOURCE_TABLES.name)
        folder.replace(paths.VALIDATED)


def _find_tables(contract: Tables) -> Tables:
    """Return the tables that have a raw file, in contract order, once their columns are checked."""
    files = {name: paths.table(paths.RAW, name) for name in contract}
    tables = {name: table for name, table in contract.items() if files[name].exists()}
    inputs.check_present(tables, contract)
    for name, table in tables.items():
        inputs.check_schema(
            name,
            pq.read_schema(files[name]),
            table.raw_schema,
            "Run the ingest stage again; `dvc repro` runs every stage that is due.",
        )
    return tables


@contextmanager
def _aside() -> Iterator[Path]:
    """Give an empty folder beside the outputs, and leave none behind."""
    folder = paths.TEMPORARY / paths.VALIDATED.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _validate(
    engine: Engine, params: Params, tables: Tables, folder: Path
) -> tuple[list[Finding], Coverage | None]:
    """Sort out table after table, referenced ones first, then ask the gate about each."""
    coverage: Coverage | None = None
    written: dict[str, tuple[int, int]] = {}
    for name, table in tables.items():
        rows, valid = engine.read(paths.table(paths.RAW, name)), read_folder(engine, folder)
        if name == PRODUCT_EVENTS.name:
            coverage = _find_coverage(engine, rows, table, valid)
        last = last_day(table, coverage)
        judged = judgement.judge(rows, table, valid, None if last is None else end_of(last))
        written[name] = _write(engine, engine.materialize(judged), table, folder)
    valid, quarantine = read_folder(engine, folder), read_folder(engine, paths.QUARANTINE)
    findings = []
    for name, table in tables.items():
        counts = facts.count_rows(engine, table, quarantine, *written[name])
        known = facts.gather_facts(engine, table, valid, counts, coverage)
        outcomes = _pass_gate(paths.table(folder, name), table, params.validate_, known, coverage)
        findings.append(Finding(name, counts, outcomes))
    return findings, coverage


def _find_coverage(
    engine: Engine, rows: Rows, table: Table, valid: Mapping[str, Rows]
) -> Coverage | None:
    believable = judgement.valid_rows(judgement.judge(rows, table, valid, None), table)
    return cover(engine.arrow(judgement.count_days(believable, table)).to_pandas())


def _write(engine: Engine, judged: Rows, table: Table, folder: Path) -> tuple[int, int]:
    """Write the two parts of a table, check that they are all of it, and count them."""
    order = judgement.sort_order(table)
    path = paths.table(folder, table.name)
    valid = engine.write(judgement.valid_rows(judged, table), path, order)
    quarantined = engine.write(
        judgement.quarantined_rows(judged),
        paths.table(paths.QUARANTINE, table.name),
        (*order, judgement.RULE, judgement.VALUE),
    )
    rows_in = pq.read_metadata(paths.table(paths.RAW, table.name)).num_rows
    verdict.check_count_law(table.name, rows_in, valid, quarantined)
    inputs.check_schema(table.name, pq.read_schema(path), table.schema, "Correct this stage.")
    return valid, quarantined


def _pass_gate(
    path: Path, table: Table, params: ValidateParams, known: Facts, coverage: Coverage | None
) -> tuple[Outcome, ...]:
    """Show the gate the rows as written, batch by batch, and then the facts about them."""
    with pq.ParquetFile(path) as file:
        frames = to_frames(file.iter_batches(batch_size=params.batch_rows), table.schema)
        of_rows = pass_through(frames, batch_suite(table, coverage))
    of_facts = pass_through([facts.to_frame(known)], facts_suite(table, params, known))
    return of_rows + of_facts


if __name__ == "__main__":
    run(main)
