"""How far a distribution has moved: the population stability index (PSI).

Below 0.1 nothing much has changed, above 0.25 much has (Siddiqi, 2006). Ten bins of equal count in
the reference, one more for missing; a text has one bin a value.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.models.examples import Floats

BINS = 10
SMALLEST_SHARE = 1e-4
"""An empty bin counts as one row in ten thousand, so that the index stays finite."""
REFERENCE_ROWS = 50_000
SOME, MUCH = 0.1, 0.25


def stability_index(reference: pd.Series, current: pd.Series) -> float:
    """Return the PSI of one column between two sets of rows."""
    if isinstance(reference.dtype, pd.CategoricalDtype):
        values = sorted({*reference.dropna().unique(), *current.dropna().unique()})
        return _index(_text_shares(reference, values), _text_shares(current, values))
    before, now = reference.to_numpy(dtype=np.float64), current.to_numpy(dtype=np.float64)
    known = before[~np.isnan(before)]
    inner = np.arange(1, BINS) / BINS
    edges = np.unique(np.quantile(known, inner)) if len(known) else np.empty(0)
    return _index(_number_shares(before, edges), _number_shares(now, edges))


def drift_of(reference: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return the PSI of every column, the greatest first."""
    before, now = _some(reference), _some(current)
    found = [(name, stability_index(before[name], now[name])) for name in reference.columns]
    table = pd.DataFrame(found, columns=["feature", "psi"])
    return table.assign(psi=table["psi"].round(6)).sort_values(
        ["psi", "feature"], ascending=[False, True], ignore_index=True
    )


def _some(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[:: max(1, len(rows) // REFERENCE_ROWS)]


def _number_shares(values: Floats, edges: Floats) -> Floats:
    is_known = ~np.isnan(values)
    places = np.where(is_known, np.searchsorted(edges, values, side="left"), len(edges) + 1)
    return _shares(np.bincount(places, minlength=len(edges) + 2))


def _text_shares(values: pd.Series, known: list[str]) -> Floats:
    codes = values.cat.set_categories(known).cat.codes.to_numpy()
    return _shares(np.bincount(codes + 1, minlength=len(known) + 1))


def _shares(counts: npt.NDArray[np.integer]) -> Floats:
    return np.asarray(counts / max(counts.sum(), 1), dtype=np.float64)


def _index(before: Floats, now: Floats) -> float:
    safe_before, safe_now = np.maximum(before, SMALLEST_SHARE), np.maximum(now, SMALLEST_SHARE)
    return float(((safe_now - safe_before) * np.log(safe_now / safe_before)).sum())
