"""The whole proposal: a shop's exports, one flat file, a file for each table, or a database's tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.commands.mapping_proposal.file_reading import MOST_ROWS, FoundFile, read_file
from pipeline.commands.mapping_proposal.files import MatchedFile, match_files
from pipeline.commands.mapping_proposal.proposal import Proposal
from pipeline.commands.mapping_proposal.shop_proposal import propose_order_lines, propose_shop
from pipeline.commands.mapping_proposal.table_mapping import propose_table
from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.errors import DataError
from pipeline.sources.files.shops.export_reading import readable_files

_MOST_UNKNOWN = 0.2
"""The share of references that may be unknown before it is asked whether they are references."""


def propose(folder: Path, contract: Mapping[str, Table]) -> Proposal:
    """Return what the files of a folder seem to be.

    Raises:
        DataError: the folder is not there, or holds no table.
    """
    if not folder.is_dir():
        raise DataError(f"a folder {folder}", "none", "Put your files there, or name another one.")
    read = {path.name: read_file(path) for path in readable_files(folder)}
    files = [file for file in read.values() if file is not None]
    if not files:
        raise DataError(
            f"CSV or parquet files in {folder}",
            ", ".join(sorted(path.name for path in folder.iterdir())) or "an empty folder",
            "Put your export there; a spreadsheet is saved as CSV first.",
        )
    empty = tuple(name for name, file in read.items() if file is None)
    proposal = _of_files(files, contract)
    return replace(proposal, unused=(*proposal.unused, *empty))


def propose_tables(tables: Sequence[FoundFile], contract: Mapping[str, Table]) -> Proposal:
    """Return what the tables of a database seem to be.

    Raises:
        DataError: there are none with rows.
    """
    if not any(len(table.cells) for table in tables):
        raise DataError(
            "tables with rows in the database",
            ", ".join(table.name for table in tables) or "none that this user may read",
            "Name another database, or give the user the right to read its tables.",
        )
    filled = [table for table in tables if len(table.cells)]
    proposal = _tables(filled, match_files(filled, contract), contract)
    empty = tuple(table.name for table in tables if not len(table.cells))
    return replace(proposal, unused=(*proposal.unused, *empty))


def _of_files(files: Sequence[FoundFile], contract: Mapping[str, Table]) -> Proposal:
    shop = propose_shop(files)
    if shop is not None:
        return shop
    matches = match_files(files, contract)
    if not {"customers", "products"} & {match.table.name for match in matches}:
        lines = [proposal for file in files if (proposal := propose_order_lines(file)) is not None]
        if len(lines) == 1:
            others = tuple(file.name for file in files if file.name != lines[0].tables[0].file)
            return replace(lines[0], unused=others)
    return _tables(files, matches, contract)


def _tables(
    files: Sequence[FoundFile], matches: Sequence[MatchedFile], contract: Mapping[str, Table]
) -> Proposal:
    proposed = [propose_table(match) for match in matches]
    used = {match.file.name for match in matches}
    return Proposal(
        tuple(table for table, _ in proposed),
        None,
        {},
        tuple(file.name for file in files if file.name not in used),
        (
            *_missing_tables(matches, contract),
            *(question for _, asked in proposed for question in asked),
            *_unknown_references(matches),
            *_further_columns(matches),
        ),
    )


def _missing_tables(matches: Sequence[MatchedFile], contract: Mapping[str, Table]) -> list[str]:
    found = {match.table.name for match in matches}
    required = [
        f"Which one is {name} ({table.grain})? The pipeline cannot do without it."
        for name, table in contract.items()
        if table.is_required and name not in found
    ]
    consents = (
        []
        if "consents" in found
        else [
            (
                "Who may be contacted? Without a table of consents nobody is, unless "
                "contact_policy.limits.consent.without_record names channels that need none."
            )
        ]
    )
    return required + consents


def _unknown_references(matches: Sequence[MatchedFile]) -> list[str]:
    """Ask about ids of a table that the table they should refer to does not have."""
    keys = {
        f"{match.table.name}.{column.name}": match.file.cells[column.own]
        for match in matches
        if len(match.file.cells) < MOST_ROWS[match.file.origin]  # of more, not all were looked at
        for column in match.columns
    }
    questions = []
    for match in matches:
        for column in match.columns:
            target = match.table.column(column.name).references
            if target in keys:
                unknown = _unknown_share(match.file.cells[column.own], keys[target])
                if unknown > _MOST_UNKNOWN:
                    questions.append(
                        f"{match.table.name}: {unknown:.0%} of {column.own!r} of {match.file.name} are "
                        f"not among {target}. Is it the same kind of id?"
                    )
    return questions


def _unknown_share(given: "pd.Series[str]", known: "pd.Series[str]") -> float:
    different = given.dropna().str.strip().drop_duplicates()
    return float((~different.isin(known.str.strip())).mean()) if len(different) else 0.0


def _further_columns(matches: Sequence[MatchedFile]) -> list[str]:
    """Name what is not read; a customer's further attributes may be declared."""
    questions = []
    for match in matches:
        used = {column.own for column in match.columns}
        rest = [str(name) for name in match.file.cells.columns if str(name) not in used]
        if rest:
            declared = (
                " One that describes a customer may be declared in source.customer_attributes."
                if match.table.name == "customers"
                else ""
            )
            questions.append(
                f"{match.table.name}: {', '.join(rest)} of {match.file.name} are not read. Is any of "
                f"them a column of the contract?{declared}"
            )
    return questions
