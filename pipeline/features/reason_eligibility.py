"""Which values of a feature's column are eligible as reasons, and which columns are one reason."""

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.features.declared_family import declared_features
from pipeline.features.feature import POPULARITY, Feature
from pipeline.features.reason_range import ANY_VALUE, ReasonRange
from pipeline.foundation.choices import FAMILIES

# The measures that a personal attribute becomes; any other attribute keeps its name.
MEASURES: Mapping[str, tuple[str, ...]] = {
    "birth_date": ("age",),
    "signed_up_on": ("tenure",),
    "income_band": ("income_band", "income_level", "income_acquirers"),
}


def is_eligible_reason(
    column: str, values: pd.Series, common: Collection[str] = ()
) -> "npt.NDArray[np.bool_]":
    """Say which values may be a reason; a text may, where few enough share it.

    Args:
        column: `<family>__<measure>` with or without a window. A column that no family declares,
            such as a customer attribute of the parameters, may be a reason with any value.
        values: float, or texts as `category`.
        common: texts that nearly everybody has; see `common_texts`.
    """
    eligible = _range_of(column)
    if not pd.api.types.is_numeric_dtype(values):
        return (values.notna().to_numpy() & ~values.isin(common).to_numpy()) | eligible.absent
    numbers = values.to_numpy(dtype="float64")
    fits = (numbers >= eligible.least) & (numbers <= eligible.most)
    return np.where(np.isnan(numbers), eligible.absent, fits)


def concept_of(column: str) -> str:
    """Return the concept that columns share which are told as one reason.

    It is the family and the topic that its features declare, or else the measure, which the windows
    share.
    """
    family, _, rest = column.partition("__")
    if not rest:
        return column
    declared = _declaration_of(column)
    topic = declared.topic if declared else None
    return f"{family}__{topic or rest.split('__')[0]}"


def is_popularity(concept: str) -> bool:
    """Say whether a concept tells of the market rather than of the customer."""
    return concept.rsplit("__", maxsplit=1)[-1] == POPULARITY


def measure_of(column: str) -> str:
    """Return the measure of a column without its family and window, or the column where it has none."""
    family, _, rest = column.partition("__")
    return rest.split("__")[0] or family


def _range_of(column: str) -> ReasonRange:
    declared = _declaration_of(column)
    return declared.as_reason if declared else ANY_VALUE


def _declaration_of(column: str) -> Feature | None:
    family, _, name = column.partition("__")
    if family not in FAMILIES.names():
        return None
    return {feature.name: feature for feature in declared_features(family)}.get(name)


def sensitive_measures(attributes: Collection[str]) -> set[str]:
    """Return the measures that are never a reason: those of the attributes, and the candidate.

    That somebody is offered tea is no reason for offering them tea.
    """
    measures = {measure for name in attributes for measure in MEASURES.get(name, (name,))}
    return measures | {"category"}
