"""Logistic regression as a scorer: the baseline that a tree model must be worth its weight against.

Numbers are standardised, skewed ones on a log scale; an empty number becomes the mean and, where
the fit saw empty ones, sets an indicator, one for all numbers that are empty in the same rows;
texts are one column a value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it publishes none

from pipeline.models.estimators.encoding import Encoder, FeatureColumn, encode_column, fit_encoder
from pipeline.models.examples import Examples, sample_negatives
from pipeline.statistics.arrays import Floats, row_blocks
from pipeline.statistics.newton import rounded

MAX_ROWS = 60_000
MAX_TEXTS = 50
"""A text feature with more values keeps its most frequent ones."""
SKEWED = 2.0
BLOCK_ROWS = 8_192
FARTHEST = 6.0
"""Standardised values farther from the mean are brought back to it."""


@dataclass(frozen=True)
class Scale:
    """How one number is standardised."""

    is_log: bool
    mean: float
    deviation: float
    has_gaps: bool
    """Whether an empty one sets an indicator."""


@dataclass(frozen=True)
class Logistic:
    """Coefficients over the design matrix, whose order `_design` fixes."""

    columns: tuple[FeatureColumn, ...]
    scales: Mapping[str, Scale]
    coefficients: tuple[float, ...]
    intercept: float

    @property
    def kind(self) -> str:
        """Return the name under which `scorers` reads it."""
        return "logistic"

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Return the features, in the order of their contributions."""
        return tuple(column.name for column in self.columns)

    def raw(self, features: pd.DataFrame) -> Floats:
        """Return the log-odds of each row."""
        total = np.full(len(features), self.intercept)
        codes = Encoder(self.columns).encode_columns(features)
        for rows in row_blocks(len(features), BLOCK_ROWS):
            for added in self._added([column[rows] for column in codes]):
                total[rows] += added
        return total

    def contributions(self, features: pd.DataFrame) -> Floats:
        """Return rows × features, in log-odds: how far each lies from a number at its mean."""
        return np.column_stack(list(self._added(Encoder(self.columns).encode_columns(features))))

    def _added(self, codes: Sequence[npt.NDArray[np.float32]]) -> Iterator[Floats]:
        """Return what each feature adds: the design matrix times the coefficients, unbuilt."""
        used = 0
        for column, encoded in zip(self.columns, codes, strict=True):
            scale = self.scales.get(column.name)
            width = len(column.vocabulary or ()) if scale is None else 1 + scale.has_gaps
            own = self.coefficients[used : used + width]
            used += width
            yield _chosen(encoded, own) if scale is None else _scaled(encoded, own, scale)

    def to_json(self) -> dict[str, Any]:
        """Return what `model.json` says of it."""
        return {
            "features": Encoder(self.columns).to_json(),
            "scales": {name: asdict(scale) for name, scale in self.scales.items()},
            "coefficients": list(self.coefficients),
            "intercept": self.intercept,
        }

    def to_files(self) -> Mapping[str, str]:
        """Return no further files."""
        return {}

    @classmethod
    def from_saved(cls, saved: Mapping[str, Any], _files: Mapping[str, str]) -> "Logistic":
        """Return the coefficients that were saved."""
        return cls(
            Encoder.from_json(saved["features"]).columns,
            {name: Scale(**scale) for name, scale in saved["scales"].items()},
            tuple(saved["coefficients"]),
            saved["intercept"],
        )


def fit_logistic_regression(train: Examples, seed: int, start: Logistic | None = None) -> Logistic:
    """Fit on all positives and as many negatives as fit into memory with ease.

    Args:
        train: the rows.
        seed: of the sample.
        start: a regression of similar rows, which the way to the same optimum is shorter from.
    """
    sample = sample_negatives(train, MAX_ROWS, seed)
    columns = tuple(
        _most_frequent(column, sample.features[column.name])
        for column in fit_encoder(sample.features).columns
    )
    scales = _learn_scales(sample.features, [one.name for one in columns if not one.is_text])
    design = np.concatenate(
        [
            _design_of(sample.features[column.name], column, scales.get(column.name))
            for column in columns
        ],
        axis=1,
    )
    fitted = LogisticRegression(
        solver="newton-cholesky", C=1.0, max_iter=50, tol=1e-6, warm_start=True
    )
    if start is not None and len(start.coefficients) == design.shape[1]:
        fitted.coef_ = np.array([start.coefficients])
        fitted.intercept_ = np.array([start.intercept])
    with threadpool_limits(limits=1):  # equal on any machine, and no waiting on a busy one
        fitted.fit(design, sample.labels.astype(np.int64), sample_weight=sample.weights)
    return Logistic(
        columns,
        scales,
        rounded(fitted.coef_[0]),
        *rounded(fitted.intercept_),
    )


