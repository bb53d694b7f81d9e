"""population: validated tables -> who is asked what, when, and what happened.

The as-of dates, the customers known at each and what they hold are worked out here, once: later
stages read them through `pipeline/io/scoring_day.py`.
"""

import logging
from pathlib import Path

import ibis.expr.types as ir

from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, Params
from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.foundation.contracts.outputs import (
    HOLDINGS,
    KNOWN_CUSTOMERS,
    PAST_RATES,
    POPULATION,
    Output,
)
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.outputs import write_rows
from pipeline.io.tables import read_folder
from pipeline.population import candidates, population_counts, questions
from pipeline.population.dates import OutcomeWindow, Snapshot, describe_snapshots
from pipeline.population.history import History, history
from pipeline.population.holding_periods import keep_periods
from pipeline.population.holdings import held_products
from pipeline.population.past_rates import past_dates, past_rates
from pipeline.population.population_counts import ModelPopulation
from pipeline.population.training_dates import ChosenDates, choose_dates

log = logging.getLogger(__name__)


def main() -> None:
    """Build the population of every model and say who is in it."""
    params = config.load()
    with open_engine(params.engine) as engine:
        build(engine, params)


def build(engine: Engine, params: Params) -> None:
    """Write data/population and reports/population.json."""
    window = OutcomeWindow(params.snapshots.gap_days, params.snapshots.outcome_days)
    past = keep_periods(engine, history(engine, read_folder(engine, paths.VALIDATED), ()))
    chosen = choose_dates(engine, params, past)
    dates = chosen.snapshots
    past = past.at(engine, [snapshot.as_of_date for snapshot in dates])
    _tell(chosen)
    looked_at = write_snapshots(engine, past, dates, window)
    latest = past_dates(dates[-2].as_of_date, chosen.first_day, window)
    rates = past_rates(engine, past, latest, window, params.models)
    _write(engine, rates, paths.PAST_RATES, PAST_RATES)
    grid = questions.candidate_grid(
        past, engine.read(paths.KNOWN_CUSTOMERS), engine.read(paths.HOLDINGS), window
    )
    rows = engine.materialize(grid)
    populations = {model: _one_model(engine, params, model, rows, dates) for model in params.models}
    asked = population_counts.describe_populations(populations)
    write_document(asked, paths.CANDIDATES)
    write_document(population_counts.population_report(looked_at, asked), paths.POPULATION_REPORT)
    for model, population in populations.items():
        log.info("%s", population_counts.summary(model, population))


def _tell(chosen: ChosenDates) -> None:
    """Say how far the training dates reach, and where that is too far for the features."""
    added, early = chosen.added_in_words(), chosen.cut_short_in_words()
    if added:
        log.info("%s", added)
    if early:
        log.warning("%s", early)


def write_snapshots(
    engine: Engine, past: History, dates: tuple[Snapshot, ...], window: OutcomeWindow
) -> SnapshotDates:
    """Write who is known and what is held at every as-of date, and the dates; return the latter."""
    known = _write(engine, past.customers, paths.KNOWN_CUSTOMERS, KNOWN_CUSTOMERS)
    _write(engine, held_products(past), paths.HOLDINGS, HOLDINGS)
    scored = known.filter(known.as_of_date == dates[-1].as_of_date)
    count = engine.arrow(scored.aggregate(customers=scored.count()))["customers"][0].as_py()
    looked_at = describe_snapshots(dates, window, int(count))
    write_document(looked_at, paths.SNAPSHOTS)
    return looked_at


def _write(engine: Engine, rows: ir.Table, path: Path, output: Output) -> ir.Table:
    """Write a table as its contract says and return it as written; it may have no rows."""
    write_rows(engine, rows, path, output)
    return engine.read(path)


def _one_model(
    engine: Engine,
    params: Params,
    model: ModelName,
    rows: ir.Table,
    dates: tuple[Snapshot, ...],
) -> ModelPopulation:
    categories = engine.arrow(rows.select("category").distinct())["category"].to_pylist()
    choice = {"up_sell": params.products.up_sell, "cross_sell": params.products.cross_sell}[model]
    wanted = candidates.allowed(categories, choice, model)
    labelled = engine.materialize(questions.label_candidates(rows, model, dates, wanted))
    counts = engine.arrow(questions.outcome_counts(labelled)).to_pandas()
    chosen = candidates.choose_candidates(
        population_counts.training_outcomes(counts), params.products.min_outcomes, model
    )
    kept = labelled.filter(labelled.category.isin(chosen.kept))
    _write(engine, kept, paths.table(paths.POPULATION, model), POPULATION)
    return ModelPopulation(chosen, counts)


if __name__ == "__main__":
    run(main)
