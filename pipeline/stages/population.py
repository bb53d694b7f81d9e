"""population: validated tables -> who is asked what, when, and what happened."""

import logging
from datetime import date

from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, Params
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.foundation.contracts.outputs import POPULATION, check
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.tables import read_folder, write_json
from pipeline.population import candidates, questions, report
from pipeline.population.dates import OutcomeWindow, Snapshot, snapshots
from pipeline.population.history import history
from pipeline.population.report import Expression, ModelPopulation

log = logging.getLogger(__name__)


def main() -> None:
    """Build the population of every model and say who is in it."""
    params = config.load()
    with open_engine(params.engine) as engine:
        build(engine, params)


def build(engine: Engine, params: Params) -> None:
    """Write data/population/<model>.parquet and reports/population.json."""
    tables = read_folder(engine, paths.VALIDATED)
    dates = snapshots(params.snapshots, *_covered_days(engine, tables["product_events"]))
    past = history(engine, tables, [snapshot.as_of_date for snapshot in dates])
    window = OutcomeWindow(params.snapshots.gap_days, params.snapshots.outcome_days)
    rows = engine.materialize(questions.circumstances(past, window))
    populations = {model: _one_model(engine, params, model, rows, dates) for model in params.models}
    customers = _count_known(engine, past.customers, dates[-1].as_of_date)
    content = report.population_report(dates, customers, populations)
    write_json(content, paths.POPULATION_REPORT)
    for model, population in populations.items():
        log.info("%s", report.summary(model, population))


def _covered_days(engine: Engine, events: Expression) -> tuple[date, date]:
    days = engine.arrow(
        events.aggregate(
            first=events.occurred_at.min().date(), last=events.occurred_at.max().date()
        )
    ).to_pylist()[0]
    return days["first"], days["last"]


def _count_known(engine: Engine, customers: Expression, as_of_date: date) -> int:
    known = customers.filter(customers.as_of_date == as_of_date)
    return int(engine.arrow(known.aggregate(customers=known.count()))["customers"][0].as_py())


def _one_model(
    engine: Engine,
    params: Params,
    model: ModelName,
    rows: Expression,
    dates: tuple[Snapshot, ...],
) -> ModelPopulation:
    categories = engine.arrow(rows.select("category").distinct())["category"].to_pylist()
    choice = getattr(params.products, model)
    wanted = candidates.allowed(categories, choice, model)
    asked = engine.materialize(questions.ask(rows, model, dates, wanted))
    counts = engine.arrow(questions.outcome_counts(asked)).to_pandas()
    chosen = candidates.with_enough_outcomes(
        report.training_outcomes(counts), params.products.min_outcomes, model
    )
    kept = asked.filter(asked.category.isin(chosen.kept))
    path = paths.table(paths.POPULATION, model)
    engine.write(kept, path, CANDIDATE_KEYS)
    check(path, POPULATION)
    return ModelPopulation(chosen, counts)


if __name__ == "__main__":
    run(main)
