"""Each arm against no treatment, where both were possible: overlap, trimming, and the pairs' rows.

An arm is compared within cells (such as period × candidate) in which some rows had it. Rows that
were almost certain to have it, or almost certain not to, have no counterpart and are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.effects.nuisance import (
    Covariates,
    Fitting,
    Task,
    bin_covariates,
    encode,
    predict_mean,
    predict_probability,
    screen,
)
from pipeline.effects.rows import NOT_TREATED, TreatmentRows
from pipeline.models.estimators.encoding import Encoded
from pipeline.statistics.arrays import Floats, Ints, sum_by_code

LEAST, MOST = 0.002, 0.95
"""Probabilities of treatment outside of which a row is left out (Crump et al., 2009)."""
_ARRAYS = (
    "rows",
    "arm",
    "treated",
    "probability",
    "baseline",
    "outcomes",
    "weights",
    "groups",
    "periods",
    "cells",
)
MIN_TREATED = 10
"""Treated rows of an arm, and untreated ones beside them, below which it is not compared."""


@dataclass(frozen=True)
class Overlap:
    """How far the treated of one arm have comparable untreated rows."""

    treated: int
    untreated: int
    kept_treated: int
    kept_untreated: int
    effective_untreated: float
    """Untreated rows that the weighted ones are worth (Kish)."""
    refusal: str | None
    """Why the arm is not compared; None where it is."""

    def __add__(self, other: "Overlap") -> "Overlap":
        """Return both together: refused only where both are."""
        is_refused = self.refusal is not None and other.refusal is not None
        return Overlap(
            self.treated + other.treated,
            self.untreated + other.untreated,
            self.kept_treated + other.kept_treated,
            self.kept_untreated + other.kept_untreated,
            round(self.effective_untreated + other.effective_untreated, 1),
            f"{self.refusal}; {other.refusal}" if is_refused else None,
        )


@dataclass(frozen=True)
class Comparisons:
    """Rows of every arm beside the untreated of its cells; an untreated row may stand for several.

    All entries are by row of the comparison.
    """

    rows: Ints
    """Places in the TreatmentRows."""
    arm: Ints
    """1 and up: what the row had, or could have had."""
    treated: Floats
    """0 or 1."""
    probability: Floats
    """Of treatment by the arm, against none."""
    baseline: Floats
    """Expected outcome without treatment."""
    outcomes: Floats
    weights: Floats
    groups: Ints
    periods: Ints
    cells: Ints
    levels: Mapping[str, Ints]
    traits: pd.DataFrame | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    @property
    def variance(self) -> Floats:
        """Return p(1 − p) of the expected outcome without treatment: the unit of effects."""
        return self.baseline * (1 - self.baseline)

    def take(self, rows: Ints) -> "Comparisons":
        """Return some of the rows."""
        levels = {name: codes[rows] for name, codes in self.levels.items()}
        traits = None if self.traits is None else self.traits.iloc[rows]
        arrays = {name: getattr(self, name)[rows] for name in _ARRAYS}
        return Comparisons(**arrays, levels=levels, traits=traits)

    def treated_as(self, treated: Floats, probability: Floats) -> "Comparisons":
        """Return the rows as if they had been treated otherwise."""
        return replace(self, treated=treated, probability=probability)

    def at_levels(self, **codes: int) -> "Comparisons":
        """Return the rows with one stratum more for each level named, the same for all of them."""
        added = {name: np.full(len(self), code, np.int64) for name, code in codes.items()}
        return replace(self, levels={**self.levels, **added})


def compare_arms(
    rows: TreatmentRows, fitting: Fitting, baseline: Floats | None = None
) -> tuple[Comparisons, Mapping[str, Overlap], Encoded]:
    """Fit the nuisance models and set every arm beside the untreated rows of its cells.

    Args:
        rows: treated and untreated.
        fitting: of the nuisance models.
        baseline: expected outcome without treatment, where it is known already.

    Returns:
        The comparisons, the overlap by arm, and all covariates, encoded.
    """
    every = encode(rows.features)
    covariates = bin_covariates(screen(every, _questions(rows), fitting), fitting)
    if baseline is None:
        baseline = predict_baseline(rows, covariates, fitting)
    parts, overlaps = [], {}
    for arm, name in enumerate(rows.arms, start=1):
        part, overlaps[name] = _compare(rows, covariates, baseline, arm, fitting)
        parts.append(part)
    return join(parts), overlaps, every


def _questions(rows: TreatmentRows) -> tuple[Task, Task]:
    """Return what confounders are looked for with: the outcome without treatment, any treatment."""
    places = np.arange(len(rows))
    treated = (rows.treatment != NOT_TREATED).astype(np.float64)
    return (
        _outcome_without(rows),
        Task(places, treated, rows.weights, rows.groups, np.ones(len(rows), dtype=bool)),
    )


def _outcome_without(rows: TreatmentRows) -> Task:
    untreated = rows.treatment == NOT_TREATED
    return Task(np.arange(len(rows)), rows.outcomes, rows.weights, rows.groups, untreated)


def predict_baseline(rows: TreatmentRows, covariates: Covariates, fitting: Fitting) -> Floats:
    """Return each row's expected outcome without treatment, learnt from the untreated."""
    task = _outcome_without(rows)
    if rows.is_binary:
        return predict_probability(covariates, task, rows.cells, fitting)
    return predict_mean(covariates, task, fitting)


