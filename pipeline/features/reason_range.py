"""Reason-code eligibility: from which value on a feature may be told as a reason for an offer.

The model may draw on any value; a marketer reads one only where its sentence is true of it and
speaks for the offer.
"""

import math
from dataclasses import dataclass

SOMETHING = 0.05  # less reads as nothing: 0 times, 0%, or a share too small to matter


@dataclass(frozen=True)
class ReasonRange:
    """The values of a number that may be a reason, both ends included."""

    least: float = SOMETHING
    most: float = math.inf
    absent: bool = False
    """Whether an empty value may be one: that something never happened."""


ANY_VALUE = ReasonRange()
NEVER_TOLD = ReasonRange(least=math.inf)
LATELY = ReasonRange(most=90)
LONG_AGO_OR_NEVER = ReasonRange(least=180, absent=True)
SOON = ReasonRange(most=30)
DUE = ReasonRange(least=0.8, most=5)
RISING = ReasonRange(least=1.1)
LESS_THAN_USUAL = ReasonRange(least=0.1, most=0.9)
MOST = ReasonRange(least=0.5)
CLEAR = ReasonRange(least=0.2)
ONE_OR_MORE = ReasonRange(least=1)
REGULAR = ReasonRange(least=0, most=0.5)
GOOD_RATING = ReasonRange(least=7)
