"""What the families look at: the validated tables, seen from the population's as-of dates."""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from pipeline.features.view import View, look
from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.foundation.engines import Engine
from pipeline.io.scoring_day import read_holdings, read_known_customers
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import read_folder
from pipeline.population.drawn_past import tables_of_drawn
from pipeline.population.history import history
from pipeline.population.holding_periods import keep_periods


def look_back(engine: Engine, models: Sequence[ModelName]) -> list[View]:
    """Look at the validated tables from the population's as-of dates, for all that is read later.

    Of many customers, some are learnt from: the dates before the test look at them alone, as at a
    company of so many.
    """
    days, tables = read_snapshots(), read_folder(engine, paths.VALIDATED)
    if days.drawn_share >= 1:
        return [_view(engine, models, tables, days.all())]
    theirs = tables_of_drawn(engine, tables, days.drawn_share)
    return [
        _view(engine, models, theirs, days.before_test()),
        _view(engine, models, tables, (days.test, days.scoring)),
    ]


def _view(
    engine: Engine,
    models: Sequence[ModelName],
    tables: Mapping[str, ir.Table],
    dates: Sequence[date],
) -> View:
    """Look from some dates at whoever may be asked, and at the test everybody: their figures stand beside."""
    populations = [engine.read(paths.table(paths.POPULATION, model)) for model in models]
    asked = ibis.union(
        *(
            table.filter(table.is_eligible | (table.split == "test")).select(*CANDIDATE_KEYS)
            for table in populations
        )
    )
    known, held = read_known_customers(engine), read_holdings(engine)
    chosen = [ibis.date(day.isoformat()) for day in dates]
    asked, known, held = (
        rows.filter(rows.as_of_date.isin(chosen)).semi_join(tables["customers"], "customer_id")
        for rows in (asked, known, held)
    )
    past = keep_periods(engine, history(engine, tables, dates))
    return look(engine, past, asked, known, held)
