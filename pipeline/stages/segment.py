"""segment: validated tables -> who each customer is, when they buy next, what they are worth."""

import logging
from collections.abc import Mapping
from datetime import date

import pandas as pd

from pipeline.foundation import config, paths
from pipeline.foundation.config import SegmentParams
from pipeline.foundation.contracts.keys import CUSTOMER_KEYS
from pipeline.foundation.contracts.outputs import SEGMENTS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.outputs import write_output
from pipeline.io.snapshots import scoring_date
from pipeline.io.tables import read_folder, write_json
from pipeline.population.history import history
from pipeline.segments.forecast import Settings
from pipeline.segments.horizon import Looks, first_full_day, looks
from pipeline.segments.lifecycle import lifecycle_stage
from pipeline.segments.overview import overview, rhythm_check
from pipeline.segments.purchases import customer_facts, events_by_day
from pipeline.segments.rfm import rfm, spend_to_mean
from pipeline.segments.rhythm import Rhythm
from pipeline.segments.worth import Worth, worth

log = logging.getLogger(__name__)


def main() -> None:
    """Describe every customer known at the scoring date."""
    params = config.load()
    as_of_date = scoring_date()
    with open_engine(params.engine) as engine:
        horizon, facts = gather(engine, as_of_date)
    found = estimate(facts, horizon, params.segment)
    rhythm = Rhythm.learn(
        facts["test"], facts["now"], horizon.horizon_days, params.segment.gaps_worth
    )
    customers = describe(facts["now"], found, rhythm, params.segment)
    write_output(customers, paths.SEGMENTS, SEGMENTS)
    report = overview(customers) | {
        "as_of_date": as_of_date.isoformat(),
        "forecasts": found.report,
        "next_purchase": rhythm_check(facts, horizon, params.segment.gaps_worth),
    }
    write_json(report, paths.SEGMENTS_REPORT)
    stages = ", ".join(
        f"{name} {count:,}"
        for name, count in customers["lifecycle_stage"].value_counts().sort_index().items()
    )
    log.info("%d customers in, %d out: %s", len(facts["now"]), len(customers), stages)


def gather(engine: Engine, as_of_date: date) -> tuple[Looks, Mapping[str, pd.DataFrame]]:
    """Return the looks and the facts of each: train, test and now."""
    tables = read_folder(engine, paths.VALIDATED)
    days = engine.arrow(events_by_day(tables["product_events"])).to_pandas()
    horizon = looks(first_full_day(days), as_of_date)
    past = history(engine, tables, horizon.dates)
    rows = engine.arrow(customer_facts(engine, past, horizon.horizon_days)).to_pandas()
    ordered = rows.sort_values([*CUSTOMER_KEYS], ignore_index=True)
    names = zip(("train", "test", "now"), horizon.dates, strict=True)
    return horizon, {
        name: ordered[ordered["as_of_date"] == day].reset_index(drop=True) for name, day in names
    }


def estimate(facts: Mapping[str, pd.DataFrame], horizon: Looks, params: SegmentParams) -> Worth:
    """Return the value of every customer."""
    return worth(facts, horizon, params.confidence, Settings(params.seed, params.threads))


def describe(
    facts: pd.DataFrame, found: Worth, rhythm: Rhythm, params: SegmentParams
) -> pd.DataFrame:
    """Return the rows of the segments table."""
    columns = {
        "lifecycle_stage": lifecycle_stage(
            facts, inactive_days=params.inactive_days, loyal_purchases=params.loyal_purchases
        ),
        **rfm(facts),
        "spend_to_mean": spend_to_mean(facts),
        "next_purchase_on": rhythm.next_purchase_on(facts),
        **found.forecasts,
    }
    kept = ["customer_id", "as_of_date", "customer_type", "spend_cents_365d"]
    return facts[kept].assign(**columns)


if __name__ == "__main__":
    run(main)
