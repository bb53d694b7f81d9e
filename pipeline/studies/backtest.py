"""How would the procedure have done at every date of the past, and how does a model age?

Rolling origin: at each date the trees see all earlier snapshots whose outcomes were complete, the
latest of them stops and calibrates; the categories stand where a forecast puts them for the date, as
in `score`. The model of that very date is `fresh`; every model is kept and asked again at all later
dates. The parameters are those tuned last, for every date.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.hand_overs.backtest_study import LevelMethodAtDate
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats
from pipeline.statistics.psi import ALERT_LIMIT, NOTICE_LIMIT, psi_between, psi_by_feature
from pipeline.studies.answer import Answer, markdown, page
from pipeline.studies.fitting import Fitted, Procedure, fit_stopped, with_features
from pipeline.studies.level_methods import (
    LevelLook,
    compare_levels,
    levels_on,
    look_at,
)
from pipeline.studies.panel import Origin, Panel
from pipeline.studies.part_comparison import (
    PartComparison,
    Predicted,
    compare_parts,
    size_of,
    to_frame,
)

FRESH, OLDEST = "fresh", "oldest"
CATEGORY = "category"
YEAR_DAYS = 365


@dataclass(frozen=True)
class Look:
    """One test date: who was asked, and what each model said."""

    origin: Origin
    rows: Examples
    """Without their features, which have been used and are large."""
    fitted: Fitted
    predicted: tuple[Floats, ...]
    """What each model so far says of these rows, the oldest first; the last is the fresh one."""
    levels: LevelLook
    """What the fresh model says at the levels of other methods."""
    drift: pd.DataFrame
    score_psi: float

    @property
    def day(self) -> str:
        """Return the test date, which names the model too."""
        return str(self.origin.test)

    @property
    def fresh(self) -> Floats:
        """Return what the model of this date says."""
        return self.predicted[-1]


def answer(panel: Panel, procedure: Procedure) -> Answer:
    """Walk through the dates, oldest first."""
    looks: list[Look] = []
    for origin in panel.origins():
        looks.append(_look(panel, origin, procedure, [look.fitted for look in looks]))
    compared = compare_parts(_predicted(looks), procedure.resampling)
    figures = _figures(looks, compared)
    stability = _stability(looks, panel)
    drift = pd.concat([look.drift.assign(as_of_date=look.day) for look in looks])
    ageing = _ageing(looks, compared)
    levels, gaps = compare_levels([look.levels for look in looks], procedure.resampling)
    facts = {
        "dates": [look.day for look in looks],
        "auc": [
            {"as_of_date": look.day, **compared.figure(look.day, look.day, "auc").to_json()}
            for look in looks
        ],
        "ageing": ageing.to_dict("records"),
        "stability": stability.to_dict("records"),
        "base_rates": _base_rates(panel),
        "levels": [_dated_levels(row) for row in levels.to_dict("records")],
    }
    tables = {
        "": figures,
        "stability": stability,
        "ageing": ageing,
        "levels": levels,
        "level_gaps": gaps,
        "drift": drift[["as_of_date", "feature", "psi"]],
    }
    return Answer(tables, facts, _page(tables, looks, panel))


def _look(panel: Panel, origin: Origin, procedure: Procedure, earlier: Sequence[Fitted]) -> Look:
    train, validation = panel.on(origin.train), panel.on([origin.validation])
    rows = panel.on([origin.test])
    fitted = fit_stopped(train, validation, procedure)
    column = procedure.segments or CATEGORY
    levels = levels_on(panel.past, origin.test, panel.window.end_days, column)
    predicted = tuple(
        levels.at_forecast(one.model, validation).propensity(rows.features)
        for one in (*earlier, fitted)
    )
    validated = levels.at_forecast(fitted.model, validation).propensity(validation.features)
    return Look(
        origin,
        with_features(rows, [CATEGORY]),
        fitted,
        predicted,
        look_at(fitted.model, levels, validation, rows, str(origin.test)),
        psi_by_feature(train.features, rows.features),
        round(psi_between(pd.Series(validated), pd.Series(predicted[-1])), 6),
    )


def _predicted(looks: Sequence[Look]) -> list[Predicted]:
    return [
        Predicted(model.day, look.day, said, look.rows)
        for look in looks
        for model, said in zip(looks, look.predicted, strict=False)  # later models said nothing yet
    ]


def _figures(looks: Sequence[Look], compared: PartComparison) -> pd.DataFrame:
    """Return the figures of the fresh model and of the oldest one at every date."""
    return to_frame(
        [
            {
                "scorer": scorer,
                "as_of_date": look.day,
                "age_days": _age(model, look),
                "trees": model.fitted.trees,
                **size_of(look.rows),
                **compared.row(model.day, look.day),
            }
            for scorer in (FRESH, OLDEST)
            for look in looks
            for model in [look if scorer == FRESH else looks[0]]
        ]
    )


def _ageing(looks: Sequence[Look], compared: PartComparison) -> pd.DataFrame:
    """Return what keeping a model costs against the fresh one, on the same rows."""
    return to_frame(
        [
            {
                "model_of": model.day,
                "snapshots_seen": len(model.origin.train),
                "as_of_date": look.day,
                "age_days": _age(model, look),
                **compared.differences(model.day, look.day, [look.day]),
            }
            for place, model in enumerate(looks)
            for look in looks[place + 1 :]
        ]
    )


def _age(model: Look, look: Look) -> int:
    return (look.origin.test - model.origin.test).days


def _stability(looks: Sequence[Look], panel: Panel) -> pd.DataFrame:
    """Return how much of the top tenth stays from one date to the next, and why it moves.

    `overlap_on_same_rows` asks the model of the date before about this date's rows: what it
    leaves of the change comes from the customers.
    """
    names = ["as_of_date", "top_decile_overlap", "overlap_on_same_rows", "score_psi"]
    rows = [
        (
            now.day,
            overlap(before.fresh, now.fresh, _pairs(before.rows, panel), _pairs(now.rows, panel)),
            overlap(now.predicted[-2], now.fresh, _pairs(now.rows, panel), _pairs(now.rows, panel)),
            now.score_psi,
        )
        for before, now in itertools.pairwise(looks)
    ]
    return pd.DataFrame(rows, columns=names)


def overlap(
    before: Floats, now: Floats, pairs_before: np.ndarray[Any, Any], pairs_now: np.ndarray[Any, Any]
) -> float:
    """Return the share of the top tenth that was in the top tenth before.

    Only pairs of customer and category that were asked both times count; chance gives 0.1.
    """
    _, left, right = np.intersect1d(pairs_before, pairs_now, return_indices=True)
    size = max(1, len(left) // 10)
    top_before = np.argsort(-before[left], kind="stable")[:size]
    top_now = np.argsort(-now[right], kind="stable")[:size]
    return round(len(np.intersect1d(top_before, top_now)) / size, 6)


def _pairs(rows: Examples, panel: Panel) -> np.ndarray[Any, Any]:
    """Return a number for each customer and category, the same at every date."""
    categories = sorted(panel.examples.features[CATEGORY].cat.categories)
    codes = rows.features[CATEGORY].cat.set_categories(categories).cat.codes.to_numpy()
    return rows.groups.astype(np.int64) * len(categories) + codes


def _base_rates(panel: Panel) -> dict[str, float]:
    return {str(day): round(panel.on([day]).base_rate, 6) for day in panel.as_of_dates}


def _dated_levels(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the part of a row that is handed over."""
    return {name: row[name] for name in LevelMethodAtDate.model_fields}


