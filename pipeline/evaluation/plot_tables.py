"""The tables behind the plots: gain, lift, calibration, cells, baselines, feature importance."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.evaluation.calibration_cells import tabulate_cells
from pipeline.evaluation.curves import calibration_curve, gain_curve, lift_by_decile
from pipeline.evaluation.reliability import tabulate_reliability
from pipeline.evaluation.whole_evaluation import Evaluated
from pipeline.foundation.contracts.hand_overs.evaluation_report import CalibrationCell
from pipeline.models.estimators.blend import trees_of
from pipeline.models.estimators.core import Core


def plot_tables(
    evaluated: Evaluated, cells: Sequence[CalibrationCell], core: Core
) -> dict[str, pd.DataFrame]:
    """Return the tables by name.

    Args:
        evaluated: the eligible rows and what was measured on them.
        cells: what the evaluation says of each.
        core: of the trained model.
    """
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
        "baselines": _baselines(evaluated.measured["scorers"]),
        "calibration_by_part": tabulate_reliability(evaluated.measured["calibration"]),
        "calibration_cells": tabulate_cells(cells),
        "importance": importance(core),
    }


def importance(core: Core) -> pd.DataFrame:
    """Return each feature's share of what the trees gained in training, the greatest first."""
    trees = trees_of(core)
    if trees is None:
        return pd.DataFrame({"feature": [], "gain_share": []})
    table = pd.DataFrame(
        {"feature": list(trees.feature_names), "gain_share": trees.booster.gains().round(6)}
    )
    return table.sort_values(["gain_share", "feature"], ascending=[False, True])


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
