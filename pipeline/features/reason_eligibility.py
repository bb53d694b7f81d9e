"""Which values of a feature's column are eligible as reasons, by what its family declares."""

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.features.declared_family import declared_features, family_names
from pipeline.features.reason_range import ANY_VALUE, ReasonRange

COMMON_SHARE = 0.75
"""From this share of the rows on a text is what nearly everybody has in common."""
FEWEST_ROWS = 30  # of fewer nobody can say what is common

# The measures that a personal attribute becomes; any other attribute keeps its name.
MEASURES: Mapping[str, tuple[str, ...]] = {"birth_date": ("age",), "signed_up_on": ("tenure",)}


def is_eligible_reason(column: str, values: pd.Series) -> "npt.NDArray[np.bool_]":
    """Say which values may be a reason; a text may, where few enough share it.

    What nearly everybody has in common tells nobody from the others: where nine in ten live in one
    country, living there is no reason.

    Args:
        column: `<family>__<measure>` with or without a window. A column that no family declares,
            such as a customer attribute of the parameters, may be a reason with any value.
        values: float, or texts as `category`.
    """
    eligible = _range_of(column)
    if not pd.api.types.is_numeric_dtype(values):
        return (values.notna().to_numpy() & ~_is_common(values)) | eligible.absent
    numbers = values.to_numpy(dtype="float64")
    fits = (numbers >= eligible.least) & (numbers <= eligible.most)
    return np.where(np.isnan(numbers), eligible.absent, fits)


def _is_common(values: pd.Series) -> "npt.NDArray[np.bool_]":
    """Say which values the vast majority of the rows have."""
    if len(values) < FEWEST_ROWS:
        return np.zeros(len(values), dtype=bool)
    shares = values.value_counts(normalize=False, dropna=True) / len(values)
    return values.isin(shares.index[shares >= COMMON_SHARE]).to_numpy()


def _range_of(column: str) -> ReasonRange:
    family, _, name = column.partition("__")
    if family not in family_names():
        return ANY_VALUE
    ranges = {feature.name: feature.as_reason for feature in declared_features(family)}
    return ranges.get(name, ANY_VALUE)


def sensitive_measures(attributes: Collection[str]) -> set[str]:
    """Return the measures that are never a reason: those of the attributes, and the candidate.

    That somebody is offered tea is no reason for offering them tea.
    """
    measures = {measure for name in attributes for measure in MEASURES.get(name, (name,))}
    return measures | {"category"}
