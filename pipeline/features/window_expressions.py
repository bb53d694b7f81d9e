"""Conditional aggregates over the rows known at an as-of date; windows are `[as_of − n, as_of)`."""

import math

import ibis
import ibis.expr.types as ir

from pipeline.features.feature import YEAR_DAYS

SEASON_DAYS = 30
MILLI = 1000


def within(rows: ir.Table, days: int) -> ir.BooleanValue:
    """Say which rows occurred in the last `days` days."""
    return rows.age_days <= days


def a_year_ago(rows: ir.Table, days: int) -> ir.BooleanValue:
    """Say which rows occurred in the `days` that follow the day a year before the as-of date.

    They are the same season as the `days` to come.
    """
    return (rows.age_days <= YEAR_DAYS) & (rows.age_days > YEAR_DAYS - days)


def mark(condition: ir.BooleanValue) -> ir.IntegerValue:
    """Return 1 where a condition holds and nothing elsewhere, so that a column's count is theirs.

    Marks that `View.known` puts on rows before dates multiply them are counted in two thirds of the
    time that counting rows by conditions takes.
    """
    return among(ibis.literal(1, "int8"), condition)


def among(values: ir.NumericValue, condition: ir.BooleanValue) -> ir.NumericValue:
    """Return values where a condition holds and nothing elsewhere."""
    return ibis.ifelse(condition, values, ibis.null(values.type()))


def ratio(part: ir.NumericValue, whole: ir.NumericValue) -> ir.NumericValue:
    """Divide; the ratio to nothing is missing."""
    return part.cast("float64") / whole.cast("float64").nullif(0.0)


def recency_weight(rows: ir.Table, half_life_days: int) -> ir.IntegerValue:
    """Return each row's weight in thousandths, halved every `half_life_days`.

    Whole numbers to the nearest, because their sums have the same bits whatever the order they are added in.
    """
    decay = -math.log(2.0) / half_life_days
    return (MILLI * (rows.age_days.cast("float64") * decay).exp() + 0.5).floor().cast("int64")


def spent(cents: ir.IntegerValue) -> ir.IntegerValue:
    """Return a spend net of returns, never below nothing.

    More can come back than was bought in a window: what was bought before, or before the data.
    """
    return ibis.greatest(cents, 0)


def money(cents: ir.IntegerValue) -> ir.NumericValue:
    """Return whole cents as an amount."""
    return cents.cast("float64") / 100.0
