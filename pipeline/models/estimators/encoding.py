"""From a frame to the numbers a model reads: columns by name, texts by a saved vocabulary.

A text that the fit never saw becomes missing, and so does an empty value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.errors import DataError, did_you_mean
from pipeline.statistics.arrays import row_blocks

IN_CACHE = 2_048
"""So many rows of some hundred features fit into the processor's cache."""


@dataclass(frozen=True)
class FeatureColumn:
    """A feature; a text one has the values that the fit saw, sorted."""

    name: str
    vocabulary: tuple[str, ...] | None = None

    @property
    def is_text(self) -> bool:
        """Return whether the feature is categorical."""
        return self.vocabulary is not None


@dataclass(frozen=True)
class Encoded:
    """Rows × features, float32, rows in the frame's order; texts as codes, missing as NaN."""

    matrix: npt.NDArray[np.float32]
    columns: tuple[FeatureColumn, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the feature names, in matrix order."""
        return tuple(column.name for column in self.columns)

    @property
    def text_positions(self) -> list[int]:
        """Return where the categorical features stand."""
        return [position for position, column in enumerate(self.columns) if column.is_text]


@dataclass(frozen=True)
class Encoder:
    """The features of one fit, in order."""

    columns: tuple[FeatureColumn, ...]

    @property
    def largest_vocabulary(self) -> int:
        """Return how many values the text feature with the most of them has."""
        return max((len(column.vocabulary or ()) for column in self.columns), default=0)

    def encode(self, features: pd.DataFrame) -> Encoded:
        """Return the fit's features as a matrix, whatever the order of the frame's columns.

        Raises:
            DataError: a feature is missing, or is a text where the fit saw numbers.
        """
        codes = self.encode_columns(features)
        values = np.empty((len(features), len(self.columns)), dtype=np.float32)
        for rows in row_blocks(len(features) if codes else 0, IN_CACHE):
            values[rows] = np.stack([column[rows] for column in codes], axis=1)
        return Encoded(values, self.columns)

    def encode_columns(self, features: pd.DataFrame) -> list[npt.NDArray[np.float32]]:
        """Return the fit's features one by one, in its order; raises as `encode` does."""
        check_names([column.name for column in self.columns], list(features.columns))
        return [encode_column(features[column.name], column) for column in self.columns]

    def to_json(self) -> list[dict[str, Any]]:
        """Return the columns as they are saved."""
        return [
            {"name": column.name, "type": "number"}
            if column.vocabulary is None
            else {"name": column.name, "type": "text", "vocabulary": list(column.vocabulary)}
            for column in self.columns
        ]

    @classmethod
    def from_json(cls, saved: Sequence[Mapping[str, Any]]) -> "Encoder":
        """Return the encoder that was saved."""
        return cls(
            tuple(
                FeatureColumn(
                    item["name"],
                    tuple(item["vocabulary"]) if item["type"] == "text" else None,
                )
                for item in saved
            )
        )


def fit_encoder(features: pd.DataFrame) -> Encoder:
    """Learn the columns of a frame and the vocabulary of each text column.

    Raises:
        DataError: a name stands twice, or a column is neither numbers nor texts.
    """
    repeated = features.columns[features.columns.duplicated()]
    if len(repeated):
        raise DataError(
            "each feature once",
            f"{', '.join(sorted(set(repeated)))} more than once",
            "Rename the features.",
        )
    return Encoder(tuple(_learn_column(features[name]) for name in features.columns))


def encode_column(values: pd.Series, column: FeatureColumn) -> npt.NDArray[np.float32]:
    """Return one feature as float32; a text becomes its place in the vocabulary.

    Raises:
        DataError: the column is a text where the fit saw numbers, or the other way round.
    """
    if _is_text(values) != column.is_text:
        raise DataError(
            f"feature {column.name!r} to hold {'texts' if column.is_text else 'numbers'}",
            f"values of type {values.dtype}",
            "Compute the features as they were computed for the fit, or train again.",
        )
    if column.vocabulary is None:
        if values.dtype == np.float32:
            return values.to_numpy()  # as it is, without a copy
        return values.to_numpy(dtype=np.float32, na_value=np.nan)
    codes = values.astype("category").cat.set_categories(list(column.vocabulary)).cat.codes
    return np.where(codes >= 0, codes, np.nan).astype(np.float32)


def check_names(expected: Sequence[str], found: Sequence[str]) -> None:
    """Refuse a frame that lacks a feature.

    Raises:
        DataError: with the missing names and the nearest one that is there.
    """
    missing = [name for name in expected if name not in set(found)]
    if missing:
        raise DataError(
            f"the {len(expected)} features of the fit",
            f"no {', '.join(missing)}",
            f"{did_you_mean(missing[0], found)}Compute the families that the model was trained "
            "on, or train again.",
        )


def _learn_column(values: pd.Series) -> FeatureColumn:
    if _is_text(values):
        texts = values.dropna().unique()
        return FeatureColumn(str(values.name), tuple(sorted(str(text) for text in texts)))
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return FeatureColumn(str(values.name))
    raise DataError(
        "features of numbers or texts",
        f"{values.name} of type {values.dtype}",
        "Turn dates into days before the as-of date.",
    )


def _is_text(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(values)
