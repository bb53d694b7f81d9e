"""The tables of a model card, as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.reports.words import UNKNOWN, count, number, scorer, share

_FIGURES: tuple[tuple[str, str, int], ...] = (
    ("auc", "AUC", 3),
    ("average_precision", "average precision", 3),
    ("log_loss", "log loss", 4),
    ("lift_at_10", "lift in the top tenth", 2),
    ("ece", "calibration error", 4),
)
_SPLITS = ("train", "validation", "test")


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; the first column is text, the others are numbers."""
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ruler, *rows))


def with_limits(found: Mapping[str, Any] | None, digits: int = 3) -> str:
    """Return a figure and its limits."""
    if found is None or found["value"] is None:
        return UNKNOWN
    text = number(found["value"], digits)
    if found["low"] is None:
        return text
    return f"{text} ({number(found['low'], digits)} to {number(found['high'], digits)})"


def tell_scorers(evaluation: Mapping[str, Any]) -> str:
    """Return every scorer's figures, the best log loss first."""
    scorers = evaluation["scorers"]
    names = sorted(scorers, key=lambda name: (scorers[name]["log_loss"]["value"] or 0.0, name))
    return markdown(
        ["scorer", *(label for _, label, _ in _FIGURES)],
        [
            [_strong(scorer(name), is_strong=name == "model")]
            + [with_limits(scorers[name][key], digits) for key, _, digits in _FIGURES]
            for name in names
        ],
    )


def tell_snapshots(
    as_of_dates: Mapping[str, Sequence[str]], rows: Mapping[str, Mapping[str, int]]
) -> str:
    """Return as-of dates and rows of the labelled parts."""
    return markdown(
        ["part", "as-of dates", "all rows", "eligible", "did it"],
        [
            [
                split,
                ", ".join(as_of_dates[split]),
                *(count(rows.get(split, {}).get(key)) for key in ("all", "eligible", "positives")),
            ]
            for split in _SPLITS
        ],
    )


def tell_naive(naive: Mapping[str, Any]) -> str:
    """Return the figures on the eligible beside those on everybody, and the difference."""
    rows = [
        [
            label,
            with_limits(naive["eligible"][key], digits),
            with_limits(naive["all_rows"][key], digits),
            number(naive["inflation"][key], digits),
        ]
        for key, label, digits in _FIGURES
        if key in naive["inflation"]
    ]
    return markdown(["figure", "eligible (what counts)", "everybody (naive)", "inflation"], rows)


def tell_agreement(title: str, parts: Sequence[Mapping[str, Any]]) -> str:
    """Return stated against observed rates, part by part."""
    return markdown(
        [title, "rows", "did it", "stated", "observed", "observed ÷ stated"],
        [
            [
                str(one["part"]),
                count(one["rows"]),
                count(one["positives"]),
                share(one["propensity"], 2),
                share(one["observed"]["value"], 2),
                with_limits(one["ratio"], 2),
            ]
            for one in parts
        ],
    )


def tell_group(title: str, values: Sequence[Mapping[str, Any]]) -> str:
    """Return whom the model picks and how right it is, value by value."""
    return markdown(
        [title, "customers", "did it", "picked", "lift among the picked", "observed ÷ stated"],
        [
            [
                str(one["value"]),
                count(one["customers"]),
                count(one["positives"]),
                _share_with_limits(one["selection_rate"]),
                with_limits(one["lift"], 2),
                with_limits(one["observed_to_predicted"], 2),
            ]
            for one in values
        ],
    )


def tell_strongest(features: Sequence[Mapping[str, Any]], drift: Mapping[str, Any]) -> str:
    """Return what the model leans on, what each is worth alone, and how far it has moved."""
    moved = {one["feature"]: one["psi"] for one in drift["features"]}
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
                f"`{one['feature']}`",
                share(one["gain_share"]),
                number(one["auc"]),
                number(one["average_precision"]),
                number(moved.get(one["feature"]), 3),
            ]
            for one in features
        ],
    )


def _share_with_limits(found: Mapping[str, Any]) -> str:
    if found["value"] is None:
        return UNKNOWN
    return f"{share(found['value'])} ({share(found['low'])} to {share(found['high'])})"


def _strong(text: str, *, is_strong: bool) -> str:
    return f"**{text}**" if is_strong else text