def _chosen(encoded: npt.NDArray[np.float32], own: Sequence[float]) -> Floats:
    """Return the coefficient of each text; 0 of one that the fit never saw."""
    places = np.where(np.isnan(encoded), len(own), encoded).astype(np.int64)
    return np.array([*own, 0.0])[places]


def _scaled(encoded: npt.NDArray[np.float32], own: Sequence[float], scale: Scale) -> Floats:
    """Return each standardised number times its coefficient; that of the gaps where it is empty."""
    standard, missing = _standardised(encoded.astype(np.float64), scale)
    standard *= own[0]
    standard[missing] = own[1] if scale.has_gaps else 0.0
    return standard


def _standardised(encoded: Floats, scale: Scale) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the standardised numbers, and which are missing: those are NaN."""
    standard = (_to_log(encoded) if scale.is_log else encoded) - scale.mean
    standard /= scale.deviation
    np.maximum(standard, -FARTHEST, out=standard)
    np.minimum(standard, FARTHEST, out=standard)
    return standard, np.isnan(encoded)


def _design_of(values: pd.Series, column: FeatureColumn, scale: Scale | None) -> Floats:
    """Return rows × 1 or 2 for a number (value, is missing), rows × values for a text."""
    encoded = encode_column(values, column).astype(np.float64)
    if scale is None:
        return np.asarray(
            encoded[:, None] == np.arange(len(column.vocabulary or ())), dtype=np.float64
        )
    standard, missing = _standardised(encoded, scale)
    filled = np.where(missing, 0.0, standard)
    return np.column_stack([filled, missing] if scale.has_gaps else [filled])


def _learn_scales(features: pd.DataFrame, names: Sequence[str]) -> dict[str, Scale]:
    """Learn how each number is standardised.

    Numbers that are empty in the same rows share one indicator, that of the first of them.
    """
    scales = {name: _learn_scale(features[name]) for name in names}
    indicated: set[bytes] = set()
    for name in [name for name in names if scales[name].has_gaps]:
        gaps = np.packbits(features[name].isna().to_numpy()).tobytes()
        scales[name] = replace(scales[name], has_gaps=gaps not in indicated)
        indicated.add(gaps)
    return scales


def _learn_scale(values: pd.Series) -> Scale:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    known = numbers[np.isfinite(numbers)]
    has_gaps = 0 < len(known) < len(numbers)
    if len(known) == 0 or known.min() == known.max():
        mean = float(known[0]) if len(known) else 0.0
        return Scale(is_log=False, mean=mean, deviation=1.0, has_gaps=has_gaps)
    centred = known - known.mean()
    skewness = float((centred**3).mean() / known.std() ** 3)
    is_log = abs(skewness) > SKEWED
    known = _to_log(known) if is_log else known
    mean, deviation = rounded(np.array([known.mean(), known.std()]))
    return Scale(is_log, mean, deviation or 1.0, has_gaps)


def _to_log(numbers: Floats) -> Floats:
    return np.copysign(np.log1p(np.abs(numbers)), numbers)


def _most_frequent(column: FeatureColumn, values: pd.Series) -> FeatureColumn:
    if column.vocabulary is None or len(column.vocabulary) <= MAX_TEXTS:
        return column
    counts = values.value_counts()
    frequent = counts.sort_index().sort_values(ascending=False, kind="stable").index[:MAX_TEXTS]
    return FeatureColumn(column.name, tuple(sorted(str(text) for text in frequent)))
