"""What the scores promise: by category, and how propensities are spread."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

_BINS = 60


@dataclass(frozen=True)
class ScoreSummary:
    """One model's scores in a few numbers."""

    by_category: pd.DataFrame
    """category, customers, base_rate, top_customers, top_propensity, top_responders."""
    edges: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    """How many propensities lie between two edges, which grow by equal factors."""

    @property
    def customers(self) -> int:
        """Return how many customer × category are scored."""
        return int(self.by_category["customers"].sum())


def summarize_scores(scores: pd.DataFrame) -> ScoreSummary:
    """Return what one model's scores promise.

    Args:
        scores: category, propensity, decile, base_rate; one row per eligible customer × category.
    """
    categories = scores.groupby("category", observed=True)
    top = scores[scores["decile"] == 1].groupby("category", observed=True)["propensity"]
    by_category = pd.DataFrame(
        {
            "customers": categories.size(),
            "base_rate": categories["base_rate"].first(),
            "top_customers": top.size(),
            "top_propensity": top.mean(),
            "top_responders": top.sum(),
        }
    )
    predicted = scores["propensity"].to_numpy(dtype=np.float64)
    floor = max(float(predicted.min(initial=1.0)), 1e-6)
    edges = np.geomspace(
        floor * 0.999, max(float(predicted.max(initial=0.0)), floor) * 1.001, _BINS
    )
    counts = np.histogram(predicted.clip(floor), edges)[0].astype(np.int64)
    return ScoreSummary(by_category.sort_index().reset_index(), edges, counts)
