"""segment: validated tables -> who each customer is, when they buy next, what they are worth."""

import logging
from collections.abc import Mapping
from datetime import date

import pandas as pd

from pipeline.foundation import config, paths
from pipeline.foundation.contracts.hand_overs.segments_report import SegmentsReport
from pipeline.foundation.contracts.outputs import SEGMENTS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.outputs import write_output
from pipeline.io.snapshots import scoring_date
from pipeline.io.tables import read_folder
from pipeline.population.history import History, history
from pipeline.population.holding_periods import keep_periods
from pipeline.segments.customer_facts import customer_facts, events_by_day
from pipeline.segments.customer_segments import segment_customers
from pipeline.segments.forecast import TreeSettings
from pipeline.segments.horizon import ForecastDates, first_full_day, forecast_dates
from pipeline.segments.overview import overview, rhythm_check
from pipeline.segments.rhythm import Rhythm
from pipeline.segments.worth import worth

log = logging.getLogger(__name__)


def main() -> None:
    """Describe every customer known at the scoring date."""
    params = config.load()
    as_of_date = scoring_date()
    with open_engine(params.engine) as engine:
        horizon, facts = gather(engine, as_of_date)
    chosen = params.segment
    found = worth(facts, horizon, chosen.confidence, TreeSettings(chosen.seed, chosen.threads))
    rhythm = Rhythm.learn(facts["test"], facts["now"], horizon.horizon_days, chosen.gaps_worth)
    customers = segment_customers(facts["now"], found.forecasts, rhythm, chosen)
    write_output(customers, paths.SEGMENTS, SEGMENTS)
    report = overview(customers) | {
        "as_of_date": as_of_date.isoformat(),
        "forecasts": found.report,
        "next_purchase": rhythm_check(facts, horizon, chosen.gaps_worth),
    }
    write_document(SegmentsReport.model_validate(report), paths.SEGMENTS_REPORT)
    stages = ", ".join(
        f"{name} {count:,}"
        for name, count in customers["lifecycle_stage"].value_counts().sort_index().items()
    )
    log.info("%d customers in, %d out: %s", len(facts["now"]), len(customers), stages)


def gather(engine: Engine, as_of_date: date) -> tuple[ForecastDates, Mapping[str, pd.DataFrame]]:
    """Return the dates of the forecast, and what was known of customers at each.

    Two of the three lie a horizon apart in the past, where no snapshot is, so that what was known
    is worked out here.
    """
    tables = read_folder(engine, paths.VALIDATED)
    days = engine.arrow(events_by_day(tables["product_events"])).to_pandas()
    horizon = forecast_dates(first_full_day(days), as_of_date)
    past = keep_periods(engine, history(engine, tables, horizon.dates))
    names = zip(("train", "test", "now"), horizon.dates, strict=True)
    return horizon, {
        name: _facts(engine, past.at(engine, [day]), horizon.horizon_days) for name, day in names
    }


def _facts(engine: Engine, past: History, horizon_days: int) -> pd.DataFrame:
    """Return what was known of customers at one date, by customer: dates are looked at one by one."""
    facts = customer_facts(engine, past, horizon_days).order_by("customer_id")
    found: pd.DataFrame = engine.arrow(facts).to_pandas()
    return found


if __name__ == "__main__":
    run(main)
