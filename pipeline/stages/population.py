"""population: validated tables -> who is asked what, when, and what happened.

The as-of dates, the customers known at each and what they hold are worked out here, once: later
stages read them through `pipeline/io/scoring_day.py`.
"""

import logging
from collections.abc import Sequence
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
from pipeline.population.asked_of import AskedOf, ask
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
    looked_at = write_snapshots(engine, past, dates, window, params.snapshots.most_customers)
    latest = past_dates(dates[-2].as_of_date, chosen.first_day, window)
    rates = past_rates(engine, past, latest, window, params.models)
    _write(engine, rates, paths.PAST_RATES, PAST_RATES)
    known, holdings = engine.read(paths.KNOWN_CUSTOMERS), engine.read(paths.HOLDINGS)
    asked = ask(engine, past, known, holdings, looked_at)
    populations = {name: _one_model(engine, params, name, asked, dates) for name in params.models}
    told = population_counts.describe_populations(populations)
    write_document(told, paths.CANDIDATES)
    write_document(population_counts.population_report(looked_at, told), paths.POPULATION_REPORT)
    for model, population in populations.items():
        log.info("%s", population_counts.summary(model, population))


def _tell(chosen: ChosenDates) -> None:
    """Say how far the training dates reach, and where that is too far for the features."""
    told = ((logging.INFO, chosen.added_in_words()), (logging.WARNING, chosen.cut_short_in_words()))
    for level, words in told:
        if words:
            log.log(level, "%s", words)


def write_snapshots(
    engine: Engine,
    past: History,
    dates: tuple[Snapshot, ...],
    window: OutcomeWindow,
    most_customers: int | None = None,
) -> SnapshotDates:
    """Write who is known and what is held at every as-of date, and the dates; return the latter."""
    known = _write(engine, past.customers, paths.KNOWN_CUSTOMERS, KNOWN_CUSTOMERS)
    _write(engine, held_products(past), paths.HOLDINGS, HOLDINGS)
    counted = engine.arrow(known.group_by("as_of_date").aggregate(customers=known.count()))
    customers = dict(zip(*(column.to_pylist() for column in counted.columns), strict=True))
    looked_at = describe_snapshots(dates, window, customers, most_customers)
    write_document(looked_at, paths.SNAPSHOTS)
    return looked_at


def _write(engine: Engine, rows: ir.Table, path: Path, output: Output) -> ir.Table:
    """Write a table as its contract says and return it as written; it may have no rows."""
    write_rows(engine, rows, path, output)
    return engine.read(path)


def _one_model(
    engine: Engine, params: Params, model: ModelName, asked: AskedOf, dates: Sequence[Snapshot]
) -> ModelPopulation:
    categories = engine.arrow(asked.states.select("category").distinct())["category"].to_pylist()
    choice = {"up_sell": params.products.up_sell, "cross_sell": params.products.cross_sell}[model]
    wanted = candidates.allowed(categories, choice, model)
    counts = engine.arrow(questions.outcome_counts(asked.states, model, dates, wanted)).to_pandas()
    least = params.products.min_outcomes
    outcomes = population_counts.training_outcomes(counts)
    chosen = candidates.choose_candidates(outcomes, least, model)
    kept = questions.label_candidates(asked.grid, model, dates, chosen.kept)
    written = _write(engine, kept, paths.table(paths.POPULATION, model), POPULATION)
    drawn = engine.arrow(questions.trained_outcomes(written)).to_pandas()
    if words := population_counts.thinned_in_words(outcomes, drawn, least):
        log.warning("%s: %s", model, words)
    return ModelPopulation(chosen, counts)


if __name__ == "__main__":
    run(main)