def _of_levels(gaps: pd.DataFrame, looks: Sequence[Look]) -> str:
    """Say what the forecast of levels is worth, in log loss per row, mean over the dates."""
    taken = sum(look.levels.is_forecast for look in looks)
    told = ", ".join(
        f"{gap.log_loss_difference:+.6f} ({gap.log_loss_difference_low:+.6f} to "
        f"{gap.log_loss_difference_high:+.6f}) against {gap.levels}"
        for gap in gaps.itertuples(index=False)
    )
    return (
        f"Levels: the rate forecast was taken up at {taken} of {len(looks)} dates; log loss of the "
        f"forecast minus that of the others, mean over the dates: {told}."
    )


def _page(tables: Mapping[str, pd.DataFrame], looks: Sequence[Look], panel: Panel) -> str:
    shown = ("auc", "average_precision", "log_loss", "lift_at_10", "calibration_slope", "ece")
    fresh = tables[""][tables[""]["scorer"] == FRESH]
    moved = (
        tables["drift"]
        .groupby("feature", sort=True)["psi"]
        .max()
        .sort_values(ascending=False, kind="stable")
    )
    return page(
        "Backtest: the procedure at every date of the past",
        [
            f"{len(looks)} test dates; limits of 95% from a bootstrap over customers.",
            _of_ageing(tables["ageing"]),
            _of_stability(tables["stability"]),
            _of_levels(tables["level_gaps"], looks),
            (
                f"{int((moved > ALERT_LIMIT).sum())} of {len(moved)} features ever moved by a PSI above "
                f"{ALERT_LIMIT}, {int((moved > NOTICE_LIMIT).sum())} above {NOTICE_LIMIT}, against the rows the trees saw."
            ),
            _of_seasons(_base_rates(panel), (looks[-1].origin.test - panel.as_of_dates[0]).days),
            (
                "The parameters were tuned once, on the latest validation date, which earlier dates "
                "could not have known."
            ),
        ],
        [
            markdown(fresh, ["as_of_date", "rows", "positives", "trees"], ["base_rate", *shown]),
            "## What keeping a model costs against the fresh one\n\n"
            + markdown(
                tables["ageing"],
                ["model_of", "snapshots_seen", "as_of_date", "age_days"],
                [f"{name}_difference" for name in shown[:3]],
            ),
            "## Levels of the categories: forecast, last rate, shift of the validation date\n\n"
            + markdown(
                tables["levels"],
                ["as_of_date", "levels", "cells_off", "categories"],
                ["log_loss", "ece", "calibration_slope", "log_loss_difference", "ece_difference"],
            ),
            "## The top tenth from one date to the next\n\n"
            + markdown(tables["stability"], ["as_of_date"], list(tables["stability"].columns[1:])),
            "## Features that moved most\n\n"
            + markdown(moved.head(10).reset_index(), ["feature"], ["psi"]),
        ],
    )


