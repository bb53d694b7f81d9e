"""Names and numbers as a reader wants them."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.reports.parts import Cell

UNKNOWN = "–"

SCORERS: Mapping[str, str] = {
    "model": "Trained model",
    "truth": "Truth (known to the simulator)",
    "base_rate": "Base rate of the category",
    "recency": "Recency",
    "rfm": "Recency, frequency, value",
    "association": "What goes with what is held",
    "logistic": "Logistic regression",
}
QUESTIONS: Mapping[str, str] = {
    "up_sell": "Who holds a category below its top tier and will move to a higher tier?",
    "cross_sell": "Who holds nothing of a category and will acquire something of it?",
}
TITLES: Mapping[str, str] = {"up_sell": "Up-sell", "cross_sell": "Cross-sell"}

GLOSSARY: tuple[tuple[str, str], ...] = (
    ("As-of date", "The day of looking. Nothing that became known on it or later was used."),
    (
        "Eligible",
        (
            "May be asked the question at all. Every figure holds for eligible customers only, "
            "unless it is called naive."
        ),
    ),
    (
        "Propensity",
        (
            "Calibrated probability that it happens within the outcome window: of customers with "
            "0.10, about 10 in 100 do."
        ),
    ),
    ("Decile, percentile, rank", "Place among the eligible customers of a category. 1 is best."),
    ("Base rate", "Share of all eligible customers who did it in the last measured window."),
    ("Lift", "Response in the top part over the base rate. 2 is twice as many as by chance."),
    ("Gain", "Share of all responders that the top part holds."),
    (
        "Treated, control",
        (
            "Treated customers are contacted. A campaign control is withheld from one wave, a "
            "universal control from all marketing; what they do is what happens without contact."
        ),
    ),
    ("Uplift", "Response with contact less response without. Never the same as lift."),
    ("AUC", "How often a responder is ranked above a non-responder; 0.5 is chance."),
    ("Average precision", "Share of responders in the list, averaged from its top down."),
    ("Log loss", "How far stated probabilities are from what happened; lower is better."),
    (
        "Calibration error",
        "Mean gap between stated and observed rates over 20 equal parts; lower is better.",
    ),
    (
        "Intervals",
        "95 in 100 draws of customers with replacement fall between the two numbers in small print.",
    ),
)


def scorer(name: str) -> str:
    """Return how a scorer is called on the page."""
    return SCORERS.get(name, name.replace("_", " ").capitalize())


def share(value: float | None, digits: int = 1) -> str:
    """Return a share as per cent."""
    return UNKNOWN if value is None else f"{value:.{digits}%}"


def number(value: float | None, digits: int = 3) -> str:
    """Return a figure with a fixed number of digits."""
    return UNKNOWN if value is None else _minus(f"{value:,.{digits}f}")


def signed(value: float | None, digits: int = 3) -> str:
    """Return a difference with its sign."""
    return UNKNOWN if value is None else _minus(f"{value:+,.{digits}f}")


def count(value: float | None) -> str:
    """Return a whole number with thousands separated."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def money(cents: float | None, digits: int = 0) -> str:
    """Return cents as whole units of the source's currency."""
    return UNKNOWN if cents is None else number(cents / 100, digits)


def interval(found: Mapping[str, Any] | None, digits: int = 3) -> Cell:
    """Return a figure with its limits in small print."""
    if found is None or found["value"] is None:
        return Cell(UNKNOWN)
    low, high = found["low"], found["high"]
    is_known = low is not None and high is not None
    note = f"{number(low, digits)} to {number(high, digits)}" if is_known else ""
    return Cell(number(found["value"], digits), note)


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _minus(text: str) -> str:
    """Write a negative number with the sign that is as wide as a plus."""
    return text.replace("-", "\N{MINUS SIGN}")
