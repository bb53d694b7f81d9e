"""What keeps the model from the truth: too few outcomes to learn from, or tables that do not tell?

Where the source tells the probability of every row, trees can be fitted to it instead of to
outcomes: labels without noise. What such trees reach on customers they never saw is what the
features tell of the probability. It is a lower bound, since they too are a finite fit; `half`, fitted
on half of the customers, says how much more customers would add.

Customers are held out by folds, not only by date: trees that see a customer's true probability
recognise them at the next date by what does not change, and would know what no table tells.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from pipeline.evaluation.replicates import Replicates
from pipeline.foundation.errors import DataError
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats, sample_rows
from pipeline.statistics.bootstrap import Interval, interval_of
from pipeline.statistics.newton import fit_logistic
from pipeline.studies.answer import Answer, markdown, page
from pipeline.studies.expected import replicate_expected
from pipeline.studies.fitting import Procedure, fit_probabilities
from pipeline.studies.panel import Panel
from pipeline.studies.part_comparison import interval_columns, to_frame

TRUTH, MODEL, BASE_RATE = "truth", "model", "base_rate"
TOLD, HALF, DATED = "told", "half", "dated"
SCORERS = (BASE_RATE, MODEL, HALF, TOLD, DATED, TRUTH)
MEANING = {
    BASE_RATE: "the rate of each category",
    MODEL: "the model, from outcomes",
    HALF: "trees from probabilities, half of the customers",
    TOLD: "trees from probabilities",
    DATED: "the same, moved to the level of each category at the test date",
    TRUTH: "the truth",
}
PARTS = {
    "reached by the model": (BASE_RATE, MODEL),
    "lost to outcomes instead of probabilities": (MODEL, TOLD),
    "lost to the level of the test date": (TOLD, DATED),
    "not told by the features": (DATED, TRUTH),
}
FIGURES = ("log_loss", "average_precision")
FOLDS = 3
MAX_ROWS = 200_000
"""For each fit. Rows of one customer at several dates tell much the same."""
PARAMS = BoostingParams(
    learning_rate=0.12, num_leaves=8, min_sum_hessian_in_leaf=1.0, feature_fraction=0.5
)
"""Without noise in the labels, more leaves than the search allows; still more were no better."""
MAX_TREES, PATIENCE = 400, 25
WEAK = 1e-6


@dataclass(frozen=True)
class _TruthRows:
    """The rows whose truth is known, with the truth for labels."""

    examples: Examples
    is_known_past: npt.NDArray[np.bool_]
    """Of a date whose outcomes were complete by the test date."""
    is_watched: npt.NDArray[np.bool_]
    """Of the latest of these dates, which says when to stop."""
    is_test: npt.NDArray[np.bool_]
    fold: npt.NDArray[np.integer]
    """Of the row's customer."""


def answer(panel: Panel, procedure: Procedure) -> Answer:
    """Split the way from base rate to truth on the latest date.

    Raises:
        DataError: the source tells no truth, or no model was evaluated.
    """
    _check(panel)
    rows = _rows(panel, procedure.seed)
    fitting = replace(procedure, params=PARAMS, max_trees=MAX_TREES, patience=PATIENCE)
    known = np.isfinite(panel.predicted[TRUTH])
    is_test = rows.is_test
    predicted = {name: panel.predicted[name][known][is_test] for name in (BASE_RATE, MODEL, TRUTH)}
    predicted[HALF] = _fit_to_truth(rows, fitting, share=0.5)
    predicted[TOLD] = _fit_to_truth(rows, fitting, share=1.0)
    test = rows.examples.take(np.flatnonzero(is_test))
    predicted[DATED] = _dated(predicted[TOLD], test, rows.fold[is_test], procedure.segments)
    measured = replicate_expected(predicted, predicted[TRUTH], test.groups, procedure.resampling)
    figures, shares = _figures(measured), _shares(measured)
    facts = {
        "test": str(panel.origins()[-1].test),
        "rows": len(test),
        "customers": len(np.unique(test.groups)),
        "shares": shares.to_dict("records"),
    }
    return Answer({"": shares, "figures": figures}, facts, _page(shares, figures, facts))


def _check(panel: Panel) -> None:
    missing = [name for name in (TRUTH, MODEL, BASE_RATE) if name not in panel.predicted]
    if missing:
        raise DataError(
            "the true propensity of every row, and what the model says of the test rows",
            f"no {', '.join(missing)}",
            "Set source.name to simulated, whose truth is known, and run dvc repro.",
        )


def _rows(panel: Panel, seed: int) -> _TruthRows:
    """Give customers their folds; the truth becomes the label."""
    places = np.flatnonzero(np.isfinite(panel.predicted[TRUTH]))
    origin = panel.origins()[-1]
    days = panel.dates[places]
    past = np.array([*origin.train, origin.validation], dtype="datetime64[D]")
    examples = replace(panel.examples.take(places), labels=panel.predicted[TRUTH][places])
    folds = np.random.default_rng(seed).integers(FOLDS, size=int(examples.groups.max()) + 1)
    return _TruthRows(
        examples,
        np.isin(days, past),
        days == np.datetime64(origin.validation),
        days == np.datetime64(origin.test),
        folds[examples.groups],
    )


