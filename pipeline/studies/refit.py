"""Should the model that scores have seen the latest complete outcomes?

At every date of the backtest: `frozen` stopped before its validation snapshot and was calibrated on
it; `refitted` has the same parameters and number of trees, and saw that snapshot too. The curve of
`refitted` is fitted on cross-fitted scores, by customers; `refitted_curve_kept` takes over the
curve of `frozen`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.models.estimators.refitting import refit_trees
from pipeline.models.examples import Examples, sample_negatives
from pipeline.statistics.arrays import Floats
from pipeline.studies.answer import Answer, markdown, page
from pipeline.studies.fitting import Procedure, fit_stopped
from pipeline.studies.panel import Origin, Panel
from pipeline.studies.part_comparison import (
    COMPARED,
    PartComparison,
    Predicted,
    compare_parts,
    size_of,
    to_frame,
    verdict,
)

FROZEN, REFITTED, KEPT = "frozen", "refitted", "refitted_curve_kept"
SCORERS = (FROZEN, REFITTED, KEPT)


@dataclass(frozen=True)
class _Date:
    day: str
    rows: Examples
    predicted: dict[str, Floats]


def answer(panel: Panel, procedure: Procedure) -> Answer:
    """Compare at every date, and over all of them."""
    dates = [_compare_at(panel, origin, procedure) for origin in panel.origins()]
    predicted = [
        Predicted(scorer, one.day, one.predicted[scorer], one.rows)
        for one in dates
        for scorer in SCORERS
    ]
    compared = compare_parts(predicted, procedure.resampling)
    days = [one.day for one in dates]
    over_all = to_frame(
        [
            {"scorer": name, "dates": len(days), **compared.differences(name, FROZEN, days)}
            for name in (REFITTED, KEPT)
        ]
    )
    table = _table(dates, compared)
    facts = {"dates": days, "mean_over_dates": over_all.to_dict("records")}
    loss = compared.mean_difference(REFITTED, FROZEN, days, "log_loss")
    return Answer(
        {"": table, "mean": over_all},
        facts,
        _page(table, over_all, verdict(REFITTED, FROZEN, loss)),
    )


def _compare_at(panel: Panel, origin: Origin, procedure: Procedure) -> _Date:
    validation, rows = panel.on([origin.validation]), panel.on([origin.test])
    frozen = fit_stopped(panel.on(origin.train), validation, procedure)
    everything = panel.on([*origin.train, origin.validation])
    refitted = refit_trees(
        REFITTED,
        sample_negatives(everything, procedure.max_rows, procedure.seed),
        validation,
        procedure.params,
        frozen.trees,
        seed=procedure.seed,
        threads=procedure.threads,
        made_from={},
    )
    return _Date(
        str(origin.test),
        rows,
        {
            FROZEN: frozen.model.propensity(rows.features),
            REFITTED: refitted.propensity(rows.features),
            KEPT: frozen.model.calibrator.apply(refitted.score(rows.features)),
        },
    )


def _table(dates: Sequence[_Date], compared: PartComparison) -> pd.DataFrame:
    return to_frame(
        [
            {
                "scorer": scorer,
                "as_of_date": one.day,
                **size_of(one.rows),
                **compared.row(scorer, one.day),
                **compared.differences(scorer, FROZEN, [one.day]),
            }
            for scorer in SCORERS
            for one in dates
        ]
    )


def _page(table: pd.DataFrame, over_all: pd.DataFrame, decision: str) -> str:
    differences = [f"{figure}_difference" for figure in COMPARED]
    shown = ["auc", "log_loss", "calibration_slope", "ece"]
    return page(
        "Refit: frozen before the test, or refitted on all that is known",
        [
            decision,
            "Differences are to the frozen model on the same rows and the same draws of customers.",
            (
                "To ship the refitted model, `train` would read train and validation rows as one "
                "matrix, so that a customer has one code, and call `refit_trees` with the tuned number "
                "of trees; `evaluate` would go on measuring the frozen one, which is the "
                "procedure's own test."
            ),
        ],
        [
            "## Mean over all dates\n\n" + markdown(over_all, ["scorer", "dates"], differences),
            "## By date\n\n"
            + markdown(table, ["scorer", "as_of_date", "positives"], [*shown, differences[2]]),
        ],
    )
