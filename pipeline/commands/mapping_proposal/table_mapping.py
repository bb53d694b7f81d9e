"""A matched file or table as it is written in `params.yaml`, and what it leaves to ask."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.commands.mapping_proposal.columns import MatchedColumn, samples_of
from pipeline.commands.mapping_proposal.file_reading import FoundFile
from pipeline.commands.mapping_proposal.files import MatchedFile
from pipeline.commands.mapping_proposal.proposal import (
    WRITTEN_FROM,
    ProposedColumn,
    ProposedTable,
)
from pipeline.commands.mapping_proposal.translations import left_as_they_are
from pipeline.commands.mapping_proposal.vocabulary import VALUES
from pipeline.foundation.config import FileMapping
from pipeline.foundation.contracts.tables import PRODUCT_EVENTS, Table

_DEFAULT = FileMapping(file="")
_WORTH_ASKING = 0.3


def propose_table(match: MatchedFile) -> tuple[ProposedTable, list[str]]:
    """Return what is written of a file, and the questions it leaves."""
    sure = [one for one in match.columns if _is_sure(one)]
    table = ProposedTable(
        match.table.name,
        match.file.name,
        len(match.file.cells),
        match.confidence,
        tuple(
            ProposedColumn(one.name, one.own, one.confidence, samples_of(match.file, one.own))
            for one in sure
        ),
        written_mapping(match.file, match.table, sure),
    )
    return table, [
        *_required_questions(match),
        *_doubtful_questions(match),
        *_word_questions(match),
        *_zone_question(match),
        *_guest_question(match, sure),
    ]


def _is_sure(column: MatchedColumn) -> bool:
    """Personal data are read only when somebody asks; day and month must be told apart."""
    is_personal = column.name in ("email", "phone")
    return column.confidence >= WRITTEN_FROM and not column.reading.is_ambiguous and not is_personal


def written_mapping(
    file: FoundFile, table: Table, columns: Sequence[MatchedColumn]
) -> dict[str, object]:
    """Return the entries of a mapping that differ from the defaults."""
    written: dict[str, object] = {file.origin: file.name}
    if file.origin == "file" and not file.is_parquet:
        written |= file_dialect(file)
    if any(column.reading.decimal == "," for column in columns):
        written["decimal"] = ","
    written |= _time_formats(table, [one for one in columns if one.own not in file.typed])
    written["columns"] = {column.name: column.own for column in columns}
    if table.name == PRODUCT_EVENTS.name and guests_of(file, columns):
        written["guests"] = "keep_apart"
    values = {column.name: dict(column.values) for column in columns if column.values}
    return written | ({"values": values} if values else {})


def guests_of(file: FoundFile, columns: Sequence[MatchedColumn]) -> int:
    """Return how many rows have no customer, where a column for the customer is there."""
    own = next((column.own for column in columns if column.name == "customer_id"), None)
    return 0 if own is None else int(file.cells[own].isna().sum())


def file_dialect(file: FoundFile) -> dict[str, object]:
    """Return delimiter, encoding and quoting where they are not the defaults."""
    found = {"delimiter": file.delimiter, "encoding": file.encoding}
    differing: dict[str, object] = {
        name: value for name, value in found.items() if value != getattr(_DEFAULT, name)
    }
    return differing if file.is_quoted else differing | {"quote": None}


def _time_formats(table: Table, columns: Sequence[MatchedColumn]) -> dict[str, object]:
    """Return the commonest format of dates and of moments, and others by column."""
    written: dict[str, object] = {}
    own: dict[str, str] = {}
    for type_ in ("date", "moment"):
        of_type = {
            column.name: column.reading.formats[0]
            for column in columns
            if table.column(column.name).type == type_ and column.reading.formats
        }
        if not of_type:
            continue
        usual = Counter(of_type.values()).most_common(1)[0][0]
        if usual != getattr(_DEFAULT, f"{type_}_format"):
            written[f"{type_}_format"] = usual
        own |= {name: format_ for name, format_ in of_type.items() if format_ != usual}
    return written | ({"formats": own} if own else {})


def _required_questions(match: MatchedFile) -> list[str]:
    found = {column.name for column in match.columns}
    missing = [
        column.name
        for column in match.table.columns
        if column.required and column.name not in found
    ]
    return [
        f"{match.table.name}: which column of {match.file.name} is {name}? Map it in {_place(match)}."
        f"columns, or give every row one value in constants{_hint(match.table.name, name)}."
        for name in missing
    ]


def _hint(table: str, name: str) -> str:
    hints: Mapping[tuple[str, str], str] = {
        ("product_events", "kind"): ", such as kind: acquired where every row is a purchase",
        ("products", "tier"): ', such as tier: "1" where a category has no steps to move up',
    }
    return hints.get((table, name), "")


def _doubtful_questions(match: MatchedFile) -> list[str]:
    return [
        _question(match, column)
        for column in match.columns
        if not _is_sure(column) and column.confidence >= _WORTH_ASKING
    ]


def _question(match: MatchedFile, column: MatchedColumn) -> str:
    place, shown = _place(match), " · ".join(samples_of(match.file, column.own))
    if column.name in ("email", "phone"):
        return (
            f"{match.table.name}: do the CRM's files need {column.name}? It stands in {column.own!r}; "
            f"map it in {place}.columns. It reaches no feature, log or model."
        )
    if column.reading.is_ambiguous:
        return (
            f"{match.table.name}: are the dates of {column.own!r} day/month or month/day ({shown})? "
            f"Map {column.name} in {place}.columns, its format in formats: "
            f"{' or '.join(column.reading.formats[:2])}."
        )
    known = match.table.column(column.name).allowed
    told = f" It may be {', '.join(known)}: translate them in values." if known else ""
    return (
        f"{match.table.name}: is {column.own!r} of {match.file.name} {column.name} "
        f"({column.confidence:.2f}; {shown})? If so, map it in {place}.columns.{told}"
    )


def _word_questions(match: MatchedFile) -> list[str]:
    """Ask what a company's own words mean, where the contract has words and knows none of these."""
    questions = []
    for column in match.columns:
        contract = match.table.column(column.name)
        words = left_as_they_are(match.file.cells[column.own], match.table.name, contract)
        if words and _is_sure(column):
            known = ", ".join(sorted(VALUES[f"{match.table.name}.{column.name}"]))
            questions.append(
                f"{match.table.name}: {', '.join(words)} of {column.own!r} stay as they are. Is one of "
                f"them {known}? Translate it in {_place(match)}.values.{column.name}."
            )
    return questions


def _zone_question(match: MatchedFile) -> list[str]:
    moments = [
        column
        for column in match.columns
        if _is_sure(column) and match.table.column(column.name).type == "moment"
    ]
    if all("%z" in column.reading.formats[0] for column in moments):
        return []
    return [
        (
            f"{match.table.name}: in which time zone are the times of {match.file.name}? They bring none "
            f"and are read as UTC; set {_place(match)}.timezone, such as Europe/Madrid."
        )
    ]


def _guest_question(match: MatchedFile, sure: Sequence[MatchedColumn]) -> list[str]:
    guests = guests_of(match.file, sure)
    if match.table.name != PRODUCT_EVENTS.name or not guests:
        return []
    return [
        (
            f"{match.table.name}: are the {guests:,} of {len(match.file.cells):,} rows without a "
            "customer orders of guests? They are kept apart, and count for best sellers and what is "
            f"bought together; if they are faults, take {_place(match)}.guests out."
        )
    ]


def _place(match: MatchedFile) -> str:
    return f"{match.file.place}.{match.table.name}"
