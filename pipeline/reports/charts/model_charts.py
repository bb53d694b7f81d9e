"""The drawings of one model, from the tables that `evaluate` writes; each returns SVG."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.ticker import FuncFormatter, PercentFormatter

from pipeline.foundation.contracts.hand_overs.evaluation_report import POOLED
from pipeline.reports.charts.canvas import DASHES, INK, MODEL, QUIET, RULES, TRUTH, canvas
from pipeline.reports.language.marks import category
from pipeline.reports.names import in_words, scorer

_RATIO_TICKS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0)
_PERCENT = PercentFormatter(xmax=1, decimals=0)


def draw_gain(gain: pd.DataFrame, name: str) -> str:
    """Draw who is reached how far down the list; `scorer, share, gain`."""
    with canvas(f"{name}-gain", height=4.2) as drawing:
        axes = drawing.axes
        axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=":")
        for place, (label, curve) in enumerate(_curves(gain)):
            axes.plot(curve["share"], curve["gain"], label=scorer(label), **_line(label, place))
        axes.set(xlim=(0, 1), ylim=(0, 1.005), xlabel="Share of eligible customers, best first")
        axes.set_ylabel("Share of all responders reached")
        axes.xaxis.set_major_formatter(_PERCENT)
        axes.yaxis.set_major_formatter(_PERCENT)
        axes.legend(loc="lower right")
    return drawing.svg


def draw_lift(lift: pd.DataFrame, name: str) -> str:
    """Draw the response of each tenth over the base rate; `scorer, decile, lift`."""
    of_model = lift[lift["scorer"] == "model"]
    with canvas(f"{name}-lift") as drawing:
        axes = drawing.axes
        bars = axes.bar(of_model["decile"], of_model["lift"], color=MODEL, width=0.75)
        axes.bar_label(bars, fmt="%.1f", padding=2, fontsize=9)
        truth = lift[lift["scorer"] == "truth"]
        if len(truth):
            axes.plot(
                truth["decile"], truth["lift"], "_", color=TRUTH, markersize=24, markeredgewidth=2.5
            )
        axes.axhline(1, color=INK, linewidth=1)
        axes.set(xlabel="Tenth of the eligible customers, 1 is best", ylabel="Lift over base rate")
        axes.set_xticks(range(1, 11))
        axes.grid(visible=False, axis="x")
    return drawing.svg


def draw_calibration(calibration: pd.DataFrame, name: str) -> str:
    """Draw the reliability curve: observed over predicted rates with intervals; `scorer, propensity, observed, low, high`."""
    bins = calibration[calibration["scorer"] == "model"]
    end = 1.05 * float(bins[["propensity", "high"]].to_numpy().max(initial=1e-6))
    with canvas(f"{name}-calibration", height=4.2) as drawing:
        axes = drawing.axes
        axes.plot([0, end], [0, end], color=QUIET, linewidth=1, linestyle=":")
        distance = (
            (bins["observed"] - bins["low"]).clip(0),
            (bins["high"] - bins["observed"]).clip(0),
        )
        axes.errorbar(
            bins["propensity"],
            bins["observed"],
            yerr=np.vstack(distance),
            fmt="o",
            color=MODEL,
            markersize=5,
            elinewidth=1.2,
        )
        axes.set(
            xlim=(0, end), ylim=(0, end), xlabel="Predicted propensity", ylabel="Observed share"
        )
        axes.xaxis.set_major_formatter(FuncFormatter(_short_share))
        axes.yaxis.set_major_formatter(FuncFormatter(_short_share))
    return drawing.svg


def draw_comparison(baselines: pd.DataFrame, figure: str, label: str, name: str) -> str:
    """Draw one figure of every scorer with its interval; `scorer, <figure>, _low, _high`."""
    rows = baselines.sort_values(figure, kind="stable").reset_index(drop=True)
    with canvas(f"{name}-{figure}", height=0.9 + 0.36 * len(rows)) as drawing:
        axes = drawing.axes
        for place, row in enumerate(rows.to_dict("records")):
            colour = {"model": MODEL, "truth": TRUTH}.get(str(row["scorer"]), QUIET)
            axes.plot([row[f"{figure}_low"], row[f"{figure}_high"]], [place] * 2, color=colour)
            axes.plot(row[figure], place, "o", color=colour, markersize=7)
        axes.set_yticks(range(len(rows)), [scorer(one) for one in rows["scorer"]])
        axes.set_xlabel(label)
        axes.grid(visible=False, axis="y")
    return drawing.svg


def draw_trend(auc: pd.DataFrame, name: str) -> str:
    """Draw the AUC of each date with its interval; `as_of_date, value, low, high`, in their order."""
    with canvas(f"{name}-trend") as drawing:
        axes = drawing.axes
        places = range(len(auc))
        value = auc["value"]
        distance = ((value - auc["low"]).clip(0), (auc["high"] - value).clip(0))
        axes.errorbar(places, value, yerr=np.vstack(distance), fmt="o-", color=MODEL, capsize=3)
        axes.set_xticks(places, auc["as_of_date"].tolist(), rotation=30, ha="right", fontsize=8)
        axes.set_xlabel("As-of date")
        axes.set_ylabel("AUC")
        axes.grid(visible=False, axis="x")
    return drawing.svg


def draw_forest(ratios: pd.DataFrame, name: str) -> str:
    """Draw observed over predicted by category with its interval (a forest plot), the largest on top.

    Args:
        ratios: category, ratio, low, high and differs: off beyond chance.
        name: of the model.
    """
    rows = ratios.sort_values(["ratio", "category"]).reset_index(drop=True)
    with canvas(f"{name}-forest", height=0.9 + 0.3 * len(rows)) as drawing:
        axes = drawing.axes
        axes.axvline(1, color=INK, linewidth=1)
        for differs, colour, mark in ((False, MODEL, "o"), (True, TRUTH, "D")):
            part = rows[rows["differs"] == differs]
            axes.hlines(part.index, part["low"], part["high"], color=colour, linewidth=1.6)
            axes.plot(part["ratio"], part.index, mark, color=colour, markersize=6)
        axes.set_xscale("log")
        axes.set_yticks(range(len(rows)), [_few_words(str(one)) for one in rows["category"]])
        ticks = [one for one in _RATIO_TICKS if rows["low"].min() <= one <= rows["high"].max()]
        axes.set_xticks(sorted({1.0, *ticks}), minor=False)
        axes.set_xticks([], minor=True)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.set_xlabel("Observed over predicted; 1: as many as predicted")
        axes.grid(visible=False, axis="y")
    return drawing.svg


def _few_words(part: str) -> str:
    """Return a label that leaves room for the drawing: of categories that are pooled, the first.

    "tea + loan + tv" is "tea + … (3)".
    """
    first, *others = part.split(POOLED)
    return f"{category(first)}{POOLED}… ({len(others) + 1})" if others else category(first)


def draw_importance(families: pd.Series, name: str) -> str:
    """Draw the share of what the trees gained by feature family, the greatest at the top."""
    rows = families.sort_values(kind="stable")
    with canvas(f"{name}-importance", height=0.9 + 0.36 * len(rows)) as drawing:
        axes = drawing.axes
        labels = [in_words(str(one)) for one in rows.index]
        bars = axes.barh(labels, rows.to_numpy(), color=MODEL, height=0.7)
        axes.bar_label(bars, labels=[f"{one:.0%}" for one in rows], padding=3, fontsize=9)
        axes.xaxis.set_major_formatter(_PERCENT)
        axes.set_xlabel("Share of the model's gain in training")
        axes.set_xlim(0, 1.12 * float(rows.max()) if len(rows) else 1)
        axes.grid(visible=False, axis="y")
    return drawing.svg


def draw_distribution(
    edges: npt.NDArray[np.float64],
    counts: npt.NDArray[np.int64],
    base_rate: float | None,
    name: str,
) -> str:
    """Draw how many customer × category have which propensity, on a logarithmic scale."""
    with canvas(f"{name}-distribution") as drawing:
        axes = drawing.axes
        axes.stairs(counts, edges, fill=True, color=MODEL)
        if base_rate:
            axes.axvline(base_rate, color=TRUTH, linewidth=2)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(_short_share))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.set(xlabel="Propensity", ylabel="Customer × category")
        axes.grid(visible=False, axis="x")
    return drawing.svg


def _curves(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the curves by scorer: model and truth first, rules by name."""
    order = {"model": 0, "truth": 1}
    names = sorted(table["scorer"].unique(), key=lambda one: (order.get(one, 2), one))
    return [(one, table[table["scorer"] == one]) for one in names]


def _line(label: str, place: int) -> dict[str, Any]:
    if label == "model":
        return {"color": MODEL, "linewidth": 2.6, "zorder": 3}
    if label == "truth":
        return {"color": TRUTH, "linewidth": 1.8, "linestyle": (0, (4, 2)), "zorder": 2}
    return {
        "color": RULES[place % len(RULES)],
        "linewidth": 1.2,
        "linestyle": DASHES[place % len(DASHES)],
    }


def _short_share(value: float, _: int | None = None) -> str:
    """Return a share in per cent with only the digits it needs."""
    return f"{100 * value:.3g}%"
