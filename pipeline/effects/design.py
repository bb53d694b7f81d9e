"""Design of the relative effect: everybody, arm, levels such as model and category, then traits.

Each column is a deviation from the coarser ones and shrinks to 0; the first is everybody's effect.
Traits are standardised by weighted means of the rows they were learnt from; a missing one counts
as the mean, and values beyond three deviations as three.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.newton import rounded

EVERYBODY, ARM, TRAIT = "everybody", "arm", "person"
FARTHEST = 3.0


@dataclass(frozen=True)
class TraitScale:
    """One trait: effects are by standard deviation of it."""

    name: str
    mean: float
    deviation: float


@dataclass(frozen=True)
class Column:
    """One coefficient: a level and the code of the stratum in it, or a trait."""

    level: str
    name: str
    code: int = 0


@dataclass(frozen=True)
class Design:
    """Columns of the effect, coarse to fine."""

    columns: tuple[Column, ...]
    traits: tuple[TraitScale, ...]

    def matrix(self, arm: Ints, levels: Mapping[str, Ints], traits: pd.DataFrame | None) -> Floats:
        """Return rows × columns.

        Args:
            arm: 1 and up.
            levels: codes by level; -1 is a stratum that the design does not know.
            traits: by name; one that is missing counts as its mean.
        """
        values = np.zeros((len(arm), len(self.columns)))
        scaled = {scale.name: scale for scale in self.traits}
        for place, column in enumerate(self.columns):
            if column.level == EVERYBODY:
                values[:, place] = 1.0
            elif column.level == ARM:
                values[:, place] = arm == column.code
            elif column.level == TRAIT:
                values[:, place] = _scaled(traits, scaled[column.name])
            else:
                values[:, place] = levels[column.level] == column.code
        return values

    def level_of_columns(self) -> Sequence[str]:
        """Return the level of each column."""
        return [column.level for column in self.columns]


def make_design(
    arms: Sequence[str],
    level_names: Mapping[str, Sequence[str]],
    traits: Sequence[TraitScale] = (),
) -> Design:
    """Return the columns of everybody, of each arm, of each stratum of each level, and of traits."""
    columns = [Column(EVERYBODY, EVERYBODY)]
    columns += [Column(ARM, name, code) for code, name in enumerate(arms, start=1)]
    for level, names in level_names.items():
        columns += [Column(level, name, code) for code, name in enumerate(names)]
    columns += [Column(TRAIT, scale.name) for scale in traits]
    return Design(tuple(columns), tuple(traits))


def scale_traits(traits: pd.DataFrame | None, weights: Floats) -> tuple[TraitScale, ...]:
    """Return how each trait is standardised; one that does not vary is left out."""
    if traits is None:
        return ()
    scales = []
    for name in traits.columns:
        values = _numbers(traits[name])
        known = np.isfinite(values)
        if not known.any():
            continue
        mean = float(np.average(values[known], weights=weights[known]))
        spread = float(np.average((values[known] - mean) ** 2, weights=weights[known])) ** 0.5
        if spread > 1e-9 * max(1.0, abs(mean)):
            scales.append(TraitScale(str(name), *rounded(np.array([mean, spread]))))
    return tuple(scales)


def _scaled(traits: pd.DataFrame | None, scale: TraitScale) -> Floats | float:
    if traits is None or scale.name not in traits.columns:
        return 0.0
    standard = (_numbers(traits[scale.name]) - scale.mean) / scale.deviation
    return np.nan_to_num(np.clip(standard, -FARTHEST, FARTHEST), nan=0.0)


def _numbers(values: pd.Series) -> npt.NDArray[np.float64]:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)
