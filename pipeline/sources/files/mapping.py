"""From the user's names and values to the contract's.

Without `columns` the file uses the contract's names. With `columns`, only what they map is read:
personal data stay out unless somebody asks for them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import pyarrow as pa

from pipeline.foundation.config import TableMapping
from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.contracts.text import plain_name, plain_text
from pipeline.foundation.errors import ConfigurationError, DataError, did_you_mean, unknown_name

AnyMapping = TypeVar("AnyMapping", bound=TableMapping)


def plain_mapping(mapping: AnyMapping) -> AnyMapping:
    """Return the mapping with its names and values as text is compared, like what is read."""
    values = mapping.values  # noqa: PD011 - a part of the parameters, not of a frame
    return mapping.model_copy(
        update={
            "columns": {name: plain_name(own) for name, own in mapping.columns.items()},
            "values": {
                name: {plain_name(own): value for own, value in translated.items()}
                for name, translated in values.items()
            },
        }
        | {
            part: {
                plain_name(own): [plain_name(one) for one in given] for own, given in rows.items()
            }
            for part in ("where", "drop")
            if (rows := getattr(mapping, part, None)) is not None
        }
    )


def check_mappings(
    mappings: Mapping[str, TableMapping], contract: Mapping[str, Table], place: str
) -> None:
    """Refuse mappings of tables that the contract does not know, and those that no table could fit.

    Raises:
        ConfigurationError: an unknown table, or what `check_mapping` refuses.
    """
    for name, mapping in mappings.items():
        if name not in contract:
            raise unknown_name(f"in {place}", name, contract)
        check_mapping(mapping, contract[name])


def check_mapping(mapping: TableMapping, table: Table) -> None:
    """Refuse a mapping that no table could fit.

    Raises:
        ConfigurationError: a column that the contract does not know or that is given twice, or a
            format that does not exist.
    """
    place = f"{mapping.place}.{table.name}"
    for part in ("columns", "values", "constants", "formats"):
        for name in getattr(mapping, part):
            if name not in table.names:
                remedy = "The contract's column stands on the left, yours on the right."
                raise unknown_name(f"in {place}.{part}", name, table.names, remedy)
    for name in mapping.constants:
        if name in mapping.columns:
            raise ConfigurationError(
                f"column {name!r} in {place}.columns or in {place}.constants",
                "both",
                "Leave one of them out.",
            )
    _check_each_once(mapping, place)
    _check_values(mapping, place)
    _check_formats(mapping, place)


def _check_each_once(mapping: TableMapping, place: str) -> None:
    given = list(mapping.columns.values())
    for name in given:
        if given.count(name) > 1:
            contract = sorted(column for column, own in mapping.columns.items() if own == name)
            raise ConfigurationError(
                f"each of the file's columns once in {place}.columns",
                f"{name!r} for {' and '.join(contract)}",
                "Map it to one of them.",
            )


def _check_values(mapping: TableMapping, place: str) -> None:
    for name in mapping.values:  # noqa: PD011 - a part of the parameters, not of a frame
        if mapping.columns and name not in mapping.columns:
            raise ConfigurationError(
                f"in {place}.values columns that {place}.columns maps",
                repr(name),
                f"{did_you_mean(name, mapping.columns)}Map the column, or leave its values out.",
            )


def _check_formats(mapping: TableMapping, place: str) -> None:
    try:
        ZoneInfo(mapping.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(
            f"a time zone in {place}.timezone",
            repr(mapping.timezone),
            "Name it as Europe/Madrid, or UTC.",
        ) from error
    named = {"date_format": mapping.date_format, "moment_format": mapping.moment_format}
    named |= {f"formats.{name}": format_ for name, format_ in mapping.formats.items()}
    for part, format_ in named.items():
        if not _is_time_format(format_):
            raise ConfigurationError(
                f"a format such as %d/%m/%Y %H:%M in {place}.{part}",
                repr(format_),
                "%d is the day, %m the month, %Y the year, %H:%M:%S the time.",
            )


def _is_time_format(format_: str) -> bool:
    try:
        pd.to_datetime(pd.Series(["0"]), format=format_, errors="coerce")
    except (ValueError, re.error):  # a directive that does not exist, or one given twice
        return False
    return "%" in format_


def find_columns(header: Sequence[str], mapping: TableMapping, table: Table) -> dict[str, str]:
    """Return the file's column for every contract column that it has.

    Raises:
        ConfigurationError: a mapped column is not in the file, or a required one is not mapped.
        DataError: the file has a column twice.
    """
    place = f"{mapping.place}.{table.name}.columns"
    columns = mapping.columns or {
        name: name for name in table.names if name in header and name not in mapping.constants
    }
    for name, own in columns.items():
        if own not in header:
            raise unknown_name(
                f"for {name!r} in {place} a column of {mapping.origin},", own, header
            )
        if list(header).count(own) > 1:
            raise DataError(
                f"column {own!r} once in {mapping.origin}",
                f"{list(header).count(own)} columns of that name",
                "Rename all but one.",
            )
    _check_required({*columns, *mapping.constants}, header, mapping, table)
    return dict(columns)


def _check_required(
    given: set[str], header: Sequence[str], mapping: TableMapping, table: Table
) -> None:
    for column in table.columns:
        if column.required and column.name not in given:
            raise ConfigurationError(
                f"a column of {mapping.origin} for {column.name!r}, which {table.name} cannot do "
                f"without, among {', '.join(sorted(header))}",
                "none",
                f"{did_you_mean(column.name, header)}Map it in {mapping.place}.{table.name}."
                f"columns{mapping.substitute}.",
            )


def rename(frame: pd.DataFrame, columns: Mapping[str, str], mapping: TableMapping) -> pd.DataFrame:
    """Return the mapped columns under the contract's names, with the contract's values.

    A value that `values` does not list stays as it stands; validation has its say on it.
    """
    named = frame[list(columns.values())].set_axis(list(columns), axis="columns")
    translated = {
        name: _translate(named[name], values)
        for name, values in mapping.values.items()  # noqa: PD011 - as above
        if name in named
    }
    return named.assign(**translated).assign(**mapping.constants)


def _translate(given: "pd.Series[str]", values: Mapping[str, str]) -> "pd.Series[str]":
    written = pa.array(given.map(str, na_action="ignore"), pa.string(), from_pandas=True)
    text: pd.Series[str] = plain_text(written).to_pandas().astype("str").set_axis(given.index)
    return text.map(values).fillna(text)
