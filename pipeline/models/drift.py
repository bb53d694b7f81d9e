"""How the training rows were spread, kept beside a model: what later rows are held against.

Score and strongest features only; of the others, so many move with every season that they say
nothing of the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.models.estimators.blend import trees_of
from pipeline.models.estimators.core import texts_read
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel
from pipeline.statistics.arrays import Floats, sample_rows
from pipeline.statistics.psi import (
    ALERT_LIMIT,
    REFERENCE_ROWS,
    ReferenceHistogram,
    histogram_of,
    psi_against,
)

FEATURES = 10
DIGITS = 8


@dataclass(frozen=True)
class Reference:
    """The spreads of one model's training rows."""

    score: ReferenceHistogram
    features: Mapping[str, ReferenceHistogram]
    """Those that the trees gained most from, the greatest first; none where there are no trees."""

    def to_json(self) -> dict[str, Any]:
        """Return the reference as it is saved."""
        return {
            "score": self.score.to_json(),
            "features": [
                {"feature": name, **spread.to_json()} for name, spread in self.features.items()
            ],
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "Reference":
        """Return the reference that was saved."""
        features = {one["feature"]: ReferenceHistogram.from_json(one) for one in saved["features"]}
        return cls(ReferenceHistogram.from_json(saved["score"]), features)


def reference_of(model: PropensityModel, trained_on: Examples, seed: int) -> Reference:
    """Return how a model's training rows are spread; of many rows, a sample."""
    rows = trained_on.take(sample_rows(np.arange(len(trained_on)), REFERENCE_ROWS, seed))
    trees = trees_of(model.core)
    names = trees.strongest(FEATURES) if trees else ()
    predicted = pd.Series(model.propensity(rows.features))
    return Reference(
        _rounded(histogram_of(predicted, rows.weights)),
        {name: _rounded(histogram_of(rows.features[name], rows.weights)) for name in names},
    )


def drift_from(
    reference: Reference, propensities: Floats, features: pd.DataFrame
) -> dict[str, Any]:
    """Return the PSI of the score and of the strongest features on later rows, and the limit."""
    return {
        "limit": ALERT_LIMIT,
        "score": round(psi_against(reference.score, pd.Series(propensities)), 6),
        "features": [
            {"feature": name, "psi": round(psi_against(spread, features[name]), 6)}
            for name, spread in reference.features.items()
        ],
    }


class UnseenText(NamedTuple):
    """A text that the fit never saw, and the share of rows that bear it."""

    feature: str
    text: str
    share: float


def unseen_texts(model: PropensityModel, features: pd.DataFrame) -> tuple[UnseenText, ...]:
    """Return the texts of later rows that are no part of the model's vocabulary, commonest first."""
    found: list[UnseenText] = []
    for name, vocabulary in texts_read(model.core).items():
        shares = features[name].dropna().astype("str").value_counts() / max(len(features), 1)
        unseen = shares[~shares.index.isin(vocabulary) & (shares > 0)]
        found += [
            UnseenText(name, str(text), round(float(share), DIGITS))
            for text, share in unseen.items()
        ]
    return tuple(sorted(found, key=lambda one: (-one.share, one.feature, one.text)))


def _rounded(spread: ReferenceHistogram) -> ReferenceHistogram:
    return replace(spread, shares=tuple(round(share, DIGITS) for share in spread.shares))
