"""Delimited text as a frame of text: the user's own tables, and the responses to a wave."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.foundation.errors import DataError


@dataclass(frozen=True)
class Remedies:
    """What to do about a file that cannot be read, in the words of whoever configures it."""

    encoding: str
    delimiter: str


def read_cells(
    path: Path, *, delimiter: str, quote: str | None, encoding: str, remedies: Remedies
) -> pd.DataFrame:
    """Read a delimited file as text; the header is a row like any other.

    So no column is renamed or made an index, and a row longer than the header is an error.

    Raises:
        DataError: the file is empty, in another encoding, or a row has more fields than the first.
    """
    (cells,) = read_cells_in_batches(
        path, None, delimiter=delimiter, quote=quote, encoding=encoding, remedies=remedies
    )
    return cells


def read_cells_in_batches(
    path: Path,
    rows: int | None,
    *,
    delimiter: str,
    quote: str | None,
    encoding: str,
    remedies: Remedies,
) -> Iterator[pd.DataFrame]:
    """Read a delimited file as text, so many rows at a time; see `read_cells`.

    A row is never cut, and one that is too long is found wherever a batch ends. The rows are
    numbered through.

    Args:
        path: the file.
        rows: of a batch; None reads all at once.
        delimiter: between cells.
        quote: around cells that hold it, if any.
        encoding: of the text.
        remedies: what to do about a file that cannot be read.
    """
    with _explained(path, encoding, remedies):
        read = pd.read_csv(
            path,
            header=None,
            dtype="str",
            sep=delimiter,
            engine="c" if (delimiter + (quote or "")).isascii() else "python",  # C takes one byte
            quotechar=quote or '"',
            quoting=csv.QUOTE_NONE if quote is None else csv.QUOTE_MINIMAL,
            encoding=encoding,
            keep_default_na=False,
            na_values=[""],
            chunksize=rows,
        )
        if isinstance(read, pd.DataFrame):
            yield read
        else:
            with read:
                yield from read


@contextmanager
def _explained(path: Path, encoding: str, remedies: Remedies) -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:
        raise DataError(
            f"{path} in the encoding {encoding!r}", str(error), remedies.encoding
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"{path} as it was compressed",
            "a file that is not, or is cut short",
            "Export it again, or name it without .gz.",
        ) from error
    except pd.errors.EmptyDataError as error:
        raise DataError(
            f"a line of column names in {path}", "nothing", "Export it again."
        ) from error
    except pd.errors.ParserError as error:
        raise DataError(
            f"as many fields in every line of {path} as in its first",
            str(error).strip(),
            remedies.delimiter,
        ) from error
