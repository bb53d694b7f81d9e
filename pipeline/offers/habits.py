"""When and with what customers were active lately, counted by the engine: no event is in memory."""

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.foundation.engines import Engine
from pipeline.offers.local_time import Clocks, hour_of_week, hour_of_week_there
from pipeline.population.history import History
from pipeline.population.joins import left_join

ACTIVITY_DAYS = 365  # of customers' visits that say when to write to them
_PERSON = ("customer_id",)


@dataclass(frozen=True)
class Habits:
    """How often customers were seen in each cell: an hour of the week, or a device."""

    own: pd.DataFrame
    """place (which of the offers), cell, times; by place, each with a cell once."""
    segments: pd.DataFrame
    """segment (empty where a customer has none), cell, times: of everybody, offered or not."""


def count_habits(
    engine: Engine,
    past: History,
    people: ir.Table,
    segments: ir.Table,
    customer_ids: pd.Series,
    *,
    clocks: Clocks,
) -> tuple[Habits, Habits]:
    """Return in which hours of the week and on which devices customers were active.

    Args:
        engine: counts each customer who is offered something, and all others by segment.
        past: one as-of date; without interactions there are no habits.
        people: customers of that date with their attributes.
        segments: SEGMENTS.
        customer_ids: who is offered something; the place of an id is its number, from 0.
        clocks: of the customers, over `ACTIVITY_DAYS`.
    """
    if not past.has("interactions"):
        return _no_habits(), _no_habits()
    touches = past.known("interactions")
    lately = touches.filter(touches.age_days <= ACTIVITY_DAYS)
    places = np.arange(len(customer_ids), dtype=np.int32)
    offered = engine.table(pa.table({"customer_id": pa.array(customer_ids), "place": places}))
    named = left_join(lately, segments.select("customer_id", segment="rfm_segment"), _PERSON)
    named = left_join(named, offered, _PERSON)
    return (
        _count(engine, _in_local_hours(named, people, clocks)),
        _count(engine, named.mutate(cell=named.device).drop_null("cell")),
    )


def _in_local_hours(touches: ir.Table, people: ir.Table, clocks: Clocks) -> ir.Table:
    """Add the cell of each touch: its hour of the week where the customer lives."""
    if clocks.attribute is None:
        return touches.mutate(cell=hour_of_week(touches.occurred_at, clocks.default))
    homes = people.select("customer_id", home=people[clocks.attribute].cast("string"))
    there = left_join(touches, homes, _PERSON)
    return there.mutate(cell=hour_of_week_there(there.occurred_at, there.home, clocks))


def _count(engine: Engine, named: ir.Table) -> Habits:
    counted = engine.materialize(
        named.group_by("place", "segment", "cell").aggregate(times=named.count().cast("int32"))
    )
    own = counted.drop_null("place").select("place", "cell", "times").order_by("place")
    everybody = counted.group_by("segment", "cell").aggregate(
        times=counted.times.sum().cast("int64")
    )
    return Habits(engine.arrow(own).to_pandas(), engine.arrow(everybody).to_pandas())


def _no_habits() -> Habits:
    return Habits(
        own=pd.DataFrame(columns=["place", "cell", "times"]),
        segments=pd.DataFrame(columns=["segment", "cell", "times"]),
    )
