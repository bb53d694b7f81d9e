"""validate: raw tables -> valid rows, rows in quarantine, and a verdict.

Valid tables are gathered aside and moved into place when the gate has passed, so that none stands
where the verdict is no. The quarantine and the report are written in any case, to be looked at.
"""

import logging
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.hand_overs.source_tables import SourceTables
from pipeline.foundation.contracts.names_in_parameters import check_limits
from pipeline.foundation.contracts.tables import (
    CUSTOMERS,
    PRODUCT_EVENTS,
    PRODUCTS,
    RAW_TABLES,
    Table,
    raw_tables,
)
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.judged_tables import find_raw_tables, pass_gate, show_to_gate, write_judged
from pipeline.io.raw_rows import RawRows, read_raw
from pipeline.io.tables import read_folder
from pipeline.validation import judgement, table_facts, validation_verdict
from pipeline.validation.coverage import Coverage, cover, end_of, last_day
from pipeline.validation.judgement import Rows
from pipeline.validation.validation_verdict import Finding, find

log = logging.getLogger(__name__)

Tables = Mapping[str, Table]


def main() -> None:
    """Sort the raw rows into valid and quarantined, and let only valid tables that suffice pass."""
    params = config.load()
    contract = raw_tables(params.source.customer_attributes)
    check_limits(params.validate_, contract)
    tables = find_raw_tables(contract)
    with open_engine(params.engine) as engine, paths.replacing_folder(paths.VALIDATED) as folder:
        for earlier in (paths.VALIDATED, paths.QUARANTINE):
            shutil.rmtree(earlier, ignore_errors=True)
        findings, coverage = _validate(engine, params, tables, folder)
        missing = {table.name for table in RAW_TABLES} - tables.keys()
        write_document(
            validation_verdict.to_report(findings, coverage, missing), paths.VALIDATION_REPORT
        )
        for line in validation_verdict.warnings(findings):
            log.warning("%s", line)
        log.info("%s", validation_verdict.summarize(findings, coverage))
        validation_verdict.enforce(findings)
        source = SourceTables(missing_tables=tuple(sorted(missing)))
        write_document(source, folder / paths.SOURCE_TABLES.name)


def _validate(
    engine: Engine, params: Params, tables: Tables, folder: Path
) -> tuple[list[Finding], Coverage | None]:
    """Sort out table after table, referenced ones first, then ask the gate about each."""
    raw = {name: read_raw(engine, table) for name, table in tables.items()}
    coverage = _find_coverage(engine, params, tables, raw)
    written: dict[str, tuple[int, int]] = {}
    for name, table in tables.items():
        last, valid = last_day(table, coverage), read_folder(engine, folder)
        until = None if last is None else end_of(last)
        judged = engine.materialize(judgement.judge(raw[name].rows, table, valid, until))
        written[name] = write_judged(engine, judged, table, folder, raw[name].count)
    valid, quarantine = read_folder(engine, folder), read_folder(engine, paths.QUARANTINE)
    cells = read_folder(engine, paths.EMPTIED_CELLS)
    findings = []
    for name, table in tables.items():
        counts = table_facts.count_rows(
            engine, table, quarantine, *written[name], cells=cells[name]
        )
        known = table_facts.gather_facts(engine, table, valid, counts, coverage)
        path, asked = paths.table(folder, name), params.validate_
        shown = show_to_gate(engine, path, table, asked.batch_rows)
        outcomes = pass_gate(shown, table, asked, known, coverage)
        findings.append(find(table, counts, outcomes, params.source.name))
    return findings, coverage


def _find_coverage(
    engine: Engine, params: Params, tables: Tables, raw: Mapping[str, RawRows]
) -> Coverage | None:
    """Tell the days that the data cover from the product events that can be believed."""
    believable: dict[str, Rows] = {}
    for table in (CUSTOMERS, PRODUCTS, PRODUCT_EVENTS):
        contract = tables[table.name]
        judged = judgement.judge(raw[table.name].rows, contract, believable, None)
        believable[table.name] = judgement.valid_rows(judged, contract)
    days = judgement.count_days(believable[PRODUCT_EVENTS.name], PRODUCT_EVENTS)
    return cover(engine.arrow(days).to_pandas(), params.validate_.exported_on)


if __name__ == "__main__":
    run(main)
