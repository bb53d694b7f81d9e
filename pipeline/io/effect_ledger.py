"""The ledger that effects are learnt from: validated tables, features, dates and sealed waves."""

from pipeline.foundation import paths
from pipeline.foundation.config import Params
from pipeline.foundation.engines import Engine
from pipeline.io.effect_rows import Ledger
from pipeline.io.effect_waves import read_campaigns
from pipeline.io.matrices import read_families
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import read_folder


def open_ledger(engine: Engine, params: Params) -> Ledger:
    """Return the tables that effects are learnt from."""
    tables = read_folder(engine, paths.VALIDATED)
    categories = engine.arrow(tables["products"].select("category").distinct())["category"]
    dates = read_snapshots()
    return Ledger(
        engine=engine,
        tables=tables,
        families=read_families(engine),
        dates=(*dates.train, dates.validation, dates.test),
        channels=tuple(sorted(params.decide.contact_costs_cents)),
        categories=tuple(sorted(filter(None, categories.to_pylist()))),
        waves=read_campaigns(),
        max_rows=params.effects.max_rows,
        seed=params.effects.seed,
    )
