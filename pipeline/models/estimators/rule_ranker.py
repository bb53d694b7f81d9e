"""A rule of thumb as a scorer: rows in the order of one column, or of the sum of several ranks.

Which end of the order is the better one is learnt, so that no rule loses by a wrong sign.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.isotonic import isotonic_regression

from pipeline.models.estimators.encoding import check_names
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats, dot, sum_by_code
from pipeline.statistics.newton import rounded
from pipeline.statistics.shrinkage import shrink_rate_by_hits

BINS = 50
PRIOR_POSITIVES = 1


@dataclass(frozen=True)
class RuleColumn:
    """A column of a rule, and which of its ends is the better one."""

    name: str
    is_smaller_better: bool = False


@dataclass(frozen=True)
class RuleRanker:
    """The order of a rule and the rate that goes with each place in it.

    The order is the mean of the columns' ranks from 0 (worst) to 1. A missing value ranks worst
    among several columns; alone it has a rate of its own.
    """

    columns: tuple[RuleColumn, ...]
    knots: tuple[tuple[float, ...], ...]
    """For each column, the values at equal shares of the rows, rising."""
    places: tuple[float, ...]
    log_odds: tuple[float, ...]
    """At each place; between places along a straight line."""
    missing_log_odds: float

    @property
    def kind(self) -> str:
        """Return the name under which `scorers` reads it."""
        return "rule_ranker"

    def raw(self, features: pd.DataFrame) -> Floats:
        """Return the log-odds of each row's place."""
        check_names([column.name for column in self.columns], list(features.columns))
        places = place_rows(features, self.columns, self.knots)
        found = np.interp(places, self.places, self.log_odds)
        return np.where(np.isnan(places), self.missing_log_odds, found)

    def to_json(self) -> dict[str, Any]:
        """Return what `model.json` says of it."""
        return {
            "columns": [
                {
                    "name": column.name,
                    "is_smaller_better": column.is_smaller_better,
                    "knots": list(knots),
                }
                for column, knots in zip(self.columns, self.knots, strict=True)
            ],
            "places": list(self.places),
            "log_odds": list(self.log_odds),
            "missing_log_odds": self.missing_log_odds,
        }

    def to_files(self) -> Mapping[str, str]:
        """Return no further files."""
        return {}

    @classmethod
    def from_saved(cls, saved: Mapping[str, Any], _files: Mapping[str, str]) -> "RuleRanker":
        """Return the rule that was saved."""
        return cls(
            tuple(RuleColumn(item["name"], item["is_smaller_better"]) for item in saved["columns"]),
            tuple(tuple(item["knots"]) for item in saved["columns"]),
            tuple(saved["places"]),
            tuple(saved["log_odds"]),
            saved["missing_log_odds"],
        )


def fit_rule_ranker(train: Examples, columns: Sequence[RuleColumn]) -> RuleRanker:
    """Learn the places of a rule, which end of them is better, and the rate at each."""
    check_names([column.name for column in columns], list(train.features.columns))
    knots = tuple(_learn_knots(train.features[column.name]) for column in columns)
    places = place_rows(train.features, columns, knots)
    is_known = ~np.isnan(places)
    base_rate = train.prior_rate
    positives = train.weights * train.labels
    missing_rate = shrink_rate_by_hits(
        positives[~is_known].sum(keepdims=True),
        train.weights[~is_known].sum(keepdims=True),
        base_rate,
        PRIOR_POSITIVES,
    )
    middles, rates = _rates_by_place(
        places[is_known], positives[is_known], train.weights[is_known], base_rate
    )
    return RuleRanker(
        tuple(columns),
        knots,
        rounded(middles),
        rounded(np.asarray(logit(rates), dtype=np.float64)),
        *rounded(np.asarray(logit(missing_rate), dtype=np.float64)),
    )


def place_rows(
    features: pd.DataFrame,
    columns: Sequence[RuleColumn],
    knots: Sequence[Sequence[float]],
) -> Floats:
    """Return each row's mean rank, from 0 to 1; NaN where the only column is empty."""
    ranks = [
        _rank(features[column.name], known, is_smaller_better=column.is_smaller_better)
        for column, known in zip(columns, knots, strict=True)
    ]
    if len(ranks) == 1:
        return ranks[0]
    filled = [np.nan_to_num(rank, nan=0.0) for rank in ranks]
    return np.asarray(np.mean(filled, axis=0), dtype=np.float64)


def _rank(values: pd.Series, knots: Sequence[float], *, is_smaller_better: bool) -> Floats:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    if len(knots) == 0:
        return np.full(len(numbers), np.nan)
    below = np.searchsorted(knots, numbers, side="left")
    through = np.searchsorted(knots, numbers, side="right")
    rank = (below + through) / (2 * len(knots))
    return np.where(np.isnan(numbers), np.nan, 1 - rank if is_smaller_better else rank)


def _learn_knots(values: pd.Series) -> tuple[float, ...]:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    known = numbers[~np.isnan(numbers)]
    if len(known) == 0:
        return ()
    shares = (np.arange(200) + 0.5) / 200
    return rounded(np.quantile(known, shares, method="nearest"))


def _rates_by_place(
    places: Floats, positives: Floats, weights: Floats, base_rate: float
) -> tuple[Floats, Floats]:
    """Return the middle and the rate of up to `BINS` parts; rates all rise or all fall."""
    if len(places) == 0:
        return np.array([0.5]), np.array([base_rate])
    edges = np.unique(np.quantile(places, np.arange(1, BINS) / BINS))
    part = np.unique(np.searchsorted(edges, places, side="left"), return_inverse=True)[1]
    sizes = sum_by_code(part, weights)
    middles = sum_by_code(part, weights * places) / sizes
    rates = shrink_rate_by_hits(sum_by_code(part, positives), sizes, base_rate, PRIOR_POSITIVES)
    return middles, _rising_or_falling(rates, sizes)


def _rising_or_falling(rates: Floats, sizes: Floats) -> Floats:
    fits = [
        np.asarray(isotonic_regression(rates, sample_weight=sizes, increasing=is_rising))
        for is_rising in (True, False)
    ]
    return min(fits, key=lambda fit: dot((fit - rates) ** 2, sizes))
