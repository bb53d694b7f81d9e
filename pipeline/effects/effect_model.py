"""The learnt effect: a readable, serialisable model of share of odds by arm, strata and traits."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from pipeline.effects.design import Column, Design, TraitScale
from pipeline.effects.relative import effect_at
from pipeline.statistics.arrays import Floats
from pipeline.statistics.newton import rounded

Origin = Literal["randomised", "observational", "assumed"]
ORIGINS: tuple[Origin, ...] = ("randomised", "observational", "assumed")


@dataclass(frozen=True)
class PredictedEffects:
    """One entry a row: the share by which the odds change, its standard error and its origin."""

    share: Floats
    error: Floats
    origin: Origin

    def effect(self, probability: Floats) -> Floats:
        """Return the change of the probability; see `relative.effect_at`.

        Args:
            probability: of the outcome without this treatment, with everything else as it is.
        """
        return effect_at(probability, self.share)

    def interval(self, probability: Floats, confidence: float) -> tuple[Floats, Floats]:
        """Return the limits of the change of the probability."""
        reach = float(norm.ppf((1 + confidence) / 2)) * self.error
        low, high = self.share - reach, self.share + reach
        return effect_at(probability, low), effect_at(probability, high)


@dataclass(frozen=True)
class EffectModel:
    """Coefficients of a design, their covariance, and what the effect of each arm rests on."""

    design: Design
    arms: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    """Names of the strata of each level, in the order of their codes."""
    coefficients: Floats
    covariance: Floats
    origins: Mapping[str, Origin]
    """By arm."""

    def predict(self, arm: str, strata: pd.DataFrame) -> PredictedEffects:
        """Return the relative effect of one arm on every row.

        Args:
            arm: its name; one that the model does not know has everybody's effect.
            strata: a column of names for each level, and the traits; what is missing counts as
                unknown: no deviation of the level, the mean of the trait.
        """
        code = self.arms.index(arm) + 1 if arm in self.arms else 0
        matrix = self.design.matrix(
            np.full(len(strata), code, dtype=np.int64), self._codes(strata), strata
        )
        share = np.einsum("ij,j->i", matrix, self.coefficients)
        variance = np.einsum("ij,jk,ik->i", matrix, self.covariance, matrix, optimize=True)
        return PredictedEffects(
            np.asarray(share, np.float64),
            np.sqrt(np.maximum(variance, 0.0)),
            self.origins.get(arm, "assumed"),
        )

    def trait_names(self) -> tuple[str, ...]:
        """Return the traits that the effect depends on."""
        return tuple(scale.name for scale in self.design.traits)

    def _codes(
        self, strata: pd.DataFrame
    ) -> dict[str, "np.ndarray[tuple[int], np.dtype[np.int64]]"]:
        return {
            level: pd.Index(names)
            .get_indexer(pd.Index(strata[level].astype("object")))
            .astype(np.int64)
            if level in strata.columns
            else np.full(len(strata), -1, dtype=np.int64)
            for level, names in self.levels.items()
        }

    def to_json(self) -> dict[str, Any]:
        """Return the model as it is written, numbers to six digits."""
        errors = np.sqrt(np.diag(self.covariance))
        return {
            "unit": "share by which the odds of the outcome change",
            "arms": list(self.arms),
            "levels": {level: list(names) for level, names in self.levels.items()},
            "origins": dict(self.origins),
            "coefficients": [
                {**asdict(column), "value": value, "error": error}
                for column, value, error in zip(
                    self.design.columns, rounded(self.coefficients), rounded(errors), strict=True
                )
            ],
            "covariance": [list(rounded(row)) for row in self.covariance],
            "traits": [asdict(scale) for scale in self.design.traits],
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "EffectModel":
        """Return the model that was saved."""
        columns = tuple(
            Column(one["level"], one["name"], one["code"]) for one in saved["coefficients"]
        )
        return cls(
            Design(columns, tuple(TraitScale(**one) for one in saved["traits"])),
            tuple(saved["arms"]),
            {level: tuple(names) for level, names in saved["levels"].items()},
            np.array([one["value"] for one in saved["coefficients"]], dtype=np.float64),
            np.array(saved["covariance"], dtype=np.float64).reshape(len(columns), len(columns)),
            dict(saved["origins"]),
        )


def origin_of(
    prior_variance: float, observational: float, randomised: float, posterior_variance: float
) -> Origin:
    """Return what an effect rests on: measured only where half of the prior's variance is gone.

    Args:
        prior_variance: of the effect before there is evidence.
        observational: precision that observational evidence has on it.
        randomised: precision that randomised evidence has on it.
        posterior_variance: of the effect with all evidence.
    """
    if posterior_variance > prior_variance / 2 or observational + randomised <= 0:
        return "assumed"
    return "randomised" if randomised >= observational else "observational"
