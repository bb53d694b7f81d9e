"""The figures that tables of scorers show, each with its label and digits."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FigureColumn:
    """One figure of an evaluation, as a column."""

    name: str
    """Of the field in the evaluation report."""
    label: str
    digits: int
