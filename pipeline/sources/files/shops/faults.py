"""Values of an export that could not be read, on their way to the contract's `UNPARSED`.

They are kept a row as JSON `{column: text}`. What an amount is computed from bears another name in
the export: its fault becomes the amount's.
"""

import json
from collections.abc import Mapping

import pandas as pd


def joined_faults(first: "pd.Series[str]", second: "pd.Series[str]") -> "pd.Series[str]":
    """Return the faults of rows that were put together of two."""
    both = first.str[:-1] + ", " + second.str[1:]
    return both.fillna(first).fillna(second)


def renamed_faults(faults: "pd.Series[str]", names: Mapping[str, str]) -> "pd.Series[str]":
    """Return the faults under the names of what is computed from them; of two, the first by name."""
    return faults.map(lambda text: _renamed(text, names), na_action="ignore").astype("str")


def _renamed(faults: str, names: Mapping[str, str]) -> str:
    found = json.loads(faults)
    renamed: dict[str, str] = {}
    for name in sorted(found):
        renamed.setdefault(names.get(name, name), found[name])
    return json.dumps(dict(sorted(renamed.items())), ensure_ascii=False)
