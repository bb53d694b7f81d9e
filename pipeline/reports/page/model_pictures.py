"""The drawings that the page shows of one model, each with its description in words."""

from collections.abc import Sequence

import pandas as pd

from pipeline.foundation.contracts.hand_overs.evaluation_report import OFF, POOLED, CalibrationCell
from pipeline.reports.charts import model_charts
from pipeline.reports.formatting import count, listed, number, share
from pipeline.reports.language.marks import category
from pipeline.reports.names import scorer
from pipeline.reports.page.model_inputs import ModelInputs
from pipeline.reports.page.parts import Picture

_LEAST_DATES = 2
"""Below them there is no trend."""


def draw_pictures(name: str, inputs: ModelInputs) -> list[Picture]:
    """Return every drawing of one model, with its words."""
    model, plots = inputs.evaluation.trained, inputs.plots
    others = [scorer(one) for one in sorted(inputs.evaluation.scorers) if one != "model"]
    families = families_of(inputs.importance)
    pictures = [
        Picture(
            model_charts.draw_gain(plots["gain"], name),
            f"Gain curves. The model's best tenth of the list holds "
            f"{share(model.gain_at_10.value, 0)} of all responders, its best fifth "
            f"{share(model.gain_at_20.value, 0)}. Shown beside it: {listed(others)}.",
            "Gain: how many responders are reached, how far down the list. Higher and further "
            "left is better; the dotted line is chance.",
        ),
        Picture(
            model_charts.draw_lift(plots["lift_by_decile"], name),
            f"Lift by tenth of the list: {_tell_lifts(plots['lift_by_decile'])}.",
            "Lift by tenth: bars are the model; dashes, where shown, what the truth would reach; "
            "the line at 1 is chance.",
        ),
        Picture(
            model_charts.draw_calibration(plots["calibration"], name),
            "Calibration: observed share against predicted propensity in 20 equal parts. Mean gap "
            f"{number(model.ece.value, 4)}, slope "
            f"{number(model.calibration_slope.value, 2)}; 1 is perfect.",
            "Calibration: points on the dotted line mean that predicted probabilities come true; "
            "bars are 95% confidence intervals.",
        ),
        Picture(
            model_charts.draw_comparison(
                plots["baselines"], "average_precision", "Average precision, higher is better", name
            ),
            f"Average precision of every scorer with confidence intervals: model "
            f"{number(model.average_precision.value)}, beside {listed(others)}.",
            "Average precision of every scorer, with 95% confidence intervals.",
        ),
        Picture(
            model_charts.draw_distribution(
                inputs.scores.edges, inputs.scores.counts, model.base_rate.value, name
            ),
            f"Histogram of {count(int(inputs.scores.counts.sum()))} propensities from "
            f"{share(float(inputs.scores.edges[0]), 2)} to {share(float(inputs.scores.edges[-1]), 1)}.",
            "How propensities are spread, on a logarithmic scale; the vertical line is the base "
            "rate of the test.",
        ),
    ]
    pictures += _forest_picture(inputs.evaluation.cells, name)
    pictures += _trend_picture(inputs, name)
    return pictures if families.empty else [*pictures, _importance_picture(families, name)]


def _trend_picture(inputs: ModelInputs, name: str) -> list[Picture]:
    """Return the AUC from date to date: of the backtest."""
    past = inputs.backtest.auc if inputs.backtest else ()
    known = [
        (str(one.as_of_date), one.value, one.low, one.high)
        for one in past
        if one.value is not None and one.low is not None and one.high is not None
    ]
    if len(known) < _LEAST_DATES:
        return []
    auc = pd.DataFrame(known, columns=["as_of_date", "value", "low", "high"])
    said = ", ".join(f"{day} {number(value, 3)}" for day, value, *_ in known)
    return [
        Picture(
            model_charts.draw_trend(auc, name),
            f"AUC over the dates of the backtest: {said}.",
            "AUC over the dates of the backtest, each learnt from what was known before it, with 95% "
            "confidence intervals.",
        )
    ]


def _forest_picture(cells: Sequence[CalibrationCell], name: str) -> list[Picture]:
    """Return the forest plot of the categories that something was observed of."""
    known = [
        (one.part, one.ratio.value, one.ratio.low, one.ratio.high, one.verdict == OFF)
        for one in cells
        if one.by == "category" and one.ratio.value and one.ratio.low and one.ratio.high
    ]
    if not known:
        return []
    said = ", ".join(
        f"{POOLED.join(map(category, part.split(POOLED)))} {ratio:.2f}" for part, ratio, *_ in known
    )
    columns = ["category", "ratio", "low", "high", "differs"]
    return [
        Picture(
            model_charts.draw_forest(pd.DataFrame(known, columns=columns), name),
            f"Observed over predicted by category, forest plot: {said}.",
            "Calibration by category with 95% confidence intervals: right of 1 more did it than "
            "predicted, left of it fewer; orange diamonds are off beyond chance, all cells of the "
            "evaluation tested together.",
        )
    ]


def _importance_picture(families: pd.Series, name: str) -> Picture:
    said = [f"{str(family).replace('_', ' ')} {gained:.0%}" for family, gained in families.items()]
    return Picture(
        model_charts.draw_importance(families, name),
        f"Share of gain by feature family: {listed(said)}.",
        "What the trained model learnt from, by feature family.",
    )


def _tell_lifts(lift: pd.DataFrame) -> str:
    of_model = lift[lift["scorer"] == "model"]
    values: Sequence[float] = of_model["lift"].tolist()
    return ", ".join(f"{place}: {value:.1f}" for place, value in enumerate(values, start=1))


def families_of(importance: pd.DataFrame) -> pd.Series:
    """Return the share of gain by feature family, the greatest first."""
    family = importance["feature"].str.split("__").str[0]
    summed: pd.Series = importance["gain_share"].groupby(family).sum()
    return summed.sort_values(ascending=False, kind="stable")
