"""Rows of a study of treatments: what was known, what was done, and what happened.

Nothing here knows customers, categories or channels: arms and strata are codes with a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.errors import DataError
from pipeline.statistics.arrays import Floats, Ints

NOT_TREATED = 0


@dataclass(frozen=True)
class TreatmentRows:
    """Covariates, treatment and outcome, one row a unit and period.

    Weights other than 1 stand for rows of the same outcome that were left out by sampling.
    """

    features: pd.DataFrame
    """Known before the treatment: numbers (NaN where missing) and texts."""
    treatment: Ints
    """0 is none; k is the arm `arms[k - 1]`."""
    outcomes: Floats
    """0 or 1, or any number; the relative effect needs 0 or 1."""
    groups: Ints
    """Rows of one group are not independent: folds and intervals keep them together."""
    arms: tuple[str, ...]
    weights: Floats
    periods: Ints
    """When each row was treated or not, a larger number later; all 0 without an order in time."""
    cells: Ints
    """Within which treated rows have comparable untreated ones, such as period × candidate."""
    levels: Mapping[str, Ints] = field(default_factory=dict)
    """Strata by name, coarse to fine, such as model and category."""
    traits: pd.DataFrame | None = None
    """What the effect may depend on besides arm and levels: few numbers, NaN where missing."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.outcomes)

    @property
    def is_binary(self) -> bool:
        """Say whether every outcome is 0 or 1."""
        return bool(np.isin(self.outcomes, (0.0, 1.0)).all())

    def within(self, cells: Ints) -> "TreatmentRows":
        """Return the rows with cells within which treated and untreated are comparable."""
        return replace(self, cells=cells)

    def take(self, rows: Ints) -> "TreatmentRows":
        """Return some of the rows, in the order given."""
        return replace(
            self,
            features=self.features.iloc[rows],
            treatment=self.treatment[rows],
            outcomes=self.outcomes[rows],
            groups=self.groups[rows],
            weights=self.weights[rows],
            periods=self.periods[rows],
            cells=self.cells[rows],
            levels={name: codes[rows] for name, codes in self.levels.items()},
            traits=None if self.traits is None else self.traits.iloc[rows],
        )


def treatment_rows(
    features: pd.DataFrame,
    treatment: npt.ArrayLike,
    outcomes: npt.ArrayLike,
    groups: npt.ArrayLike | None = None,
    arms: tuple[str, ...] = ("treated",),
) -> TreatmentRows:
    """Return rows without sampling, periods or strata: a plain table of treated and untreated.

    Raises:
        DataError: the columns differ in length, or a treatment or an outcome is not known.
    """
    count = len(features)
    done, happened = np.asarray(treatment, np.float64), np.asarray(outcomes, np.float64)
    owners = np.arange(count) if groups is None else np.unique(groups, return_inverse=True)[1]
    if not len(done) == len(happened) == len(owners) == count:
        raise DataError(
            f"{count} treatments, outcomes and groups, one for each row of the features",
            f"{len(done)}, {len(happened)} and {len(owners)}",
            "Give one entry a row.",
        )
    is_arm = np.isin(done, np.arange(len(arms) + 1))
    if not (is_arm.all() and np.isfinite(happened).all()):
        raise DataError(
            f"treatments from 0 to {len(arms)} and outcomes that are numbers",
            f"{int((~is_arm).sum())} other treatments, "
            f"{int((~np.isfinite(happened)).sum())} outcomes missing",
            "Leave out rows of which it is not known what was done or what happened.",
        )
    nothing = np.zeros(count, dtype=np.int64)
    return TreatmentRows(
        features.reset_index(drop=True),
        done.astype(np.int64),
        happened,
        owners.astype(np.int64),
        arms,
        np.ones(count),
        nothing,
        nothing,
    )
