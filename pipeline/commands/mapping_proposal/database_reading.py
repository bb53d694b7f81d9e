"""The tables of a database as they may be read: their names, and the first rows of each as text."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.commands.mapping_proposal.file_reading import MOST_ROWS, FoundFile
from pipeline.foundation.contracts.reading import to_text
from pipeline.foundation.contracts.text import plain_name
from pipeline.sources.database.looking import first_rows, own_tables

_SECONDS = "%Y-%m-%d %H:%M:%S"


def read_database(variable: str) -> list[FoundFile]:
    """Return the tables of a database, by name; nothing of it is changed or kept.

    Args:
        variable: the environment variable that holds the URL.
    """
    with own_tables(variable) as (reader, names):
        return [
            _found(name, first_rows(reader, source, MOST_ROWS["table"]))
            for name, source in sorted(names.items())
        ]


def _found(name: str, rows: pa.Table) -> FoundFile:
    temporal = frozenset(
        plain_name(field.name) for field in rows.schema if pa.types.is_temporal(field.type)
    )
    columns = {plain_name(field.name): _texts(rows[field.name]) for field in rows.schema}
    cells = pd.DataFrame(columns, columns=list(columns))
    return FoundFile(name, "utf-8", ",", True, cells, origin="table", typed=temporal)


def _texts(values: pa.ChunkedArray) -> "pd.Series[str]":
    """Return values as text, moments with their offset where they have a zone; blank text is empty."""
    if pa.types.is_timestamp(values.type):
        zone = "%z" if values.type.tz else ""
        values = pc.strftime(
            values.cast(pa.timestamp("s", values.type.tz), safe=False), _SECONDS + zone
        )
    text = to_text(values.combine_chunks()).cast(pa.string())
    texts: pd.Series[str] = text.to_pandas().astype("str")
    return texts.where(texts.str.strip() != "")
