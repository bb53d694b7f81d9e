"""What `recommend` reads and writes besides parquet: the manual selection, and CSV for people."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pipeline.foundation import paths
from pipeline.foundation.errors import ConfigurationError


def read_manual_selection(name: str | None) -> pd.DataFrame:
    """Read the manual selection from the folder of incoming files; no rows without a name.

    Raises:
        ConfigurationError: there is no such file.
    """
    if name is None:
        return pd.DataFrame({"product_id": []}, dtype="object")
    path = paths.INCOMING / name
    if not path.is_file():
        raise ConfigurationError(
            f"recommend.manual_file in {paths.INCOMING}", f"no {path}", "Put it there, or set null."
        )
    return pd.read_csv(path, dtype="object")


def write_csv_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables as CSV, numbers to six digits so that their text is the same everywhere."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
