"""CSV files without a person's lines: every other byte stays as it was."""

import csv
from collections.abc import Iterator
from pathlib import Path

from pipeline.commands.erasure.searching import Search
from pipeline.foundation import paths


def drop_lines(path: Path, search: Search) -> int:
    """Rewrite a file of UTF-8 without the records that hold a mark; return how many they were."""
    records = list(_records(path.read_bytes()))
    kept = [lines for lines, cells in records if not any(map(search.is_cell, cells))]
    if len(kept) < len(records):
        with paths.replacing(path) as partial:
            partial.write_bytes(b"".join(kept))
    return len(records) - len(kept)


def _records(content: bytes) -> Iterator[tuple[bytes, list[str]]]:
    """Return each record as it stands, line ends too, and its cells; quotes may hold line breaks."""
    lines = content.splitlines(keepends=True)
    reader = csv.reader(line.decode("utf-8-sig", errors="replace") for line in lines)
    start = 0
    for cells in reader:
        yield b"".join(lines[start : reader.line_num]), cells
        start = reader.line_num
