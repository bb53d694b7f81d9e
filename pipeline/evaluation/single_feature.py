"""How well each of the strongest features ranks all by itself, in whatever shape it does so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from pipeline.models.estimators.boosted_trees import BoostedTrees
from pipeline.models.estimators.encoding import Encoder

COUNT = 10
LEAVES = 32
MIN_LEAF_SHARE = 0.001


@dataclass(frozen=True)
class LoneFeature:
    """How much the trees gained from a feature, and how well it ranks by itself."""

    name: str
    gain_share: float
    auc: float
    average_precision: float

    def to_json(self) -> dict[str, Any]:
        """Return the feature as it is written."""
        return {
            "feature": self.name,
            "gain_share": self.gain_share,
            "auc": self.auc,
            "average_precision": self.average_precision,
        }


def strongest_features(
    trees: BoostedTrees,
    features: pd.DataFrame,
    labels: npt.NDArray[Any],
    groups: npt.NDArray[np.integer],
) -> list[LoneFeature]:
    """Return the features that the trees gained most from, the greatest first.

    Args:
        trees: as they were fitted.
        features: of rows that the fit did not see.
        labels: 0 or 1.
        groups: half of them teach what a value means, and the other half are asked.
    """
    gains = trees.booster.gains()
    columns = trees.encoder.columns
    top = [trees.feature_names.index(name) for name in trees.strongest(COUNT)]
    is_taught = np.unique(groups, return_inverse=True)[1] % 2 == 0
    if not _both_labels(labels, (is_taught, ~is_taught)):
        return []
    encoder = Encoder(tuple(columns[place] for place in top))
    values = encoder.encode(features[[column.name for column in encoder.columns]]).matrix
    return [
        LoneFeature(
            columns[place].name,
            round(float(gains[place]), 6),
            *_rank_alone(values[:, [position]], labels, is_taught),
        )
        for position, place in enumerate(top)
    ]


def _rank_alone(
    values: npt.NDArray[Any], labels: npt.NDArray[Any], is_taught: npt.NDArray[np.bool_]
) -> tuple[float, float]:
    """Return AUC and average precision of a small tree; a missing value is a value too."""
    tree = DecisionTreeClassifier(
        max_leaf_nodes=LEAVES, min_weight_fraction_leaf=MIN_LEAF_SHARE, random_state=0
    )
    tree.fit(values[is_taught], labels[is_taught])
    predicted = tree.predict_proba(values[~is_taught])[:, 1]
    outcomes = labels[~is_taught]
    return (
        round(float(roc_auc_score(outcomes, predicted)), 6),
        round(float(average_precision_score(outcomes, predicted)), 6),
    )


def _both_labels(labels: npt.NDArray[Any], parts: Sequence[npt.NDArray[np.bool_]]) -> bool:
    return all(len(np.unique(labels[part])) == 2 for part in parts)
