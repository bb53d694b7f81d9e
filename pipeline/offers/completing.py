"""Completing the offers of a wave: validity, arm, hour, device and code."""

from datetime import date

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation.config import DecideParams, ExperimentParams
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.engines import Engine
from pipeline.offers.codes import issue_codes
from pipeline.offers.habits import ACTIVITY_DAYS, count_habits
from pipeline.offers.local_time import read_clocks
from pipeline.offers.next_best_offers import date_offers, draw_arms
from pipeline.offers.send_time import choose_send_time
from pipeline.offers.wave_inputs import WaveInputs


def date_and_draw(
    engine: Engine,
    offers: pd.DataFrame,
    customers: ir.Table,
    *,
    day: date,
    valid_days: int,
    experiment: ExperimentParams,
) -> pd.DataFrame:
    """Add campaign, validity, household and arm to the offers.

    Args:
        engine: looks for the customers.
        offers: LOGGED, one row a customer.
        customers: CUSTOMERS.
        day: of the decision.
        valid_days: how long an offer stands.
        experiment: share and salt of the campaign control.
    """
    asked = engine.table(pa.Table.from_pandas(offers[["customer_id"]], preserve_index=False))
    known = engine.arrow(customers.semi_join(asked, "customer_id")).to_pandas()
    placed = offers.merge(known, on="customer_id", how="left", validate="one_to_one")
    dated = date_offers(placed, day, valid_days)
    arms = draw_arms(dated, share=experiment.campaign_share, salt=experiment.salt)
    return dated.assign(arm=arms)


def time_and_code(
    engine: Engine,
    inputs: WaveInputs,
    offers: pd.DataFrame,
    decide: DecideParams,
    key: bytes | None,
) -> pd.DataFrame:
    """Add the hour, the device and the code to the offers.

    Args:
        engine: counts when customers were active.
        inputs: of the wave.
        offers: with channel, campaign and arm.
        decide: the hours and days on which channels may be used.
        key: of the codes; without one there are none.
    """
    clocks = read_clocks(decide.timezone, inputs.day, ACTIVITY_DAYS)
    hours, devices = count_habits(
        engine, inputs.past, inputs.people, inputs.segments, offers["customer_id"], clocks=clocks
    )
    table = engine.arrow(inputs.segments.select("customer_id", "rfm_segment")).to_pandas()
    segments = table.set_index("customer_id")["rfm_segment"].reindex(offers["customer_id"])
    placed = offers.assign(segment=segments.set_axis(offers.index))
    times = choose_send_time(placed, hours, devices, decide.contact_hours, decide.contact_days)
    is_sent = offers["arm"] == TREATED
    codes = None if key is None else issue_codes(offers[is_sent], key).reindex(offers.index)
    return offers.join(times).assign(offer_code=codes)
