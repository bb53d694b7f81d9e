"""The simplest scorer: how often it happened among the rows with the same text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import logit

from pipeline.models.estimators.encoding import check_names
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats
from pipeline.statistics.newton import rounded
from pipeline.statistics.shrinkage import shrink_rate_by_hits

PRIOR_POSITIVES = 5
"""A text's rate leans on the rate of all as if it had so many positives at that rate."""


@dataclass(frozen=True)
class GroupRate:
    """A rate for each value of one text column, and one for any other value."""

    column: str
    rates: Mapping[str, float]
    pooled_rate: float

    @property
    def kind(self) -> str:
        """Return the name under which `scorers` reads it."""
        return "group_rate"

    def raw(self, features: pd.DataFrame) -> Floats:
        """Return the log-odds of each row's group."""
        check_names([self.column], list(features.columns))
        rates = features[self.column].astype("object").map(dict(self.rates))
        known = rates.astype("float64").fillna(self.pooled_rate)
        return np.asarray(logit(known.to_numpy()), dtype=np.float64)

    def to_json(self) -> dict[str, Any]:
        """Return what `model.json` says of it."""
        return {
            "column": self.column,
            "rates": dict(sorted(self.rates.items())),
            "pooled_rate": self.pooled_rate,
        }

    def to_files(self) -> Mapping[str, str]:
        """Return no further files."""
        return {}

    @classmethod
    def from_saved(cls, saved: Mapping[str, Any], _files: Mapping[str, str]) -> "GroupRate":
        """Return the rates that were saved."""
        return cls(saved["column"], saved["rates"], saved["pooled_rate"])


def fit_group_rate(train: Examples, column: str) -> GroupRate:
    """Count positives by the values of a text column; small groups lean on the rate of all."""
    check_names([column], list(train.features.columns))
    values = train.features[column].astype("object").to_numpy()
    counts = pd.DataFrame(
        {"value": values, "rows": train.weights, "positives": train.weights * train.labels}
    )
    by_value = counts.groupby("value", sort=True)[["rows", "positives"]].sum()
    pooled = train.prior_rate
    rates = shrink_rate_by_hits(by_value["positives"], by_value["rows"], pooled, PRIOR_POSITIVES)
    names = [str(value) for value in by_value.index]
    return GroupRate(
        column,
        dict(zip(names, rounded(rates.to_numpy(dtype=float)), strict=True)),
        *rounded(np.array([pooled])),
    )
