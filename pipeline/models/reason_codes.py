"""Reason codes: the concepts that raised a row's score, with the values that speak for them."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.features.reason_eligibility import is_eligible_reason
from pipeline.models.contributions import find_reasons
from pipeline.models.estimators.core import Core, Explains

COLUMNS = ("position", "feature", "value", "contribution")
Rows = npt.NDArray[np.int64]


def reason_codes(
    core: Core, features: pd.DataFrame, keys: pd.DataFrame, *, count: int, excluded: Collection[str]
) -> pd.DataFrame:
    """Return the reasons of each row, one under the other: the columns of `keys`, and COLUMNS.

    Where a rule scores that names no reasons there are none.

    Args:
        core: what scored.
        features: one row each.
        keys: columns that name the rows, in the order of the features.
        count: reasons a row has at most.
        excluded: measures that are never a reason.
    """
    if not isinstance(core, Explains) or not len(features):
        return pd.DataFrame({name: [] for name in (*keys.columns, *COLUMNS)})
    columns = list(core.feature_names)
    concepts = [concept_of(name) for name in columns]
    kept_back = {concept for concept in concepts if concept.split("__")[-1] in excluded}
    tellable = np.column_stack([is_eligible_reason(name, features[name]) for name in columns])
    contributions = core.contributions(features)
    found = find_reasons(contributions, concepts, count, kept_back, tellable)
    return (
        keys.iloc[found.rows]
        .astype("object")
        .reset_index(drop=True)
        .assign(
            position=found.positions,
            feature=np.array(columns, dtype=object)[found.features],
            value=np.array(values_of(features[columns], found.rows, found.features), dtype=object),
            contribution=found.contributions,
        )
    )


def concept_of(feature: str) -> str:
    """Return family and measure: the windows of one measure are one concept."""
    return "__".join(feature.split("__")[:2])


def values_of(features: pd.DataFrame, rows: Rows, columns: Rows) -> Sequence[str | None]:
    """Return single values as text; an empty one stays empty."""
    texts = np.full(len(rows), None, dtype=object)
    for column in np.unique(columns):
        here = np.flatnonzero(columns == column)
        codes, distinct = pd.factorize(features.iloc[rows[here], column])
        worded = [f"{one:g}" if isinstance(one, float) else str(one) for one in distinct.tolist()]
        texts[here] = np.array([*worded, None], dtype=object)[codes]  # code -1 is an empty value
    return list(texts)
