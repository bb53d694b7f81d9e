"""How far back training dates reach: no further than outcomes are needed and the data allow.

A category is learnt from `products.min_outcomes` outcomes. Where the usual dates hold fewer, older
ones are added, the newest first, until every category that can have enough has them. A category
that all the data leave short brings no date of its own, unless no category has enough: then all
dates there are count. With 3 outcomes asked for and two usual dates:

    category   usual   1 back   2 back   3 back   reaches 3
    tv             3        1        0        1   at once
    tea            1        1        1        0   with 2 more
    fax            0        0        1        0   never

so two dates are added, for the sake of tea.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True)
class Reach:
    """The training dates that are added, the newest first, and for which categories."""

    older: tuple[date, ...]
    short: Mapping[str, int]
    """Category → outcomes at the usual dates, where they are too few and more dates bring more."""

    def together_with(self, other: "Reach") -> "Reach":
        """Return the farther reach of two models, with the categories of both."""
        older = max(self.older, other.older, key=len)
        return Reach(older, {**self.short, **other.short})


NOWHERE = Reach((), {})


def reach_back(
    outcomes: pd.DataFrame, usual: Sequence[date], older: Sequence[date], min_outcomes: int
) -> Reach:
    """Return the older dates that one model needs.

    Args:
        outcomes: category × training as-of date, the eligible ones, for all that may be offered.
        usual: the training dates that are taken in any case.
        older: further dates that the data allow, the newest first.
        min_outcomes: that a category is learnt from.
    """
    at_once = outcomes[[*usual]].sum(axis=1)
    reached = outcomes[[*older]].cumsum(axis=1).add(at_once, axis=0) >= min_outcomes
    is_short = at_once < min_outcomes
    helped = is_short & reached.any(axis=1)
    if helped.any():
        needed = 1 + int(reached[helped].to_numpy().argmax(axis=1).max())
    elif is_short.all() and older:
        helped, needed = is_short, len(older)
    else:
        return NOWHERE
    short = {str(name): int(count) for name, count in at_once[helped].items()}
    return Reach(tuple(older[:needed]), short)
