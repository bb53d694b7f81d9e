"""A feature family: one module of this folder, found by its name, and one of `declarations`.

The latter declares `NEEDS` (the tables without which it is switched off) and `FEATURES`; the
former computes `customer_features(view)` (as_of_date × customer_id), `candidate_features(view)`
(as_of_date × customer_id × category), or both. A key that has no row has no value.
"""

import importlib
import pkgutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

import ibis.expr.types as ir

from pipeline.features.catalogue import Feature, Grain
from pipeline.features.purchases import purchases
from pipeline.features.sentences import translate
from pipeline.foundation.contracts.columns import ColumnType
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import ConfigurationError, DataError, did_you_mean, known
from pipeline.population.history import History
from pipeline.population.sequence import in_sequence

KEYS: Mapping[Grain, tuple[str, ...]] = {
    "customer": CUSTOMER_KEYS,
    "candidate": CANDIDATE_KEYS,
}
FRAMEWORK = frozenset(
    {
        "association",
        "catalogue",
        "declarations",
        "dictionary",
        "factors",
        "family",
        "languages",
        "market",
        "matrix",
        "measures",
        "purchases",
        "rules",
        "sentences",
        "telling",
    }
)


@dataclass(frozen=True)
class View:
    """What a family looks at: the known history, and who is asked about which category."""

    engine: Engine
    """For what several expressions of a family read, or what no expression says."""
    history: History
    asked: ir.Table
    """as_of_date × customer_id × category, each once."""
    customers: ir.Table
    """What `History.customers` returns, computed once for all families."""
    held: ir.Table
    """What `held_products` returns, computed once for all families."""
    bought: ir.Table
    """What `purchases` returns, computed once for all families."""

    def known(
        self,
        table: str,
        where: Callable[[ir.Table], ir.BooleanValue] | None = None,
        days: int | None = None,
    ) -> ir.Table:
        """Return the known rows of a table, or those of them that are looked for.

        Rows are chosen before every as-of date multiplies them. Each call reads the table anew,
        which costs less than keeping all its rows for whoever looks a second time.

        Args:
            table: its name.
            where: a condition on what was first written.
            days: back from the as-of date that the rows may have occurred.
        """
        rows = self.history.tables[table].view()
        chosen = rows if where is None else rows.filter(where(rows))
        tables = {**self.history.tables, table: chosen}
        return replace(self.history, tables=tables).known(table, days)


@dataclass(frozen=True)
class Family:
    """A family with its declarations and its expressions by grain."""

    name: str
    needs: tuple[str, ...]
    features: tuple[Feature, ...]
    expressions: Mapping[Grain, Callable[[View], ir.Table]]

    def column(self, feature: Feature) -> str:
        """Return the column name of a feature: the family is its prefix."""
        return f"{self.name}__{feature.name}"

    def declared(self, grain: Grain) -> tuple[Feature, ...]:
        """Return the features of one grain, in the order they are declared."""
        return tuple(feature for feature in self.features if feature.grain == grain)

    def missing(self, tables: Collection[str]) -> list[str]:
        """Return the tables that the family needs and the source lacks."""
        return [name for name in self.needs if name not in tables]

    def compute(self, view: View, grain: Grain) -> ir.Table:
        """Return keys and prefixed columns of one grain, for the keys that are asked about.

        Raises:
            DataError: the module computes other columns than it declares.
        """
        computed = self.expressions[grain](view)
        declared = [feature.name for feature in self.declared(grain)]
        keys = KEYS[grain]
        found = [column for column in computed.columns if column not in keys]
        if sorted(found) != sorted(declared):
            raise DataError(
                f"features of {self.name} at {grain} grain as declared: {', '.join(declared)}",
                ", ".join(found),
                f"Make {grain}_features of pipeline/features/{self.name}.py agree with "
                f"pipeline/features/declarations/{self.name}.py.",
            )
        asked = view.asked.select(*keys).distinct() if grain == "customer" else view.asked
        kept = computed.semi_join(asked, list(keys))
        columns = {f"{self.name}__{name}": kept[name] for name in declared}
        return kept.select(*keys, **columns)


def look(
    engine: Engine, history: History, asked: ir.Table, customers: ir.Table, held: ir.Table
) -> View:
    """Prepare what the families look at.

    Args:
        engine: computes once what several families read.
        history: what was known.
        asked: as_of_date × customer_id × category; it may repeat itself.
        customers: as `History.customers`.
        held: as `held_products`.
    """
    in_order = History({**history.tables, "product_events": in_sequence(history)}, history.dates)
    return View(
        engine,
        history,
        engine.materialize(asked.select(*KEYS["candidate"]).distinct()),
        engine.materialize(customers),
        engine.materialize(held),
        engine.materialize(purchases(in_order)),
    )


def names() -> list[str]:
    """Return the families that exist: the folder is the registry."""
    modules = [module.name for module in pkgutil.iter_modules(_package().__path__)]
    return sorted(set(modules) - FRAMEWORK)


def load(chosen: Sequence[str], attributes: Mapping[str, ColumnType] | None = None) -> list[Family]:
    """Return families by name, in the order given.

    Args:
        chosen: the families.
        attributes: further columns of `customers`, which a family may declare as features.

    Raises:
        ConfigurationError: a name that no file has.
    """
    existing = names()
    for name in chosen:
        if name not in existing:
            raise ConfigurationError(
                f"in features.families {known(existing)}",
                f"unknown feature family {name!r}",
                f"{did_you_mean(name, existing)}Add pipeline/features/{name}.py and "
                f"pipeline/features/declarations/{name}.py, or correct features.families in "
                "params.yaml.",
            )
    return [_load(name, attributes or {}) for name in chosen]


def _load(name: str, attributes: Mapping[str, ColumnType]) -> Family:
    module = importlib.import_module(f"{_package().__name__}.{name}")
    declarations = importlib.import_module(f"{_package().__name__}.declarations.{name}")
    declare_further = getattr(declarations, "attribute_features", lambda _: ())
    declared = declarations.FEATURES + declare_further(attributes)
    features = tuple(translate(name, feature) for feature in declared)
    grains: tuple[Grain, ...] = ("customer", "candidate")
    expressions = {
        grain: getattr(module, f"{grain}_features")
        for grain in grains
        if hasattr(module, f"{grain}_features")
    }
    return Family(name, declarations.NEEDS, features, expressions)


def _package() -> ModuleType:
    return importlib.import_module("pipeline.features")
