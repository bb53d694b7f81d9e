"""Why a row scored high, told by the champion: what `score` and `decide` share."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from pipeline.features.matrix import Matrix
from pipeline.features.telling import is_told
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.outputs import REASONS
from pipeline.models.contributions import find_reasons
from pipeline.models.estimators.core import Explains
from pipeline.models.propensity_model import PropensityModel

# The measures that a personal attribute becomes; any other attribute keeps its name.
MEASURES = {"birth_date": ("age",), "signed_up_on": ("tenure",)}


def untold_measures(attributes: Collection[str]) -> set[str]:
    """Return the measures that are never told as a reason; the candidate itself is none."""
    measures = {measure for name in attributes for measure in MEASURES.get(name, (name,))}
    return measures | {"category"}


def explain(
    model: ModelName,
    champion: PropensityModel,
    matrix: Matrix,
    rows: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    *,
    count: int,
    untold: Collection[str],
) -> pd.DataFrame:
    """Return the reasons for some rows of a matrix, at most one row a customer.

    Where a rule scores that names no reasons there are none.
    """
    names = [name for name, _ in REASONS.columns]
    if not isinstance(champion.core, Explains) or not len(rows):
        return pd.DataFrame({name: [] for name in names})
    features = matrix.features.iloc[rows]
    columns = list(champion.core.feature_names)
    concepts = [concept_of(name) for name in columns]
    excluded = {concept for concept in concepts if concept.split("__")[-1] in untold}
    tellable = np.column_stack([is_told(name, features[name]) for name in columns])
    contributions = champion.core.contributions(features)
    found = find_reasons(contributions, concepts, count, excluded, tellable)
    keys = matrix.keys.iloc[rows].iloc[found.rows]
    return pd.DataFrame(
        {
            "model": model,
            "customer_id": keys["customer_id"].to_numpy(dtype=object),
            "category": keys["category"].to_numpy(dtype=object),
            "position": found.positions,
            "feature": np.array(columns, dtype=object)[found.features],
            "value": values_of(features[columns], found.rows, found.features),
            "contribution": found.contributions,
        }
    )[names]


def concept_of(feature: str) -> str:
    """Return family and measure: the windows of one measure tell one story."""
    return "__".join(feature.split("__")[:2])


def values_of(
    features: pd.DataFrame,
    rows: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    columns: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> Sequence[str | None]:
    """Return single values as text; an empty one stays empty."""
    texts = np.full(len(rows), None, dtype=object)
    for column in np.unique(columns):
        here = np.flatnonzero(columns == column)
        codes, distinct = pd.factorize(features.iloc[rows[here], column])
        worded = [f"{one:g}" if isinstance(one, float) else str(one) for one in distinct.tolist()]
        texts[here] = np.array([*worded, None], dtype=object)[codes]  # code -1 is an empty value
    return list(texts)
