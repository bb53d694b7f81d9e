"""Numbers, shares, money and lists as a reader wants them."""

import re
from collections.abc import Sequence

from pipeline.foundation.contracts.hand_overs.document import Figure

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
    """Return cents as whole units of the source's currency."""
    return UNKNOWN if cents is None else number(cents / 100, digits)


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
