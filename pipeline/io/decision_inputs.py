"""What `decide` reads besides scores: contacts, answers, visits, and what earlier waves did."""

from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.foundation import paths
from pipeline.foundation.config import ExperimentParams
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.engines import Engine
from pipeline.io.tables import read_folder
from pipeline.offers.experiment import universal_control
from pipeline.offers.message_counts import count_messages
from pipeline.offers.send_time import Habits
from pipeline.population.history import History
from pipeline.population.joins import left_join

ACTIVITY_DAYS = 365  # of customers' visits that say when to write to them


def read_contacts(engine: Engine, past: History, day: date, days: int) -> ir.Table:
    """Return the messages on record, and what earlier waves sent that is not on record yet.

    Args:
        engine: reads the sealed waves.
        past: the messages.
        day: of the decision.
        days: how far back.
    """
    columns = (*CUSTOMER_CHANNEL_KEYS, "category", "campaign", "age_days")
    nothing = ibis.memtable(
        pa.table(
            {name: pa.array([], pa.string()) for name in columns[:-1]}
            | {"age_days": pa.array([], pa.int64())}
        )
    )
    told = nothing
    if past.has("messages"):
        told = past.known("messages").rename(campaign="campaign_id").select(*columns)
    sent = [
        wave.filter((wave.arm == TREATED) & (wave.as_of_date < day))
        for wave in read_folder(engine, paths.WAVES).values()
    ]
    aged = [
        wave.mutate(
            age_days=ibis.date(day.isoformat()).delta(wave.valid_from, unit="day").cast("int64")
        ).select(*columns)
        for wave in sent
    ]
    every = ibis.union(*aged, nothing) if aged else nothing
    missing = every.anti_join(told, ["customer_id", "campaign"])
    contacts = ibis.union(told, missing)
    return contacts.filter(contacts.age_days <= days)


def read_messages(engine: Engine, past: History) -> pd.DataFrame:
    """Return how often each customer was written to on each channel, and answered."""
    if not past.has("messages"):
        return pd.DataFrame({"customer_id": [], "channel": [], "sent": [], "answered": []})
    return read_frame(engine, count_messages(engine, past.known("messages")))


def read_customers(
    engine: Engine, experiment: ExperimentParams, people: ir.Table, day: date
) -> pd.DataFrame:
    """Return everybody known with their household and whether they are in the universal control."""
    known = people.select("customer_id", "household_id").order_by("customer_id")
    customers = read_frame(engine, known)
    waves = [
        wave.filter(wave.as_of_date < day).select("customer_id", "is_universal_control")
        for wave in read_folder(engine, paths.WAVES).values()
    ]
    earlier = [read_frame(engine, wave.order_by("customer_id")) for wave in waves]
    return customers.assign(
        is_universal_control=universal_control(
            customers,
            share=experiment.universal_share,
            salt=experiment.salt,
            earlier=pd.concat(earlier) if earlier else None,
        )
    )


def read_frame(engine: Engine, expression: ir.Table) -> pd.DataFrame:
    """Compute a table into memory."""
    frame: pd.DataFrame = engine.arrow(expression).to_pandas()
    return frame


def read_segments(engine: Engine, customer_ids: pd.Series) -> pd.Series:
    """Return the segment of each customer, empty where there is none, on the index of the ids."""
    segments = read_frame(engine, engine.read(paths.SEGMENTS).select("customer_id", "rfm_segment"))
    found = segments.set_index("customer_id")["rfm_segment"].reindex(customer_ids)
    return found.set_axis(customer_ids.index)


def read_habits(engine: Engine, past: History, customer_ids: pd.Series) -> tuple[Habits, Habits]:
    """Return in which hours and on which devices customers were about lately.

    The engine counts, each customer who is offered something and all others of a segment together,
    so that no event comes into memory.
    """
    if not past.has("interactions"):
        return _no_habits(), _no_habits()
    touches = past.known("interactions")
    lately = touches.filter(touches.age_days <= ACTIVITY_DAYS)
    places = np.arange(len(customer_ids), dtype=np.int32)
    offered = engine.table(pa.table({"customer_id": pa.array(customer_ids), "place": places}))
    segments = engine.read(paths.SEGMENTS).select("customer_id", segment="rfm_segment")
    people = ["customer_id"]
    named = left_join(left_join(lately, segments, people), offered, people)
    return (
        _count(engine, named.mutate(cell=_hour_of_week(named.occurred_at))),
        _count(engine, named.mutate(cell=named.device).drop_null("cell")),
    )


def _count(engine: Engine, named: ir.Table) -> Habits:
    counted = engine.materialize(
        named.group_by("place", "segment", "cell").aggregate(times=named.count().cast("int32"))
    )
    own = counted.drop_null("place").select("place", "cell", "times").order_by("place")
    everybody = counted.group_by("segment", "cell").aggregate(
        times=counted.times.sum().cast("int64")
    )
    return Habits(read_frame(engine, own), read_frame(engine, everybody))


def _hour_of_week(moment: ir.TimestampValue) -> ir.IntegerValue:
    return (moment.date().day_of_week.index() * 24 + moment.hour()).cast("int16")


def _no_habits() -> Habits:
    return Habits(
        own=pd.DataFrame(columns=["place", "cell", "times"]),
        segments=pd.DataFrame(columns=["segment", "cell", "times"]),
    )
