"""The project's own family, as the features stage computes it: all as-of dates at once."""

from pathlib import Path

import ibis

from benchmarks.windows.ledger import AS_OF_DATES, CUSTOMERS, FAMILY, INTERACTIONS, answer
from pipeline.features.family import load
from pipeline.features.feature import KEYS
from pipeline.features.view import View
from pipeline.foundation import config
from pipeline.foundation.contracts.keys import CUSTOMER_KEYS
from pipeline.foundation.contracts.tables import PRODUCTS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.population.history import history


def compute(folder: Path) -> None:
    """Write the family's features of every customer at every as-of date."""
    with open_engine(config.load().engine) as engine:
        expression = load([FAMILY])[0].compute(_view(engine, folder), "customer")
        engine.write(expression, answer(folder, "this_project"), KEYS["customer"])


def _view(engine: Engine, folder: Path) -> View:
    """Look at the ledger alone; everybody is asked, and the family looks at nothing else."""
    tables = {
        "interactions": engine.read(folder / INTERACTIONS),
        "products": engine.table(PRODUCTS.schema.empty_table()),
    }
    past = history(engine, tables, AS_OF_DATES)
    customers = engine.read(folder / CUSTOMERS).cross_join(past.dates)
    asked = engine.materialize(customers.select(*CUSTOMER_KEYS, category=ibis.literal("any")))
    return View(engine, past, asked, customers=asked, held=asked, bought=asked)
