"""Reason codes: the concepts that raised a row's score, with the values that speak for them."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.features.common_texts import CommonTexts
from pipeline.features.reason_eligibility import (
    concept_of,
    is_eligible_reason,
    is_popularity,
    measure_of,
)
from pipeline.models.contributions import find_reasons
from pipeline.models.estimators.core import Core, Explains

COLUMNS = ("position", "feature", "value", "contribution")
Rows = npt.NDArray[np.int64]


def reason_codes(
    core: Core,
    features: pd.DataFrame,
    keys: pd.DataFrame,
    *,
    count: int,
    excluded: Collection[str],
    common: CommonTexts,
) -> pd.DataFrame:
    """Return the reasons of each row, one under the other: the columns of `keys`, and COLUMNS.

    Facts about the customer come first, and at most one reason of popularity after them. Where a
    rule scores that names no reasons there are none.

    Args:
        core: what scored.
        features: one row each.
        keys: columns that name the rows, in the order of the features.
        count: reasons a row has at most.
        excluded: measures that are never a reason.
        common: texts that are no reason, for nearly everybody has them.
    """
    if not isinstance(core, Explains) or not len(features):
        return _none(keys)
    names = list(core.feature_names)
    kept = [place for place, name in enumerate(names) if measure_of(name) not in excluded]
    columns = [names[place] for place in kept]
    if not columns:
        return _none(keys)
    concepts = [concept_of(name) for name in columns]
    tellable = np.column_stack(
        [is_eligible_reason(name, features[name], common.get(name, ())) for name in columns]
    )
    contributions = core.contributions(features)[:, kept]
    of_the_market = {concept for concept in concepts if is_popularity(concept)}
    found = find_reasons(contributions, concepts, count, of_the_market, tellable)
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


def _none(keys: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in (*keys.columns, *COLUMNS)})


def values_of(features: pd.DataFrame, rows: Rows, columns: Rows) -> Sequence[str | None]:
    """Return single values as text; an empty one stays empty."""
    texts = np.full(len(rows), None, dtype=object)
    for column in np.unique(columns):
        here = np.flatnonzero(columns == column)
        codes, distinct = pd.factorize(features.iloc[rows[here], column])
        worded = [f"{one:g}" if isinstance(one, float) else str(one) for one in distinct.tolist()]
        texts[here] = np.array([*worded, None], dtype=object)[codes]  # code -1 is an empty value
    return list(texts)
