"""A feature family as it is declared: `families/<family>/declare.py` and its reasons files.

Who tells or checks features needs no more than this; `family.py` adds how they are computed.
"""

import importlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from pipeline.features.feature import Feature, Grain
from pipeline.features.reason_sentences import add_sentences, name_attribute
from pipeline.foundation.choices import FAMILIES
from pipeline.foundation.contracts.columns import ColumnType

_FAMILIES = "pipeline.features.families"


@dataclass(frozen=True)
class DeclaredFamily:
    """The features of a family."""

    name: str
    needs: tuple[str, ...]
    """The tables without which it is switched off."""
    features: tuple[Feature, ...]

    def column(self, feature: Feature) -> str:
        """Return the column name of a feature: the family is its prefix."""
        return f"{self.name}__{feature.name}"

    def declared(self, grain: Grain) -> tuple[Feature, ...]:
        """Return the features of one grain, in the order they are declared."""
        return tuple(feature for feature in self.features if feature.grain == grain)

    def missing(self, tables: Collection[str]) -> list[str]:
        """Return the tables that the family needs and the source lacks."""
        return [name for name in self.needs if name not in tables]


def load_declarations(
    chosen: Sequence[str], attributes: Mapping[str, ColumnType] | None = None
) -> list[DeclaredFamily]:
    """Return families by name, in the order given.

    Args:
        chosen: the families.
        attributes: further columns of `customers`, which a family may declare as features.

    Raises:
        ConfigurationError: a name that no folder has, or reasons that do not fit the features.
    """
    for name in chosen:
        FAMILIES.check(name)
    return [_load(name, attributes or {}) for name in chosen]


def declared_features(family: str) -> tuple[Feature, ...]:
    """Return the features of a family, without sentences."""
    features: tuple[Feature, ...] = module_of(family, "declare").FEATURES
    return features


def module_of(family: str, part: str) -> ModuleType:
    """Return `declare` or `compute` of a family."""
    return importlib.import_module(f"{_FAMILIES}.{family}.{part}")


def _load(name: str, attributes: Mapping[str, ColumnType]) -> DeclaredFamily:
    declare = module_of(name, "declare")
    declare_further = getattr(declare, "attribute_features", lambda _: ())
    features = (
        *add_sentences(name, declare.FEATURES),
        *(name_attribute(feature) for feature in declare_further(attributes)),
    )
    return DeclaredFamily(name, declare.NEEDS, features)
