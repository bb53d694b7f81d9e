"""The tables that the page shows of one model."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.reports.parts import Cell, Row, Table
from pipeline.reports.scores import ScoreSummary
from pipeline.reports.words import count, interval, scorer, share, signed

_COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("auc", "AUC", 3),
    ("average_precision", "Average precision", 3),
    ("log_loss", "Log loss", 4),
    ("ece", "Calibration error", 4),
    ("lift_at_10", "Lift in the top tenth", 2),
    ("gain_at_10", "Gain in the top tenth", 3),
)
_TOP_FEATURES = 12


def tabulate_metrics(evaluation: Mapping[str, Any], in_use: str | None) -> Table:
    """Return every scorer's figures; the one that scores stands out."""
    scorers, differences = evaluation["scorers"], evaluation["differences"]
    names = sorted(scorers, key=lambda name: (scorers[name]["log_loss"]["value"] or 0.0, name))
    return Table(
        f"Every scorer on the same {count(evaluation['rows'])} eligible rows of the out-of-time "
        f"test ({count(evaluation['positives'])} of them did it), the best log loss first",
        [
            Cell("Scorer", is_number=False),
            *(Cell(label) for _, label, _ in _COLUMNS),
            Cell("Log loss, model minus this"),
        ],
        [
            Row(
                [
                    Cell(scorer(name), "scores now" if name == in_use else "", is_number=False),
                    *(interval(scorers[name][key], digits) for key, _, digits in _COLUMNS),
                    interval(differences.get(name, {}).get("log_loss"), 4),
                ],
                is_strong=name == in_use,
            )
            for name in names
        ],
    )


def tabulate_categories(
    by_category: Mapping[str, Any], calibration: Sequence[Mapping[str, Any]]
) -> Table:
    """Return the trained model's figures by category.

    Args:
        by_category: figures of each.
        calibration: stated and observed rates of each, as `part`.
    """
    ratios = {one["part"]: one["ratio"] for one in calibration}
    chosen = [one for one in _COLUMNS if one[0] in {"auc", "lift_at_10", "ece"}]
    return Table(
        "The model by category, on the out-of-time test",
        [
            Cell("Category", is_number=False),
            Cell("Eligible rows"),
            Cell("Did it"),
            Cell("Base rate"),
            *(Cell(label) for _, label, _ in chosen),
            Cell("Observed over stated"),
        ],
        [
            Row(
                [
                    Cell(category, is_number=False),
                    Cell(count(found["rows"])),
                    Cell(count(found["positives"])),
                    Cell(share(found["base_rate"]["value"], 2)),
                    *(interval(found[key], digits) for key, _, digits in chosen),
                    interval(ratios.get(category), 2),
                ]
            )
            for category, found in sorted(by_category.items())
        ],
    )


def tabulate_groups(groups: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Table]:
    """Return whom the model picks, and how right it is about them, for each declared group."""
    figures = (("selection_rate", 3), ("lift", 2), ("observed_to_predicted", 2))
    return [
        Table(
            f"Whom the model picks, by {name.replace('_', ' ')}: share in the top decile of their "
            "category, lift among them, and observed over stated rates",
            [
                Cell(name.replace("_", " ").capitalize(), is_number=False),
                Cell("Customers"),
                Cell("Did it"),
                Cell("Picked"),
                Cell("Lift among the picked"),
                Cell("Observed over stated"),
            ],
            [
                Row(
                    [
                        Cell(str(found["value"]), is_number=False),
                        Cell(count(found["customers"])),
                        Cell(count(found["positives"])),
                        *(interval(found[key], digits) for key, digits in figures),
                    ]
                )
                for found in values
            ],
        )
        for name, values in groups.items()
    ]


def tabulate_naive(naive: Mapping[str, Any]) -> Table:
    """Return figures on the eligible beside those on everybody."""
    figures_shown = [one for one in _COLUMNS if one[0] in naive["inflation"]]
    return Table(
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
                    Cell(label, is_number=False),
                    interval(naive["eligible"][key], digits),
                    interval(naive["all_rows"][key], digits),
                    Cell(signed(naive["inflation"][key], digits)),
                ]
            )
            for key, label, digits in figures_shown
        ],
    )


def tabulate_expectations(scores: ScoreSummary) -> Table:
    """Return what the best tenth of each category promises."""
    return Table(
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
                    Cell(str(row["category"]), is_number=False),
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


def tabulate_importance(importance: pd.DataFrame, descriptions: Mapping[str, str]) -> Table:
    """Return the features that the trees gained most from."""
    top = importance.head(_TOP_FEATURES)
    return Table(
        "The features that the trained model gained most from",
        [Cell("Feature", is_number=False), Cell("Share of gain")],
        [
            Row(
                [
                    Cell(descriptions.get(feature, feature), feature, is_number=False),
                    Cell(share(gained)),
                ]
            )
            for feature, gained in zip(top["feature"], top["gain_share"], strict=True)
        ],
    )
