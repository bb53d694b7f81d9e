"""A feature family as it is computed: `families/<family>/compute.py` beside what it declares.

It computes `customer_features(view)` (as_of_date × customer_id), `candidate_features(view)`
(as_of_date × customer_id × category), or both. A key that has no row has no value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import ibis.expr.types as ir

from pipeline.features.declared_family import DeclaredFamily, load_declarations, module_of
from pipeline.features.feature import KEYS, Grain
from pipeline.features.view import View
from pipeline.foundation.contracts.columns import ColumnType
from pipeline.foundation.errors import DataError

GRAINS: tuple[Grain, ...] = ("customer", "candidate")


@dataclass(frozen=True)
class Family(DeclaredFamily):
    """A family with its expressions by grain."""

    expressions: Mapping[Grain, Callable[[View], ir.Table]]

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
                f"Make {grain}_features in pipeline/features/families/{self.name}/compute.py agree "
                "with declare.py beside it.",
            )
        asked = view.asked.select(*keys).distinct() if grain == "customer" else view.asked
        kept = computed.semi_join(asked, list(keys))
        columns = {f"{self.name}__{name}": kept[name] for name in declared}
        return kept.select(*keys, **columns)


def load(chosen: Sequence[str], attributes: Mapping[str, ColumnType] | None = None) -> list[Family]:
    """Return families by name, in the order given; see `load_declarations`."""
    return [_load(declared) for declared in load_declarations(chosen, attributes)]


def _load(declared: DeclaredFamily) -> Family:
    compute = module_of(declared.name, "compute")
    expressions = {
        grain: getattr(compute, f"{grain}_features")
        for grain in GRAINS
        if hasattr(compute, f"{grain}_features")
    }
    return Family(declared.name, declared.needs, declared.features, expressions)
