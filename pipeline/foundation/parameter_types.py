"""What a parameter may be: names, shares, counts, seeds, money, days and hours, each with its bounds.

An upper bound is no advice. It stands where a slip of the keyboard would fill the memory, overflow
an integer or run for a year.
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints

from pipeline.foundation.errors import did_you_mean, known

CHANNELS = ("email", "sms", "push", "mail", "phone")
"""How a customer can be written to or called; the raw table `messages` knows no others."""


def _without_repeats(names: tuple[str, ...]) -> tuple[str, ...]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"each name once; found {', '.join(repeated)} more than once")
    return names


def _in_order(hours: tuple[int, int]) -> tuple[int, int]:
    first, end = hours
    if first >= end:
        raise ValueError(f"an hour of the day and a later one; found {first} and {end}")
    return hours


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(
            f"a time zone such as Europe/Madrid; found {name!r}. "
            f"{did_you_mean(name, sorted(available_timezones()))}"
        )
    return name


def _within(name: str) -> str:
    """Refuse a path that leads out of the folder that it is looked up in."""
    for path in (PurePosixPath(name), PureWindowsPath(name)):
        if path.is_absolute() or path.drive or ".." in path.parts:
            raise ValueError(f"a file within source.files.folder; found {name!r}")
    return name


def one_of(names: Sequence[str]) -> AfterValidator:
    """Return a validator of texts: one of these, with a hint for one that is nearly so."""

    def check(name: str) -> str:
        if name not in names:
            raise ValueError(f"{did_you_mean(name, names)}{known(names)}")
        return name

    return AfterValidator(check)


Unique = AfterValidator(_without_repeats)
Names = Annotated[tuple[str, ...], Unique]
SomeNames = Annotated[tuple[str, ...], Field(min_length=1), Unique]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
AttributeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
FileName = Annotated[Text, AfterValidator(_within)]
ContactChannel = Annotated[str, one_of(CHANNELS)]

Share = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=10**9)]
Days = Annotated[int, Field(ge=1, le=36_600, description="a century at most")]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Threads = Annotated[int, Field(ge=1, le=1024)]
Replicates = Annotated[int, Field(ge=20, le=100_000)]
Rows = Annotated[int, Field(ge=1000, le=10**9)]

Money = Annotated[Decimal, Field(ge=0, le=10**10, decimal_places=2)]
"""As much as one line of the raw tables may be worth, and no more."""
Cents = Annotated[int, Field(ge=0, le=10**9)]
Limit = Annotated[int, Field(ge=0, le=10**9)]

Weekdays = Annotated[
    tuple[Annotated[int, Field(ge=1, le=7)], ...],
    Field(min_length=1, description="1 is Monday, 7 Sunday"),
]
HoursOfDay = Annotated[
    tuple[Annotated[int, Field(ge=0, le=23)], Annotated[int, Field(ge=1, le=24)]],
    AfterValidator(_in_order),
]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