def _fit_to_truth(rows: _TruthRows, procedure: Procedure, share: float) -> Floats:
    """Return what trees from probabilities say of the test rows, each of customers unseen.

    Args:
        rows: of all dates.
        procedure: how to fit.
        share: of the customers of the other folds that are fitted on.
    """
    random = np.random.default_rng(procedure.seed)
    is_drawn = random.random(int(rows.examples.groups.max()) + 1) < share
    said = np.full(len(rows.examples), np.nan)
    for fold in range(FOLDS):
        is_own = rows.fold == fold
        fitted_on = rows.is_known_past & ~is_own & is_drawn[rows.examples.groups]
        trees = fit_probabilities(
            _drawn(rows, fitted_on, int(share * MAX_ROWS), procedure.seed),
            _drawn(rows, rows.is_watched & is_own, MAX_ROWS, procedure.seed),
            procedure,
        )
        asked = np.flatnonzero(rows.is_test & is_own)
        said[asked] = expit(trees.raw(rows.examples.features.iloc[asked]))
    return said[rows.is_test]


def _drawn(rows: _TruthRows, wanted: npt.NDArray[np.bool_], most: int, seed: int) -> Examples:
    """Draw rows as they come: with probabilities for labels, none is worth more than another."""
    return rows.examples.take(sample_rows(np.flatnonzero(wanted), most, seed))


def _dated(
    told: Floats, test: Examples, fold: npt.NDArray[np.integer], segments: str | None
) -> Floats:
    """Move each segment to its level at the test date, as the other folds' truth tells it.

    That is what seasons and prices of the date did to everybody, which no past date tells.
    """
    values = np.zeros(len(test)) if segments is None else test.features[segments].cat.codes
    parts = np.unique(np.column_stack([values, fold]), axis=0, return_inverse=True)
    log_odds = logit(told)
    moved = log_odds.copy()
    for number, (segment, own) in enumerate(parts[0]):
        others = np.flatnonzero((np.asarray(values) == segment) & (fold != own))
        moved[parts[1] == number] += _shift(log_odds[others], test.labels[others].astype(float))
    predicted: Floats = expit(moved)
    return predicted


def _shift(log_odds: Floats, truth: Floats) -> float:
    """Return what brings the mean of the predicted probabilities to that of the true ones."""
    design, weights = np.ones((len(truth), 1)), np.ones(len(truth))
    found = fit_logistic(design, truth, weights, np.zeros(1), precision=WEAK, offset=log_odds)
    return float(found[0])


def _figures(measured: Replicates) -> pd.DataFrame:
    return to_frame(
        [
            {
                "scorer": name,
                "meaning": MEANING[name],
                **interval_columns({figure: measured.interval(name, figure) for figure in FIGURES}),
            }
            for name in SCORERS
        ]
    )


def _shares(measured: Replicates) -> pd.DataFrame:
    """Return how much of the way from base rate to truth each part is; they add up to 1."""
    return to_frame(
        [
            {
                "part": part,
                **interval_columns(
                    {f"{figure}_share": _share(measured, *ends, figure) for figure in FIGURES}
                ),
            }
            for part, ends in PARTS.items()
        ]
    )


def _share(measured: Replicates, lower: str, upper: str, figure: str) -> Interval:
    part, part_drawn = measured.difference(upper, lower, figure)
    whole, whole_drawn = measured.difference(TRUTH, BASE_RATE, figure)
    return interval_of(part / whole, part_drawn / whole_drawn)


def _page(shares: pd.DataFrame, figures: pd.DataFrame, facts: Mapping[str, Any]) -> str:
    reached, learnt, dated, untold = shares["log_loss_share"]
    more = figures.set_index("scorer")["log_loss"]
    saturation = (more[HALF] - more[TOLD]) / (more[BASE_RATE] - more[TRUTH])
    return page(
        "The limit: what keeps the model from the truth",
        [
            (
                f"Of the log loss between base rate and truth the model reaches {reached:.1%}. "
                f"Trees on the same features, fitted to true probabilities, reach "
                f"{reached + learnt:.1%}, and {reached + learnt + dated:.1%} once each category is "
                f"moved to its level at the test date; {untold:.1%} is not told by the features."
            ),
            (
                f"Twice the customers were worth {saturation:+.1%} to these trees: what they reach "
                "is a lower bound on what the features tell, and the nearer the less that is."
            ),
            (
                f"{facts['rows']:,} rows of {facts['customers']:,} customers on {facts['test']}, "
                "none of whom the trees had seen. Figures are those to be expected under the "
                "truth, without the noise of outcomes; limits of 95% from a bootstrap over "
                "customers, the fits as they are."
            ),
        ],
        [
            markdown(shares, ["part"], [f"{figure}_share" for figure in FIGURES]),
            "## Figures\n\n" + markdown(figures, ["scorer", "meaning"], FIGURES),
        ],
    )