def _of_ageing(ageing: pd.DataFrame) -> str:
    if ageing.empty:
        return "There is one test date only, so nothing is said of ageing."
    costs = ageing.groupby("age_days", sort=True)["log_loss_difference"].mean()
    told = ", ".join(f"{cost:+.5f} at {age} days" for age, cost in costs.items())
    return (
        f"Log loss that a kept model loses to a fresh one, mean over the models: {told}. "
        "An older model has seen fewer snapshots too, so age alone costs less than this."
    )


def _of_stability(stability: pd.DataFrame) -> str:
    if stability.empty:
        return "There is one test date only, so nothing is said of stability."
    return (
        f"{stability['top_decile_overlap'].mean():.0%} of the top tenth was in the top tenth a "
        f"date earlier (chance: 10%); on unchanged rows the next model keeps "
        f"{stability['overlap_on_same_rows'].mean():.0%}."
    )


def _of_seasons(rates: Mapping[str, float], days: int) -> str:
    least, most = min(rates, key=lambda day: rates[day]), max(rates, key=lambda day: rates[day])
    told = (
        "a season can be told from a trend only where the same weeks come twice"
        if days < 2 * YEAR_DAYS
        else "the same weeks come twice, so compare them a year apart"
    )
    return (
        f"Seasonality: outcomes go from {rates[least]:.2%} of the rows on {least} to "
        f"{rates[most]:.2%} on {most}; the snapshots span {days} days, and {told}."
    )
