"""Whether two ways found the same, row by row and column by column."""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.windows.ledger import FAMILY
from pipeline.foundation.errors import BrokenCheckError

KEYS = ["as_of_date", "customer_id"]
TOLERANCE = 1e-6
"""The project adds entropies up in whole millionths; everything else agrees to the last bits."""


def check(ours: Path, theirs: Path) -> int:
    """Return how many columns agree.

    Raises:
        BrokenCheckError: they differ in rows, in columns or in a value.
    """
    left, right = _read(ours), _read(theirs)
    if sorted(left.columns) != sorted(right.columns) or not left.index.equals(right.index):
        raise _differs(ours, theirs, "rows or columns")
    for name in left.columns:
        if not _agree(left[name], right[name]):
            raise _differs(ours, theirs, name)
    return len(left.columns)


def _read(path: Path) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    return frame.rename(columns=lambda name: name.removeprefix(f"{FAMILY}__")).set_index(KEYS)


def _agree(left: pd.Series, right: pd.Series) -> bool:
    if left.dtype.kind in "iuf":
        ours, theirs = (column.to_numpy(float, na_value=np.nan) for column in (left, right))
        return np.allclose(ours, theirs, rtol=1e-9, atol=TOLERANCE, equal_nan=True)
    return left.equals(right)


def _differs(ours: Path, theirs: Path, where: str) -> BrokenCheckError:
    return BrokenCheckError(
        "the same answers from every way",
        f"{ours.stem} and {theirs.stem} differ in {where}",
        "Correct the one that is wrong before reading any figure.",
    )
