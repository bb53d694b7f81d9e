"""What a study hands back: tables for machines, facts for tests, one page for readers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

DIGITS: Mapping[str, int] = {"lift_at_10": 2, "calibration_slope": 2, "psi": 3}
PERCENT = ("base_rate", "mean_propensity", "log_loss_share", "average_precision_share")


@dataclass(frozen=True)
class Answer:
    """A study's result; figures in tables have `_low` and `_high` beside them."""

    tables: Mapping[str, pd.DataFrame]
    """The main table under "", further ones by name."""
    facts: Mapping[str, Any]
    page: str
    """Markdown."""


def page(title: str, sentences: Sequence[str], tables: Sequence[str]) -> str:
    """Return a page: a title, one sentence a line, then the tables."""
    return "\n\n".join([f"# {title}", "\n".join(sentences), *tables]) + "\n"


def markdown(frame: pd.DataFrame, texts: Sequence[str], figures: Sequence[str]) -> str:
    """Return a table with limits in small print beside each figure that has them."""
    columns = [
        *(frame[name].map(_text) for name in texts),
        *(_figure_cells(frame, name) for name in figures),
    ]
    heads = [name.replace("_", " ") for name in (*texts, *figures)]
    lines = [heads, ["---"] * len(heads), *zip(*columns, strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _figure_cells(frame: pd.DataFrame, name: str) -> list[str]:
    def shown(column: str) -> list[str]:
        return [_number(name, value) for value in frame[column]]

    if f"{name}_low" not in frame.columns:
        return shown(name)
    limits = zip(shown(name), shown(f"{name}_low"), shown(f"{name}_high"), strict=True)
    return [
        value if value == "–" else f"{value} <sub>{low} to {high}</sub>"
        for value, low, high in limits
    ]


def _number(name: str, value: float | None) -> str:
    if value is None or pd.isna(value):
        return "–"
    if name in PERCENT:
        return f"{100 * value:.2f}%"
    sign = "+" if name.endswith("_difference") else ""
    digits = DIGITS.get(name, 5 if name.startswith("log_loss") else 4)
    return f"{value:{sign}.{digits}f}"
