"""What `recommend` reads and writes besides parquet: the manual selection, and CSV for people."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipeline.exports.cells import is_runnable
from pipeline.foundation import paths
from pipeline.foundation.contracts.delimited import Remedies, read_cells
from pipeline.foundation.errors import ConfigurationError, DataError

PRODUCT_ID = "product_id"
_AGAIN = "Export it again: CSV in UTF-8 with commas."
_REMEDIES = Remedies(encoding=_AGAIN, delimiter=_AGAIN)


def read_manual_selection(name: str | None) -> pd.DataFrame:
    """Read the manual selection from the folder of incoming files; no rows without a name.

    Raises:
        ConfigurationError: there is no such file, or it is outside of the folder.
    """
    if name is None:
        return pd.DataFrame({"product_id": []}, dtype="object")
    path = paths.INCOMING / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ConfigurationError(
            f"recommend.manual_file in {paths.INCOMING}",
            repr(name),
            "Put it there, and name it so.",
        )
    if not _is_file(path):
        raise ConfigurationError(
            f"recommend.manual_file in {paths.INCOMING}", f"no {path}", "Put it there, or set null."
        )
    cells = read_cells(path, delimiter=",", quote='"', encoding="utf-8-sig", remedies=_REMEDIES)
    header = cells.iloc[0].fillna("").str.strip().tolist()
    if PRODUCT_ID not in header:
        raise _unreadable(path, f"only {', '.join(header)}"[:200])
    return cells.iloc[1:].set_axis(header, axis="columns").reset_index(drop=True).astype("object")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long a name, NUL
        return False


def _unreadable(path: Path, found: str) -> DataError:
    return DataError(
        f"in {path} CSV in UTF-8 with commas and a column {PRODUCT_ID}", found, "Export it again."
    )


def write_csv_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables as CSV, numbers to six digits so that their text is the same everywhere.

    A text that a spreadsheet would run begins with an apostrophe, as in the exports.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        guarded = table.apply(_guard)
        guarded.to_csv(
            folder / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n"
        )


def _guard(values: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return values
    texts = pa.array(values.map(str, na_action="ignore"), pa.string(), from_pandas=True)
    runs = is_runnable(texts).to_numpy(zero_copy_only=False)
    return values.mask(runs, "'" + values.astype("str")) if runs.any() else values
