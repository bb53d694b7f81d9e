"""The tables of a model card, as Markdown."""

from collections.abc import Sequence

from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import (
    Drift,
    EvaluationReport,
    GroupFigures,
    NaiveComparison,
    SegmentCalibration,
    StrongFeature,
)
from pipeline.foundation.contracts.hand_overs.population_report import PopulationOfModel, SplitDates
from pipeline.reports.figure_columns import FigureColumn
from pipeline.reports.formatting import (
    UNKNOWN,
    count,
    in_order_of_age,
    number,
    share,
    with_interval,
)
from pipeline.reports.names import scorer

_FIGURES = (
    FigureColumn("auc", "AUC", 3),
    FigureColumn("average_precision", "average precision", 3),
    FigureColumn("log_loss", "log loss", 4),
    FigureColumn("lift_at_10", "lift in the top tenth", 2),
    FigureColumn("ece", "calibration error (ECE)", 4),
)
_OF_NAIVE = tuple(one for one in _FIGURES if one.name in {"auc", "average_precision", "lift_at_10"})
_SPLITS = ("train", "validation", "test")


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; the first column is text, the others are numbers."""
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ruler, *rows))


def tell_scorers(evaluation: EvaluationReport) -> str:
    """Return every scorer's figures, the best log loss first."""
    scorers = evaluation.scorers
    return markdown(
        ["scorer", *(one.label for one in _FIGURES)],
        [
            [_strong(scorer(name), is_strong=name == "model")]
            + [with_interval(scorers[name].figure(one.name), one.digits) for one in _FIGURES]
            for name in evaluation.by_log_loss()
        ],
    )


def tell_snapshots(as_of_dates: SplitDates, population: PopulationOfModel) -> str:
    """Return as-of dates and rows of the labelled parts."""
    return markdown(
        ["part", "as-of dates", "all rows", "eligible", "did it"],
        [
            [
                split,
                ", ".join(str(day) for day in as_of_dates.of(split)),
                *_counts(population, split),
            ]
            for split in _SPLITS
        ],
    )


def tell_naive(naive: NaiveComparison) -> str:
    """Return the figures on the eligible beside those on everybody, and the difference."""
    rows = [
        [
            one.label,
            with_interval(naive.eligible.figure(one.name), one.digits),
            with_interval(naive.all_rows.figure(one.name), one.digits),
            number(naive.inflation.figure(one.name), one.digits),
        ]
        for one in _OF_NAIVE
    ]
    return markdown(["figure", "eligible (what counts)", "everybody (naive)", "inflation"], rows)


def tell_calibration(title: str, segments: Sequence[SegmentCalibration]) -> str:
    """Return predicted against observed rates, segment by segment."""
    return markdown(
        [title, "rows", "did it", "predicted", "observed", "observed ÷ predicted"],
        [
            [
                str(one.part),
                count(one.rows),
                count(one.positives),
                share(one.propensity, 2),
                share(one.observed.value, 2),
                with_interval(one.ratio, 2),
            ]
            for one in segments
        ],
    )


def tell_group(title: str, values: Sequence[GroupFigures]) -> str:
    """Return whom the model picks and how right it is, value by value."""
    return markdown(
        [title, "customers", "did it", "picked", "lift among the picked", "observed ÷ predicted"],
        [
            [
                str(one.value),
                count(one.customers),
                count(one.positives),
                _share_with_interval(one.selection_rate),
                with_interval(one.lift, 2),
                with_interval(one.observed_to_predicted, 2),
            ]
            for one in sorted(values, key=lambda one: in_order_of_age(one.value))
        ],
    )


def tell_strongest(features: Sequence[StrongFeature], drift: Drift) -> str:
    """Return what the model leans on, what each is worth alone, and how far it has moved."""
    moved = {one.feature: one.psi for one in drift.features}
    return markdown(
        [
            "feature",
            "share of the gain",
            "AUC alone",
            "average precision alone",
            "PSI since training",
        ],
        [
            [
                f"`{one.feature}`",
                share(one.gain_share),
                number(one.auc),
                number(one.average_precision),
                number(moved.get(one.feature), 3),
            ]
            for one in features
        ],
    )


def _counts(population: PopulationOfModel, split: str) -> list[str]:
    rows = population.rows.get(split)
    if rows is None:
        return [UNKNOWN] * 3
    return [count(one) for one in (rows.all, rows.eligible, rows.positives)]


def _share_with_interval(found: Figure) -> str:
    if found.value is None:
        return UNKNOWN
    return f"{share(found.value)} ({share(found.low)} to {share(found.high)})"


def _strong(text: str, *, is_strong: bool) -> str:
    return f"**{text}**" if is_strong else text
