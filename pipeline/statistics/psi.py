"""Population stability index (PSI) against a reference histogram: how far a distribution moved.

Below 0.1 nothing much has changed, above 0.25 much has (Siddiqi, 2006). Ten bins of equal count in
the reference; a text has one bin a value and one for all that are new. Missing is a bin too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.statistics.arrays import Floats

BINS = 10
SMALLEST_SHARE = 1e-4
"""An empty bin counts as one row in ten thousand, so that the index stays finite."""
REFERENCE_ROWS = 50_000
NOTICE_LIMIT, ALERT_LIMIT = 0.1, 0.25


@dataclass(frozen=True)
class ReferenceHistogram:
    """Reference histogram: the shares of a column's values in fixed bins."""

    bins: tuple[float, ...] | tuple[str, ...]
    """The inner edges of numbers, or the known texts."""
    shares: tuple[float, ...]
    """Of the bins in their order, then of numbers above all edges or new texts, then of missing."""

    def to_json(self) -> dict[str, Any]:
        """Return the histogram as it is saved."""
        return {"bins": list(self.bins), "shares": list(self.shares)}

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "ReferenceHistogram":
        """Return the histogram that was saved."""
        return cls(tuple(saved["bins"]), tuple(saved["shares"]))


def histogram_of(values: pd.Series, weights: Floats | None = None) -> ReferenceHistogram:
    """Return the histogram of a column; without weights every row counts one."""
    bins: tuple[float, ...] | tuple[str, ...]
    if isinstance(values.dtype, pd.CategoricalDtype):
        bins = tuple(sorted(values.dropna().unique()))
    else:
        known = values.to_numpy(dtype=np.float64)
        known = known[~np.isnan(known)]
        inner = np.arange(1, BINS) / BINS
        bins = tuple(np.unique(np.quantile(known, inner)).tolist()) if len(known) else ()
    return ReferenceHistogram(bins, tuple(_shares(bins, values, weights).tolist()))


def psi_against(reference: ReferenceHistogram, current: pd.Series) -> float:
    """Return the PSI of the values of today against a reference histogram."""
    before = np.maximum(reference.shares, SMALLEST_SHARE)
    now = np.maximum(_shares(reference.bins, current, None), SMALLEST_SHARE)
    return float(((now - before) * np.log(now / before)).sum())


def psi_between(reference: pd.Series, current: pd.Series) -> float:
    """Return the PSI of one column between two sets of rows."""
    return psi_against(histogram_of(reference), current)


def psi_by_feature(reference: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return the PSI of every column, the greatest first."""
    before, now = _some(reference), _some(current)
    found = [(name, psi_between(before[name], now[name])) for name in reference.columns]
    table = pd.DataFrame(found, columns=["feature", "psi"])
    return table.assign(psi=table["psi"].round(6)).sort_values(
        ["psi", "feature"], ascending=[False, True], ignore_index=True
    )


def _some(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[:: max(1, len(rows) // REFERENCE_ROWS)]


def _shares(
    bins: tuple[float, ...] | tuple[str, ...], values: pd.Series, weights: Floats | None
) -> Floats:
    is_missing = values.isna().to_numpy()
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.set_categories(list(bins)).cat.codes.to_numpy()
        places = np.where(codes < 0, len(bins), codes)
    else:
        edges = np.asarray(bins, dtype=np.float64)
        places = np.searchsorted(edges, values.to_numpy(dtype=np.float64), side="left")
    places = np.where(is_missing, len(bins) + 1, places)
    counts = np.bincount(places, weights, minlength=len(bins) + 2)
    return np.asarray(counts / max(float(counts.sum()), 1.0), dtype=np.float64)
