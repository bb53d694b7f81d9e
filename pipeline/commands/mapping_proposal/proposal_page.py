"""A proposal as it is shown: every column with its confidence and three values, then the questions.

Values are shown on the console only, since some are of people; they go into no file and no log.
"""

from collections.abc import Iterator

from pipeline.commands.mapping_proposal.file_reading import MOST_ROWS
from pipeline.commands.mapping_proposal.proposal import Proposal, ProposedTable

_WIDEST_SAMPLE = 24


def proposal_page(proposal: Proposal) -> str:
    """Return the proposal in plain text."""
    return "\n".join(_lines(proposal)) + "\n"


def _lines(proposal: Proposal) -> Iterator[str]:
    if proposal.template is not None:
        yield f"These are exports of the template {proposal.template}."
    for table in proposal.tables:
        yield from _table_lines(table)
    if proposal.unused:
        yield f"Not used, for they hold no table that is known: {', '.join(proposal.unused)}"
    yield ""
    yield f"{len(proposal.questions)} questions are left to you; nothing was guessed for them:"
    for number, question in enumerate(proposal.questions, 1):
        yield f"  {number}. {question}"


def _table_lines(table: ProposedTable) -> Iterator[str]:
    how = ", ".join(
        f"{name} {value!r}"
        for name, value in table.mapping.items()
        if name not in ("file", "table", "columns", "values", "formats")
    )
    yield ""
    yield (
        f"{table.table} from {table.file}: {_row_count(table)}, confidence {table.confidence:.2f}"
        + (f"; {how}" if how else "")
    )
    for column in table.columns:
        shown = " · ".join(_short(sample) for sample in column.samples)
        yield f"  {column.name:<18} {column.own:<24} {column.confidence:.2f}  {shown}"
    values = table.mapping.get("values", {})
    if isinstance(values, dict):
        for name, pairs in values.items():
            yield f"  values of {name}: " + ", ".join(
                f"{own} → {word}" for own, word in pairs.items()
            )


def _row_count(table: ProposedTable) -> str:
    """Say how many rows there are, or how many of more were looked at."""
    most = MOST_ROWS["table" if "table" in table.mapping else "file"]
    return f"{table.rows:,} rows" if table.rows < most else f"the first {most:,} rows"


def _short(sample: str) -> str:
    plain = " ".join(sample.split())
    return plain if len(plain) <= _WIDEST_SAMPLE else plain[: _WIDEST_SAMPLE - 1] + "…"
