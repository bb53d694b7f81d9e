"""Claims: what a wave's estimated effects promised, against what its experiment measured.

A claim is a sum over the treated. Its interval is the sum of the offers' lower ends to the sum of
their upper ends: the estimates share their evidence, so their errors are taken to go together,
which is the widest that they can do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.campaigns.average_effect import AverageEffect, estimate
from pipeline.campaigns.tied_deciles import tied_deciles
from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, OFFERED_ARMS, TREATED
from pipeline.offers.wave_claim import claimed_totals
from pipeline.statistics.bootstrap import Interval

NOTHING_CLAIMED = "The wave was sealed without estimated effects: nothing was claimed."


@dataclass(frozen=True)
class Claim:
    """What the offers of the treated promised, in all."""

    customers: int
    take_ups: Interval
    """That the contacts cause."""
    profit_cents: Interval
    """That the contacts cause, net of their cost."""
    origins: tuple[tuple[str, int], ...]
    """What the estimates rest on, with the number of offers."""


@dataclass(frozen=True)
class ClaimPart:
    """The offered customers who share one value of a column: effects per customer."""

    value: str
    customers: int
    claimed: Interval
    measured: Interval


@dataclass(frozen=True)
class ClaimCheck:
    """A claim beside what was measured against the campaign control."""

    claimed: Claim
    measured_take_ups: Interval
    measured_profit_cents: Interval
    is_held: bool | None
    """Whether claim and measurement of the take-ups agree; None where nothing was measured."""
    is_profit_held: bool | None
    by_channel: tuple[ClaimPart, ...]
    by_decile: tuple[ClaimPart, ...]
    """Of the claimed effect, 1 the largest; ties share one."""
    sentences: tuple[str, ...]


def claim(offers: pd.DataFrame) -> Claim | None:
    """Return what a wave claims, or None where its offers come without estimated effects.

    Two offers worth 1,000 each at a cost of 10, effects 0.02 (0.01 to 0.03) and 0.04 (0 to 0.08),
    claim 0.06 take-ups (0.01 to 0.11) and 1,000 x 0.06 - 20 = 40 cents (-10 to 90).

    Args:
        offers: the wave's rows: arm, value_cents, contact_cost_cents, effect, effect_low,
            effect_high, effect_origin.
    """
    sent = offers[(offers["arm"] == TREATED) & offers["effect"].notna()]
    if sent.empty:
        return None
    take_ups, profit = claimed_totals(sent)
    origins = sent["effect_origin"].fillna("unknown").value_counts().sort_index()
    return Claim(
        len(sent),
        take_ups,
        profit,
        tuple((str(origin), int(many)) for origin, many in origins.items()),
    )


def check_claim(outcomes: pd.DataFrame, compared: Sequence[AverageEffect]) -> ClaimCheck | None:
    """Put what a wave claimed beside what it caused; None where nothing was claimed.

    Args:
        outcomes: as `outcomes` returns them, with the claimed effects.
        compared: as `compare_arms` returns them.
    """
    claimed = claim(outcomes)
    if claimed is None:
        return None
    take_ups, profit = (_total(compared, name) for name in ("take_up", "profit_cents"))
    drawn = outcomes[outcomes["arm"].isin(OFFERED_ARMS) & outcomes["effect"].notna()]
    deciles = pd.Series(tied_deciles(drawn["effect"].to_numpy(np.float64)), index=drawn.index)
    is_held = agrees(claimed.take_ups, take_ups)
    is_profit_held = agrees(claimed.profit_cents, profit)
    return ClaimCheck(
        claimed,
        take_ups,
        profit,
        is_held,
        is_profit_held,
        _parts(drawn, drawn["channel"].astype("str")),
        _parts(drawn, deciles),
        _tell(claimed, take_ups, profit, is_held),
    )


def agrees(claimed: Interval, measured: Interval) -> bool | None:
    """Say whether the interval of measured less claimed holds 0; None where an end is unknown.

    The interval of a difference from two intervals of any shape (MOVER; Zou and Donner, Statistics
    in Medicine 27, 2008). Claimed 50 (40 to 60) and measured 20 (-5 to 45): the difference is -30,
    up to -30 + sqrt(25^2 + 10^2) = -3.1, so they do not agree.
    """
    numbers = (
        claimed.value,
        claimed.low,
        claimed.high,
        measured.value,
        measured.low,
        measured.high,
    )
    if any(number is None for number in numbers):
        return None
    c, c_low, c_high, m, m_low, m_high = (float(number or 0) for number in numbers)
    low = m - c - float(np.hypot(m - m_low, c_high - c))
    high = m - c + float(np.hypot(m_high - m, c - c_low))
    return low <= 0 <= high


def _total(compared: Sequence[AverageEffect], outcome: str) -> Interval:
    return next(
        (
            one.total
            for one in compared
            if (one.control, one.outcome) == (CAMPAIGN_CONTROL, outcome)
        ),
        Interval(None, None, None),
    )


def _parts(drawn: pd.DataFrame, by: pd.Series) -> tuple[ClaimPart, ...]:
    return tuple(_part(str(value), rows) for value, rows in drawn.groupby(by))


def _part(value: str, rows: pd.DataFrame) -> ClaimPart:
    is_treated = (rows["arm"] == TREATED).to_numpy()
    households = pd.factorize(rows["household"], sort=True)[0]
    took = rows["take_up"].to_numpy(np.float64)
    measured = estimate(took, is_treated, households, np.ones((len(rows), 1)))
    ends = (float(rows[name].mean()) for name in ("effect", "effect_low", "effect_high"))
    return ClaimPart(value, len(rows), Interval(*ends), measured.difference)


def _tell(
    claimed: Claim, take_ups: Interval, profit: Interval, is_held: bool | None
) -> tuple[str, ...]:
    held = {
        True: "The two agree within their intervals.",
        False: "The claim lies outside: the effects that offers are chosen by are wrong for this "
        "wave.",
        None: "Nothing was measured that the claim could be put against.",
    }[is_held]
    said = (
        f"Claimed when the wave was sealed: {_range(claimed.take_ups)} take-ups caused and "
        f"{_range(claimed.profit_cents, 0.01)} earned net of contact cost; measured: "
        f"{_range(take_ups)} and {_range(profit, 0.01)}. {held}"
    )
    return (said,)


def _range(interval: Interval, times: float = 1.0) -> str:
    value, low, high = (
        "–" if end is None else f"{end * times:,.0f}"
        for end in (interval.value, interval.low, interval.high)
    )
    return f"{value} ({low} to {high})"