def join(parts: Sequence[Comparisons]) -> Comparisons:
    """Put comparisons below one another; nothing at all makes no rows."""
    if not parts:
        return _nothing()
    levels = {
        name: np.concatenate([part.levels[name] for part in parts]) for name in parts[0].levels
    }
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS}
    told = [part.traits for part in parts if part.traits is not None]
    traits = pd.concat(told, ignore_index=True) if len(told) == len(parts) else None
    return Comparisons(**arrays, levels=levels, traits=traits)


def _nothing() -> Comparisons:
    numbers, codes = np.empty(0), np.empty(0, dtype=np.int64)
    return Comparisons(
        rows=codes,
        arm=codes,
        treated=numbers,
        probability=numbers,
        baseline=numbers,
        outcomes=numbers,
        weights=numbers,
        groups=codes,
        periods=codes,
        cells=codes,
        levels={},
    )


def _compare(
    rows: TreatmentRows, covariates: Covariates, baseline: Floats, arm: int, fitting: Fitting
) -> tuple[Comparisons, Overlap]:
    is_arm = rows.treatment == arm
    in_cell = sum_by_code(rows.cells, is_arm.astype(np.float64))[rows.cells] > 0
    near = np.flatnonzero((is_arm | (rows.treatment == NOT_TREATED)) & in_cell)
    treated = is_arm[near].astype(np.float64)
    counts = int(treated.sum()), int((1 - treated).sum())
    if min(counts) < MIN_TREATED:
        reason = f"{counts[0]} treated beside {counts[1]} comparable untreated rows"
        return _part(rows, baseline, arm, near[:0], treated[:0]), Overlap(
            *counts, 0, 0, 0.0, reason
        )
    every = np.ones(len(near), dtype=bool)
    task = Task(near, treated, rows.weights[near], rows.groups[near], every)
    probability = predict_probability(covariates, task, rows.cells[near], fitting)
    kept = (probability >= LEAST) & (probability <= MOST)
    overlap = _overlap(treated, probability, rows.weights[near], kept)
    chosen = np.flatnonzero(kept) if overlap.refusal is None else np.empty(0, dtype=np.int64)
    return _part(rows, baseline, arm, near[chosen], probability[chosen]), overlap


def _overlap(
    treated: Floats,
    probability: Floats,
    weights: Floats,
    kept: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> Overlap:
    is_treated = treated == 1
    odds = weights * probability / (1 - probability)
    used = odds[kept & ~is_treated]
    effective = float(used.sum() ** 2 / (used**2).sum()) if len(used) else 0.0
    counts = int((kept & is_treated).sum()), int((kept & ~is_treated).sum())
    refusal = None
    if min(counts) < MIN_TREATED or effective < MIN_TREATED:
        refusal = (
            f"no overlap: {counts[0]} treated rows have counterparts, "
            f"worth {effective:.0f} untreated rows"
        )
    return Overlap(
        int(is_treated.sum()), int((~is_treated).sum()), *counts, round(effective, 1), refusal
    )


def _part(
    rows: TreatmentRows, baseline: Floats, arm: int, places: Ints, probability: Floats
) -> Comparisons:
    return Comparisons(
        rows=places,
        arm=np.full(len(places), arm, dtype=np.int64),
        treated=(rows.treatment[places] == arm).astype(np.float64),
        probability=probability,
        baseline=baseline[places],
        outcomes=rows.outcomes[places],
        weights=rows.weights[places],
        groups=rows.groups[places],
        periods=rows.periods[places],
        cells=rows.cells[places],
        traits=None if rows.traits is None else rows.traits.iloc[places],
        levels={name: codes[places] for name, codes in rows.levels.items()},
    )
