"""Numbers, shares, money and lists as a reader wants them."""

import math
import re
from collections.abc import Sequence

from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.reports.language.marks import CURRENCY

UNKNOWN = "–"


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
    return UNKNOWN if value is None else _minus(f"{value:,.0f}")


def money(cents: float | None, digits: int = 0) -> str:
    """Return cents as whole units behind the currency's mark, which the page's language replaces."""
    return UNKNOWN if cents is None else CURRENCY + number(cents / 100, digits)


def add_up(cents: Sequence[float]) -> list[float]:
    """Return amounts in whole units of currency that add up to their rounded sum, in cents.

    The largest fractions are rounded up (Hamilton's method), of equals the first.
    """
    below = [math.floor(one / 100) for one in cents]
    missing = round(sum(cents) / 100) - sum(below)
    by_fraction = sorted(range(len(below)), key=lambda at: below[at] - cents[at] / 100)
    raised = set(by_fraction[:missing])
    return [100.0 * (one + (at in raised)) for at, one in enumerate(below)]


def with_interval(found: Figure | None, digits: int = 3) -> str:
    """Return a point estimate with its confidence interval, such as `0.71 (0.70 to 0.72)`."""
    if found is None or found.value is None:
        return UNKNOWN
    text = number(found.value, digits)
    if found.low is None:
        return text
    return f"{text} ({number(found.low, digits)} to {number(found.high, digits)})"


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def in_order_of_age(value: str) -> tuple[bool, int, str]:
    """Return a key by the first number in a value, `under 25` before `25 to 34`; others by name."""
    found = re.search(r"\d+", value)
    if found is None:
        return True, 0, value
    return False, 2 * int(found.group()) - value.startswith("under"), value


def _minus(text: str) -> str:
    """Write a negative number with the sign that is as wide as a plus."""
    return text.replace("-", "\N{MINUS SIGN}")
