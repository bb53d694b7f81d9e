"""The tables that the page shows of one model."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import (
    CategoryFigures,
    EvaluationReport,
    GroupFigures,
    NaiveComparison,
    ScorerDifferences,
    SegmentCalibration,
)
from pipeline.reports.figure_columns import FigureColumn
from pipeline.reports.formatting import count, in_order_of_age, share, signed
from pipeline.reports.language.marks import category as marked
from pipeline.reports.names import IN_PLAIN_WORDS, in_words, scorer
from pipeline.reports.page.cells import interval_cell, share_cell
from pipeline.reports.page.parts import Cell, PageTable, Row
from pipeline.reports.page.score_summary import ScoreSummary

_COLUMNS = (
    FigureColumn("auc", "AUC", 3),
    FigureColumn("average_precision", "Average precision", 3),
    FigureColumn("log_loss", "Log loss", 4),
    FigureColumn("ece", "Calibration error (ECE)", 4),
    FigureColumn("lift_at_10", "Lift in the top tenth", 2),
    FigureColumn("gain_at_10", "Gain in the top tenth", 3),
)
_OF_CATEGORIES = tuple(one for one in _COLUMNS if one.name in {"auc", "lift_at_10", "ece"})
_OF_NAIVE = tuple(one for one in _COLUMNS if one.name in {"auc", "average_precision", "lift_at_10"})
_TOP_FEATURES = 12


def tabulate_metrics(evaluation: EvaluationReport, in_use: str | None) -> PageTable:
    """Return every scorer's figures; the one that scores stands out."""
    scorers, differences = evaluation.scorers, evaluation.differences
    names = evaluation.by_log_loss()
    return PageTable(
        f"Every scorer on the same {count(evaluation.rows)} eligible rows of the out-of-time "
        f"test ({count(evaluation.positives)} of them did it), the best log loss first",
        [
            Cell("Scorer", is_number=False),
            *(Cell(one.label) for one in _COLUMNS),
            Cell("Log loss, model minus this"),
        ],
        [
            Row(
                [
                    Cell(scorer(name), _note(name, in_use), is_number=False),
                    *(
                        interval_cell(scorers[name].figure(one.name), one.digits)
                        for one in _COLUMNS
                    ),
                    interval_cell(_log_loss(differences.get(name)), 4),
                ],
                is_strong=name == in_use,
            )
            for name in names
        ],
    )


def tabulate_categories(
    by_category: Mapping[str, CategoryFigures], calibration: Sequence[SegmentCalibration]
) -> PageTable:
    """Return the trained model's figures by category.

    Args:
        by_category: figures of each.
        calibration: predicted and observed rates of each, as `part`.
    """
    ratios = {one.part: one.ratio for one in calibration}
    return PageTable(
        "The model by category, on the out-of-time test",
        [
            Cell("Category", is_number=False),
            Cell("Eligible rows"),
            Cell("Did it"),
            Cell("Base rate"),
            *(Cell(one.label) for one in _OF_CATEGORIES),
            Cell("Observed over predicted"),
        ],
        [
            Row(
                [
                    Cell(marked(name), is_number=False),
                    Cell(count(found.rows)),
                    Cell(count(found.positives)),
                    Cell(share(found.base_rate.value, 2)),
                    *(interval_cell(found.figure(one.name), one.digits) for one in _OF_CATEGORIES),
                    interval_cell(ratios.get(name), 2),
                ]
            )
            for name, found in sorted(by_category.items())
        ],
    )


def tabulate_groups(groups: Mapping[str, Sequence[GroupFigures]]) -> list[PageTable]:
    """Return whom the model picks, and how right it is about them, for each declared group."""
    return [
        PageTable(
            f"Whom the model picks, by {name.replace('_', ' ')}: share in the top decile of their "
            "category, lift among them, and observed over predicted rates",
            [
                Cell(in_words(name), is_number=False),
                Cell("Customers"),
                Cell("Did it"),
                Cell("Picked"),
                Cell("Lift among the picked"),
                Cell("Observed over predicted"),
            ],
            [
                Row(
                    [
                        Cell(str(found.value), is_number=False),
                        Cell(count(found.customers)),
                        Cell(count(found.positives)),
                        share_cell(found.selection_rate),
                        interval_cell(found.lift, 2),
                        interval_cell(found.observed_to_predicted, 2),
                    ]
                )
                for found in sorted(values, key=lambda one: in_order_of_age(one.value))
            ],
        )
        for name, values in groups.items()
    ]


def tabulate_naive(naive: NaiveComparison) -> PageTable:
    """Return figures on the eligible beside those on everybody."""
    return PageTable(
        "The same model measured on the eligible, and on everybody",
        [
            Cell("Figure", is_number=False),
            Cell("Eligible (what counts)"),
            Cell("Everybody (naive)"),
            Cell("Difference"),
        ],
        [
            Row(
                [
                    Cell(one.label, is_number=False),
                    interval_cell(naive.eligible.figure(one.name), one.digits),
                    interval_cell(naive.all_rows.figure(one.name), one.digits),
                    Cell(signed(naive.inflation.figure(one.name), one.digits)),
                ]
            )
            for one in _OF_NAIVE
        ],
    )


def tabulate_expectations(scores: ScoreSummary) -> PageTable:
    """Return what the best tenth of each category promises."""
    return PageTable(
        "What the scores promise for the next outcome window",
        [
            Cell("Category", is_number=False),
            Cell("Eligible customers"),
            Cell("Base rate"),
            Cell("Customers in decile 1"),
            Cell("Their mean propensity"),
            Cell("Responders to expect among them"),
        ],
        [
            Row(
                [
                    Cell(marked(str(row["category"])), is_number=False),
                    Cell(count(row["customers"])),
                    Cell(share(row["base_rate"], 2)),
                    Cell(count(row["top_customers"])),
                    Cell(share(row["top_propensity"], 2)),
                    Cell(count(row["top_responders"])),
                ]
            )
            for row in scores.by_category.to_dict("records")
        ],
    )


def tabulate_importance(importance: pd.DataFrame, descriptions: Mapping[str, str]) -> PageTable:
    """Return the features that the trees gained most from."""
    top = importance.head(_TOP_FEATURES)
    return PageTable(
        "The features that the trained model gained most from",
        [Cell("Feature", is_number=False), Cell("Share of gain")],
        [
            Row(
                [
                    Cell(descriptions.get(feature, feature), feature, is_number=False),
                    Cell(share(gained)),
                ]
            )
            for feature, gained in zip(top.feature, top.gain_share, strict=True)
        ],
    )


def _log_loss(differences: ScorerDifferences | None) -> Figure | None:
    return None if differences is None else differences.log_loss


def _note(name: str, in_use: str | None) -> str:
    notes = ["scores now"] if name == in_use else []
    return "; ".join([*notes, *([IN_PLAIN_WORDS[name]] if name in IN_PLAIN_WORDS else [])])
