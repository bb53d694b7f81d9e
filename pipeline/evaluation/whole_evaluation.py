"""Out-of-time evaluation of a model beside its baselines: every metric, with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.evaluation.calibration_cells import calibration_cells
from pipeline.evaluation.cell_kinds import CellKind, kind_of, tenure_bands, value_bands
from pipeline.evaluation.fairness import measure_groups
from pipeline.evaluation.out_of_time import MODEL, TRUTH, OutOfTimeRows, completed
from pipeline.evaluation.reliability import (
    deciles_of_all,
    reliability_by_segment,
)
from pipeline.evaluation.replicates import Replicates
from pipeline.evaluation.scorer_comparison import (
    Outcomes,
    Resampling,
    achievable_share,
    compare_scorers,
    describe_scorer,
    inflation,
)
from pipeline.models.estimators.baselines import BASE_RATE
from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.bootstrap import draw_matrix, interval_of
from pipeline.statistics.within_group import place_within

COMPARED = ("log_loss", "average_precision", "auc")
NAIVE = ("auc", "average_precision", "lift_at_10")


@dataclass(frozen=True)
class RowFacts:
    """What each row is about, apart from its outcome; figures are told apart by it."""

    categories: npt.NDArray[Any]
    """The candidate, as text."""
    tiers: npt.NDArray[Any]
    """The tier held, or None where nothing is held."""
    attributes: Mapping[str, npt.NDArray[Any]]
    """Declared groups of customers: a text for each row, or None."""
    months: npt.NDArray[Any]
    """Of the as-of date, such as 2026-02."""
    tenures: Floats
    """Days since sign-up; NaN where it is not known, or nobody asked."""
    spend: Floats
    """Of the last year; NaN likewise."""

    @classmethod
    def stack(cls, parts: Sequence["RowFacts"]) -> "RowFacts":
        """Put the facts of several parts under each other."""
        return cls(
            np.concatenate([part.categories for part in parts]),
            np.concatenate([part.tiers for part in parts]),
            {
                name: np.concatenate([part.attributes[name] for part in parts])
                for name in parts[0].attributes
            },
            np.concatenate([part.months for part in parts]),
            np.concatenate([part.tenures for part in parts]),
            np.concatenate([part.spend for part in parts]),
        )


@dataclass(frozen=True)
class Evaluated:
    """What was measured, and the rows it was measured on."""

    measured: dict[str, Any]
    propensities: Mapping[str, Floats]
    outcomes: Outcomes


def evaluate_rows(rows: OutOfTimeRows, facts: RowFacts, resampling: Resampling) -> Evaluated:
    """Measure every scorer on the eligible rows, and the model on all."""
    everyone, is_eligible = rows.outcomes, rows.is_eligible
    scored = {name: predicted[is_eligible] for name, predicted in rows.propensities.items()}
    truth = completed(rows.truth[is_eligible])
    if truth is not None:
        scored[TRUTH] = truth
    return evaluate(
        scored,
        everyone.take(is_eligible),
        facts=facts,
        naive=(rows.propensities[MODEL], everyone),
        resampling=resampling,
    )


def evaluate(
    propensities: Mapping[str, Floats],
    outcomes: Outcomes,
    *,
    facts: RowFacts,
    naive: tuple[Floats, Outcomes],
    resampling: Resampling,
) -> Evaluated:
    """Measure every scorer.

    Args:
        propensities: of the model as `MODEL`, of baselines by name, and of the truth as `TRUTH`
            where it is known; all on the same rows.
        outcomes: what happened to those rows.
        facts: what each row is about; the model is measured once more by it.
        naive: the model's propensities and the outcomes of all rows, eligible or not.
        resampling: for the confidence interval of each figure.
    """
    codes = np.unique(outcomes.groups, return_inverse=True)[1]
    outcomes = replace(outcomes, groups=codes)
    measured = compare_scorers(propensities, outcomes, resampling)
    draws = draw_matrix(int(codes.max()) + 1, resampling.replicates, resampling.seed)
    scorers = {
        name: describe_scorer(
            name, predicted, measured, outcomes=outcomes, resampling=resampling, draws=draws
        )
        for name, predicted in propensities.items()
    }
    of_model = propensities[MODEL]
    report = {
        "rows": len(outcomes),
        "positives": int(outcomes.labels.sum()),
        "customers": len(np.unique(outcomes.groups)),
        "bootstrap_replicates": resampling.replicates,
        "scorers": scorers,
        "differences": _differences(measured),
        "by_category": _by_category(of_model, outcomes, facts.categories, resampling),
        "calibration": _reliability(of_model, outcomes, facts, draws),
        "cells": [
            cell.model_dump()
            for cell in calibration_cells(
                of_model,
                outcomes.labels,
                outcomes.weights,
                _cell_kinds(of_model, outcomes, facts),
                groups=np.asarray(codes, dtype=np.int64),
                draws=draws,
            )
        ],
        "groups": measure_groups(
            of_model,
            outcomes.labels,
            _is_top_decile(of_model, facts.categories, outcomes.lists),
            facts.attributes,
            groups=codes,
            draws=draws,
        ),
        "naive": _naive(measured, naive, resampling),
        "achievable_gain_share": _achievable(measured),
    }
    return Evaluated(report, propensities, outcomes)


def _differences(measured: Replicates) -> dict[str, dict[str, Any]]:
    """Return by how much the model's figures exceed each other scorer's, on equal draws."""
    return {
        name: {
            figure: interval_of(*measured.difference(MODEL, name, figure)).to_json()
            for figure in COMPARED
        }
        for name in measured.point
        if name != MODEL
    }


def _by_category(
    predicted: Floats, outcomes: Outcomes, categories: npt.NDArray[Any], resampling: Resampling
) -> dict[str, Any]:
    found = {}
    for category in sorted(set(categories)):
        rows = np.flatnonzero(categories == category)
        part = outcomes.take(rows)
        measured = compare_scorers({MODEL: predicted[rows]}, part, resampling)
        found[str(category)] = {
            "rows": len(part),
            "positives": int(part.labels.sum()),
            **{name: one.to_json() for name, one in measured.figures(MODEL).items()},
        }
    return found


def _reliability(
    predicted: Floats, outcomes: Outcomes, facts: RowFacts, draws: Floats
) -> dict[str, list[dict[str, Any]]]:
    """Return reliability by decile, by category and by tier held."""
    candidates = np.unique(facts.categories, return_inverse=True)[1]
    deciles = deciles_of_all(predicted, outcomes.lists, candidates)
    kinds = {"decile": deciles, "category": facts.categories, "tier": facts.tiers}
    groups = np.asarray(outcomes.groups, dtype=np.int64)
    return {
        kind: reliability_by_segment(
            predicted, outcomes.labels, outcomes.weights, parts, groups=groups, draws=draws
        )
        for kind, parts in kinds.items()
    }


def _cell_kinds(predicted: Floats, outcomes: Outcomes, facts: RowFacts) -> dict[str, CellKind]:
    """Return the partitions by all that is known of the rows."""
    candidates = np.unique(facts.categories, return_inverse=True)[1]
    deciles = deciles_of_all(predicted, outcomes.lists, candidates)
    return {
        "category": kind_of(facts.categories, is_ordered=False),
        "decile": kind_of(deciles, is_ordered=True),
        "tier": kind_of(facts.tiers, is_ordered=True),
        "tenure": tenure_bands(facts.tenures),
        "value": value_bands(facts.spend),
        "season": kind_of(facts.months, is_ordered=False),
    }


def _is_top_decile(
    predicted: Floats, categories: npt.NDArray[Any], lists: npt.NDArray[np.integer]
) -> npt.NDArray[np.bool_]:
    """Return whether a row is among the best tenth of its candidate, as campaigns pick."""
    codes: Ints = np.unique(categories, return_inverse=True)[1]
    return np.asarray(place_within(codes, predicted, lists).deciles == 1)


def _naive(
    measured: Replicates, naive: tuple[Floats, Outcomes], resampling: Resampling
) -> dict[str, Any]:
    predicted, everyone = naive
    over_all = compare_scorers({MODEL: predicted}, everyone, resampling)
    all_rows = {figure: over_all.interval(MODEL, figure) for figure in NAIVE}
    eligible = {figure: measured.interval(MODEL, figure) for figure in NAIVE}
    return {
        "all_rows": {"rows": len(everyone)}
        | {figure: one.to_json() for figure, one in all_rows.items()},
        "eligible": {figure: one.to_json() for figure, one in eligible.items()},
        "inflation": {figure: inflation(all_rows[figure], eligible[figure]) for figure in NAIVE},
    }


def _achievable(measured: Replicates) -> dict[str, Any] | None:
    """Return how far the model goes from the base rate to the truth, where that is known."""
    if TRUTH not in measured.point:
        return None
    return {
        figure: achievable_share(measured, MODEL, BASE_RATE, TRUTH, figure).to_json()
        for figure in ("log_loss", "average_precision")
    }
