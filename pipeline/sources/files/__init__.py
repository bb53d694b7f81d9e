"""The user's own CSV or parquet files, whatever their columns are called.

`source.files.tables` names a file for each contract table, and how it is read; or
`source.files.template` names the shop system whose exports the files are (`shops`).
"""

import logging
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from pipeline.foundation.config import FileMapping, FilesParams, SourceParams
from pipeline.foundation.contracts.tables import Table, raw_tables
from pipeline.foundation.errors import ConfigurationError, did_you_mean, known
from pipeline.sources.base import RawData
from pipeline.sources.files.mapped import mapped_rows, warn_of_unread_columns
from pipeline.sources.files.mapping import check_mapping, find_columns, plain_mapping
from pipeline.sources.files.reading import find_file, read_frame
from pipeline.sources.files.shops import read_shop

log = logging.getLogger(__name__)


def read(params: SourceParams) -> RawData:
    """Read every file that the parameters name as its contract table.

    Raises:
        ConfigurationError: the parameters do not fit the contract or the files.
        DataError: a file is missing, or cannot be read as the parameters say.
    """
    contract = raw_tables(params.customer_attributes)
    if params.files.template is not None:
        return read_shop(params.files, params.files.template, contract)
    _check_names(params.files, contract)
    mappings = {name: plain_mapping(mapping) for name, mapping in params.files.tables.items()}
    for name, mapping in mappings.items():
        check_mapping(mapping, contract[name])
    folder = Path(params.files.folder)
    tables = {
        name: _read_table(find_file(folder, mapping.file), mapping, contract[name])
        for name, mapping in mappings.items()
    }
    return RawData(tables, _state(params.files))


def _check_names(params: FilesParams, contract: Mapping[str, Table]) -> None:
    if not params.tables:
        raise ConfigurationError(
            "the user's files in source.files.tables",
            "none",
            "`make init` proposes them; or name a file for customers, products and product_events "
            "at least. See docs/own_data.md.",
        )
    for name in params.tables:
        if name not in contract:
            raise ConfigurationError(
                f"in source.files.tables {known(contract)}",
                repr(name),
                f"{did_you_mean(name, contract)}Correct params.yaml.",
            )


def _read_table(path: Path, mapping: FileMapping, table: Table) -> pa.Table:
    frame = read_frame(path, mapping, table.name)
    columns = find_columns(list(frame.columns), mapping, table)
    rows = mapped_rows(frame, columns, mapping, table)
    ignored = sorted(set(map(str, frame.columns)) - set(columns.values()))
    log.info(
        "%s: %s rows of %s; columns not read: %s",
        table.name,
        f"{rows.num_rows:,}",
        path,
        ", ".join(ignored) or "none",
    )
    warn_of_unread_columns(rows, columns)
    return rows


def _state(params: FilesParams) -> str:
    files = ", ".join(
        f"{name} from {mapping.file}" for name, mapping in sorted(params.tables.items())
    )
    return f"The user's own files in {params.folder}: {files}."
