"""A model that has seen all labelled rows, with a curve from scores that it could not have learnt.

Where no later rows are left to calibrate on, each group's rows are scored by trees of the same
kind that never saw the group ("cross-fitting"). The model itself stays untested: its figures are
those of the procedure, measured without the latest rows.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pipeline.models.calibration.curve import calibrate
from pipeline.models.estimators.boosted_trees import BoostedTrees, fit_boosted_trees
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel
from pipeline.statistics.arrays import Floats

FOLDS = 3


def refit(
    name: str,
    seen: Examples,
    latest: Examples,
    params: BoostingParams,
    trees: int,
    *,
    seed: int,
    threads: int,
    made_from: Mapping[str, Any],
) -> PropensityModel:
    """Fit a known number of trees on all rows and calibrate them on the latest.

    Args:
        name: of the model.
        seen: all labelled rows, the latest among them; negatives may be sampled, with weights.
        latest: the rows whose base rate the propensities shall have. A group has the same code
            here as in `seen`.
        params: tuned before, without the rows that the procedure is tested on.
        trees: found before, in the same way.
        seed: of the fit.
        threads: of the fit.
        made_from: what `model.json` says of the rows.
    """

    def fit(rows: Examples) -> BoostedTrees:
        return fit_boosted_trees(rows, params, trees, seed, threads)

    scores = cross_fitted(seen, latest, fit)
    curve = calibrate(scores, latest.labels, latest.weights, latest.groups).curve
    return PropensityModel(name, fit(seen), curve, round(seen.base_rate, 8), made_from)


def cross_fitted(
    seen: Examples, latest: Examples, fit: Callable[[Examples], BoostedTrees]
) -> Floats:
    """Return the log-odds of the latest rows by trees that never saw a row of their group."""
    scores = np.empty(len(latest))
    for fold in range(FOLDS):
        others = seen.take(np.flatnonzero(seen.groups % FOLDS != fold))
        held_out = np.flatnonzero(latest.groups % FOLDS == fold)
        scores[held_out] = fit(others).raw(latest.features.iloc[held_out])
    return scores
