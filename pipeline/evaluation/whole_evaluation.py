"""An evaluation as it is read: the whole of it, its headline, and the tables behind the plots."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.evaluation.curves import calibration_curve, gain_curve, lift_by_decile
from pipeline.evaluation.fairness import measure_groups
from pipeline.evaluation.reliability import (
    deciles_of_all,
    reliability_by_segment,
    tabulate_reliability,
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

MODEL, TRUTH = "model", "truth"
COMPARED = ("log_loss", "average_precision", "auc")
NAIVE = ("auc", "average_precision", "lift_at_10")
HEADLINE = (
    "auc",
    "average_precision",
    "log_loss",
    "brier",
    "ece",
    "base_rate",
    "mean_propensity",
    "lift_at_1",
    "lift_at_5",
    "lift_at_10",
    "lift_at_20",
    "gain_at_10",
    "calibration_slope",
)
RANKED = ("hit_at_1", "map_at_3", "ndcg_at_5")


@dataclass(frozen=True)
class RowFacts:
    """What each row is about, apart from its outcome; figures are told apart by it."""

    categories: npt.NDArray[Any]
    """The candidate, as text."""
    tiers: npt.NDArray[Any]
    """The tier held, or None where nothing is held."""
    attributes: Mapping[str, npt.NDArray[Any]]
    """Declared groups of customers: a text for each row, or None."""


@dataclass(frozen=True)
class Evaluated:
    """The report, and the rows it was made from."""

    report: dict[str, Any]
    propensities: Mapping[str, Floats]
    outcomes: Outcomes


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
        resampling: for the limits of each figure.
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
        "calibration": _agreement(of_model, outcomes, facts, draws),
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


def headline(evaluated: Evaluated) -> dict[str, float | int | None]:
    """Return the figures that runs are compared by; flat, for `dvc metrics diff`."""
    report = evaluated.report
    model = report["scorers"][MODEL]
    figures: dict[str, float | int | None] = {
        "rows": report["rows"],
        "positives": report["positives"],
        **{name: model[name]["value"] for name in HEADLINE},
        **{name: model["ranking"][name]["value"] for name in RANKED},
        "ece_share": _share(model["ece"]["value"], model["base_rate"]["value"]),
        "calibration_intercept": model["calibration_intercept"]["value"],
        "naive_auc": report["naive"]["all_rows"]["auc"]["value"],
        "naive_lift_at_10": report["naive"]["all_rows"]["lift_at_10"]["value"],
        **{f"inflation_{name}": value for name, value in report["naive"]["inflation"].items()},
    }
    for name, difference in report["differences"].items():
        if name != TRUTH:
            figures[f"log_loss_over_{name}"] = difference["log_loss"]["value"]
    for figure, share in (report["achievable_gain_share"] or {}).items():
        figures[f"achievable_gain_share_{figure}"] = share["value"]
    return figures


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else round(part / whole, 6)


def plot_tables(evaluated: Evaluated) -> dict[str, pd.DataFrame]:
    """Return the tables behind the plots by name."""
    outcomes, predicted = evaluated.outcomes, evaluated.propensities
    labels, weights = outcomes.labels, outcomes.weights
    return {
        "gain": _stack({name: gain_curve(one, labels, weights) for name, one in predicted.items()}),
        "calibration": _stack(
            {name: calibration_curve(one, labels, weights) for name, one in predicted.items()}
        ),
        "lift_by_decile": _stack(
            {name: lift_by_decile(one, labels, weights) for name, one in predicted.items()}
        ),
        "baselines": _baselines(evaluated.report["scorers"]),
        "calibration_by_part": tabulate_reliability(evaluated.report["calibration"]),
    }


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


def _agreement(
    predicted: Floats, outcomes: Outcomes, facts: RowFacts, draws: Floats
) -> dict[str, list[dict[str, Any]]]:
    """Return predicted against observed rates by decile, by category and by tier held."""
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


def _stack(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([table.assign(scorer=name) for name, table in tables.items()]).pipe(
        lambda frame: frame[["scorer", *(name for name in frame.columns if name != "scorer")]]
    )


def _baselines(scorers: Mapping[str, Any]) -> pd.DataFrame:
    rows = []
    for name, found in scorers.items():
        row: dict[str, Any] = {"scorer": name}
        for figure in ("auc", "average_precision", "log_loss", "brier", "ece", "lift_at_10"):
            row |= {
                figure: found[figure]["value"],
                f"{figure}_low": found[figure]["low"],
                f"{figure}_high": found[figure]["high"],
            }
        rows.append(row)
    return pd.DataFrame(rows)
