"""Response rates by segment: descriptive, what a contact caused is in `average_effect`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.campaigns.rates import rate
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.responses import CLICKED, OPENED, REDEEMED, UNSUBSCRIBED
from pipeline.statistics.bootstrap import Interval

BY = ("campaign", "category", "decile", "channel", "reason")
"""Columns that responses are cut by, where the wave has them."""


@dataclass(frozen=True)
class Cut:
    """The treated who share one value of a column, and those left alone who share it."""

    value: str
    customers: int
    opened: Interval
    clicked: Interval
    redeemed: Interval
    take_up: Interval
    unsubscribed: Interval
    revenue_cents: int
    control_customers: int
    control_take_up: Interval


def break_down(outcomes: pd.DataFrame, by: Sequence[str] = BY) -> Mapping[str, list[Cut]]:
    """Return the response of each value of each column that the wave has."""
    return {column: _parts(outcomes, column) for column in by if column in outcomes.columns}


def _parts(outcomes: pd.DataFrame, column: str) -> list[Cut]:
    known = outcomes[outcomes[column].notna()]
    return [_part(str(value), rows) for value, rows in known.groupby(column)]


def _part(value: str, rows: pd.DataFrame) -> Cut:
    is_treated = rows["arm"] == TREATED
    treated, controls = rows[is_treated], rows[~is_treated]

    def share(column: str, of: pd.DataFrame = treated) -> Interval:
        return rate(int(of[column].sum()), len(of))

    return Cut(
        value=value,
        customers=len(treated),
        opened=share(OPENED),
        clicked=share(CLICKED),
        redeemed=share(REDEEMED),
        take_up=share("take_up"),
        unsubscribed=share(UNSUBSCRIBED),
        revenue_cents=int(treated["revenue_cents"].sum()),
        control_customers=len(controls),
        control_take_up=share("take_up", controls),
    )
