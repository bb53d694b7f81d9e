"""segment: validated tables -> who each customer is, when they buy next, what they are worth."""

import logging
from collections.abc import Mapping
from datetime import date

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation import config, paths
from pipeline.foundation.contracts.frame_rows import OnFrames
from pipeline.foundation.contracts.hand_overs.segments_report import SegmentsReport
from pipeline.foundation.contracts.outputs import SEGMENTS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.outputs import write_rows
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import read_folder
from pipeline.population.drawn_past import past_of_drawn
from pipeline.population.history import History, history
from pipeline.population.holding_periods import keep_periods
from pipeline.segments.customer_facts import customer_facts, events_by_day
from pipeline.segments.customer_segments import Segmenter
from pipeline.segments.forecast import TreeSettings
from pipeline.segments.horizon import ForecastDates, first_full_day, forecast_dates
from pipeline.segments.overview import overview, rhythm_check
from pipeline.segments.rfm import rfm_scale
from pipeline.segments.rhythm import Rhythm
from pipeline.segments.worth import learn_worth

log = logging.getLogger(__name__)


def main() -> None:
    """Describe every customer known at the scoring date."""
    params, snapshots = config.load(), read_snapshots()
    chosen, schema = params.segment, pa.schema(SEGMENTS.columns)
    with open_engine(params.engine) as engine:
        horizon, past = look_back(engine, snapshots.scoring)
        everybody = engine.materialize(_facts(engine, past, horizon, horizon.now))
        facts = gather(engine, past, horizon, everybody, snapshots.drawn_share)
        settings = TreeSettings(chosen.seed, chosen.threads)
        tried = learn_worth(facts, horizon, chosen.confidence, settings)
        rhythm = Rhythm.learn(facts["test"], facts["now"], horizon.horizon_days, chosen.gaps_worth)
        segmenter = Segmenter(chosen, rfm_scale(engine, everybody), rhythm, tried.worth)
        customers = engine.map_batches(OnFrames(segmenter, schema), everybody, schema)
        write_rows(engine, customers, paths.SEGMENTS, SEGMENTS)
        told = overview(engine, customers)
    report = told | {
        "as_of_date": snapshots.scoring.isoformat(),
        "forecasts": tried.report,
        "next_purchase": rhythm_check(facts, horizon, chosen.gaps_worth),
    }
    write_document(SegmentsReport.model_validate(report), paths.SEGMENTS_REPORT)
    stages = ", ".join(
        f"{name} {some['customers']:,}" for name, some in sorted(told["lifecycle_stage"].items())
    )
    log.info(
        "%d customers in, %d learnt from, %d out: %s",
        snapshots.known_customers,
        len(facts["now"]),
        told["customers"],
        stages,
    )


def look_back(engine: Engine, as_of_date: date) -> tuple[ForecastDates, History]:
    """Return the dates of the forecast, and everybody's past with its holding periods."""
    tables = read_folder(engine, paths.VALIDATED)
    days = engine.arrow(events_by_day(tables["product_events"])).to_pandas()
    horizon = forecast_dates(first_full_day(days), as_of_date)
    return horizon, keep_periods(engine, history(engine, tables, horizon.dates))


def gather(
    engine: Engine, past: History, horizon: ForecastDates, everybody: ir.Table, share: float
) -> Mapping[str, pd.DataFrame]:
    """Return what was known, by customer, of those who are learnt from: of many a draw.

    Two of the three dates lie a horizon apart in the past, where no snapshot is, so that what was
    known then is worked out here: of each date alone, and of nobody else.

    Args:
        engine: computes.
        past: everybody's.
        horizon: the dates.
        everybody: the facts of the last date.
        share: of the customers that are drawn, the same ones that the models learn from.
    """
    theirs = past_of_drawn(engine, past, share)
    facts = {
        "train": _facts(engine, theirs, horizon, horizon.train),
        "test": _facts(engine, theirs, horizon, horizon.test),
        "now": everybody.semi_join(theirs.tables["customers"], "customer_id"),
    }
    return {
        name: engine.arrow(rows.order_by("customer_id")).to_pandas() for name, rows in facts.items()
    }


def _facts(engine: Engine, past: History, horizon: ForecastDates, day: date) -> ir.Table:
    return customer_facts(engine, past.at(engine, [day]), horizon.horizon_days)


if __name__ == "__main__":
    run(main)
