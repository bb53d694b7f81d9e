"""Where raw tables come from: one module a source, chosen by `source.name`.

A source is a module or package of this folder with `read(params: SourceParams) -> RawData`.
"""

import importlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import pyarrow as pa

from pipeline.foundation.choices import SOURCES
from pipeline.foundation.config import SourceParams
from pipeline.foundation.contracts.tables import Table, raw_tables
from pipeline.foundation.errors import DataError, did_you_mean, known
from pipeline.sources.base import BatchedTable, Piece, RawData

__all__ = ["BatchedTable", "Piece", "RawData", "read_source"]


def read_source(params: SourceParams) -> RawData:
    """Read the source that the parameters name and check that it keeps the contract.

    Raises:
        ConfigurationError: no such source.
        DataError: a required table is missing, a table is unknown, empty or not of its schema.
    """
    SOURCES.check(params.name)
    data: RawData = importlib.import_module(f"{__name__}.{params.name}").read(params)
    contract = raw_tables(params.customer_attributes)
    if data.streamed is None:
        _check_required({**data.tables, **data.batched, **data.stored}, contract, params.name)
        _check_tables({**data.tables, **data.batched}, contract, params.name)
        return data
    return replace(data, streamed=_checked(data.streamed, contract, params.name))


def _checked(
    pieces: Iterable[Piece], contract: Mapping[str, Table], source: str
) -> Iterator[Piece]:
    """Hand pieces on, each once it keeps the contract, until a required table proves missing."""
    seen: set[str] = set()
    for piece in pieces:
        if not piece.is_truth:
            _check_known(piece.name, contract, source)
            (_check_schema if piece.name in seen else _check_rows)(
                piece.name, piece.rows, contract[piece.name]
            )
            seen.add(piece.name)
        yield piece
    _check_required(seen, contract, source)


def _check_tables(
    tables: Mapping[str, pa.Table | BatchedTable], contract: Mapping[str, Table], source: str
) -> None:
    for name, rows in tables.items():
        _check_known(name, contract, source)
        _check_rows(name, rows, contract[name])


def _check_required(names: Collection[str], contract: Mapping[str, Table], source: str) -> None:
    for name, table in contract.items():
        if table.is_required and name not in names:
            raise DataError(
                f"table {name!r} from source {source!r}",
                ", ".join(sorted(names)) or "no tables",
                f"The pipeline cannot do without it: {table.grain}. Let the source deliver it.",
            )


def _check_known(name: str, contract: Mapping[str, Table], source: str) -> None:
    if name not in contract:
        raise DataError(
            f"from source {source!r} only tables of the contract, {known(contract)}",
            repr(name),
            f"{did_you_mean(name, contract)}Rename the table or leave it out.",
        )


def _check_rows(name: str, rows: pa.Table | BatchedTable, table: Table) -> None:
    if rows.num_rows == 0:
        raise DataError(
            f"rows in table {name!r}",
            "none",
            "Deliver its rows."
            if table.is_required
            else "Deliver its rows, or leave the table out: it is optional.",
        )
    _check_schema(name, rows, table)


def _check_schema(name: str, rows: pa.Table | BatchedTable, table: Table) -> None:
    if not rows.schema.equals(table.raw_schema):
        wanted, given = _describe(table.raw_schema), _describe(rows.schema)
        raise DataError(
            f"table {name!r} with the columns and types of its contract, in order",
            f"{'; '.join(sorted(given - wanted)) or 'nothing'} instead of "
            f"{'; '.join(sorted(wanted - given)) or 'nothing'}"
            if given != wanted
            else "another order of columns",
            "Let the source pass its frame through pipeline.foundation.contracts.conform.",
        )


def _describe(schema: pa.Schema) -> set[str]:
    return {f"{field.name} {field.type}" for field in schema}
