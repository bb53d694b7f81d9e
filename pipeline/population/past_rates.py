"""How many could be asked and how many did it, by category, in every outcome window of the past.

A model is trained on a few as-of dates; the ledger tells the rate of a category at all of them,
and with it season and trend. Windows lie side by side, counted back from the latest that is
complete; the oldest has `LEAST_HISTORY_DAYS` of data before it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.population.dates import LEAST_HISTORY_DAYS, OutcomeWindow
from pipeline.population.history import History
from pipeline.population.holdings import available_categories, held_categories_before
from pipeline.population.outcomes import acquired_tiers
from pipeline.population.questions import QUESTIONS
from pipeline.population.states import candidate_states, whole

MOST_WINDOWS = 39
"""Three years of windows of 28 days."""


def past_dates(latest: date, first_day: date, window: OutcomeWindow) -> tuple[date, ...]:
    """Return the as-of dates whose windows lie side by side, the oldest first.

    Args:
        latest: the as-of date of the latest complete window.
        first_day: of the data.
        window: of the outcomes.
    """
    room = (latest - first_day).days - LEAST_HISTORY_DAYS
    steps = min(MOST_WINDOWS - 1, max(0, room // window.outcome_days))
    return tuple(
        latest - timedelta(days=window.outcome_days * step) for step in range(steps, -1, -1)
    )


def past_rates(
    engine: Engine,
    past: History,
    dates: Sequence[date],
    window: OutcomeWindow,
    models: Sequence[ModelName],
) -> ir.Table:
    """Return model × as_of_date × category with `known_on`, `eligible` and `outcomes`.

    `known_on` is the first day on which the window is over.
    """
    past = past.at(engine, dates)
    held = engine.materialize(_held_at(engine, past, dates))
    acquired = engine.materialize(acquired_tiers(past, window))
    known = engine.materialize(past.customers.select(*CUSTOMER_KEYS))
    offered = available_categories(past)
    states = engine.materialize(candidate_states(known, held, acquired, offered))
    found = []
    for model in models:
        is_eligible, label = QUESTIONS[model](states)
        counted = states.filter(is_eligible).mutate(label=label)
        counts = counted.group_by(*CATEGORY_KEYS).aggregate(
            eligible=whole(counted.customers.sum()),
            outcomes=whole(counted.customers.sum(where=counted.label).fill_null(0)),
        )
        days = ibis.interval(days=window.end_days)
        known_on = (counts.as_of_date.cast("timestamp") + days).date()
        found.append(counts.mutate(model=ibis.literal(model), known_on=known_on))
    return ibis.union(*found)


def _held_at(engine: Engine, past: History, dates: Sequence[date]) -> ir.Table:
    """Return as_of_date × customer_id × category held, with the highest tier."""
    latest = max(dates)
    lags = [(latest - day).days for day in dates]
    days = engine.table(
        pa.table(
            {"lag_days": pa.array(lags, pa.int64()), "as_of_date": pa.array([*dates], pa.date32())}
        )
    )
    seen = held_categories_before(past.at(engine, [latest]), days.select("lag_days"))
    return seen.inner_join(days, "lag_days").select(*CANDIDATE_KEYS, "held_tier")
