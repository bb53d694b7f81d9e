"""Posterior of the effect's coefficients: evidence and prior, each level as wide as it shows.

Everybody's effect has the prior that is given. The deviations of a level share one variance, which
is estimated with them by EM (empirical Bayes; Efron and Morris, 1973), drawn to a guess that
counts as a few strata. Observational evidence may be biased: by an unknown amount that all its
rows share, with a standard deviation of its own, which is integrated out.

The guess is half of the effect that is assumed of everybody, for a stratum as for a person: traits
add up in a person, so each of K traits is guessed a √K-th of it. With an assumed effect of .08:

    level     strata or traits   of a unit   of each coefficient
    arm                      5         .04                   .04
    category                12         .04                   .04
    person                  16         .04       .04 / √16 = .01
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.effects.design import TRAIT
from pipeline.effects.evidence import Evidence
from pipeline.statistics.arrays import Floats

GUESS_COUNTS = 3.0
ROUNDS = 60


@dataclass(frozen=True)
class Prior:
    """Of everybody's effect, as a share of the odds; deviations of finer levels stand around 0."""

    mean: float
    deviation: float

    @property
    def guess(self) -> float:
        """Return how far strata deviate, before there is evidence: half of what is assumed.

        Where no effect is assumed at all, half of how far it may be from that.
        """
        return (abs(self.mean) or self.deviation) / 2


@dataclass(frozen=True)
class Posterior:
    """Coefficients and their covariance, and how far each level was found to deviate."""

    coefficients: Floats
    covariance: Floats
    deviations: Mapping[str, float]


def combine(
    levels: Sequence[str],
    prior: Prior,
    observational: Evidence,
    randomised: Evidence,
    bias: float = 0.0,
) -> Posterior:
    """Return the coefficients of greatest posterior density and their covariance.

    Args:
        levels: of each coefficient; the first is everybody's.
        prior: of everybody's effect.
        observational: evidence that may be biased.
        randomised: evidence that is not.
        bias: standard deviation of what all observational evidence is wrong by.
    """
    evidence = allow_for_bias(observational, bias) + randomised
    names = sorted(set(levels[1:]))
    members = {name: np.array([level == name for level in levels]) for name in names}
    guesses = {
        name: prior.guess / np.sqrt(places.sum() if name == TRAIT else 1)
        for name, places in members.items()
    }
    widths = dict(guesses)
    for _ in range(ROUNDS):
        mean, covariance = _solve(levels, prior, evidence, widths)
        second = mean**2 + np.diag(covariance)
        widths = {name: _width(second[places], guesses[name]) for name, places in members.items()}
    mean, covariance = _solve(levels, prior, evidence, widths)
    return Posterior(mean, covariance, widths)


def _width(second: Floats, guess: float) -> float:
    """Return the standard deviation of a level's coefficients from their second moments."""
    return float(np.sqrt((second.sum() + GUESS_COUNTS * guess**2) / (len(second) + GUESS_COUNTS)))


def allow_for_bias(evidence: Evidence, bias: float) -> Evidence:
    """Return evidence on everybody's effect plus a shift ~ N(0, bias²), the shift integrated out.

    Example:
        One coefficient, estimated at .3 with a variance of .01 (precision 100, score 30), and a
        bias of .1: the variance becomes .02, so precision 50 and score 15.
    """
    along = evidence.precision[:, 0]
    if bias == 0 or evidence.precision[0, 0] <= 0:
        return evidence
    shrink = 1 / (1 / bias**2 + evidence.precision[0, 0])
    return Evidence(
        evidence.precision - shrink * np.outer(along, along),
        evidence.score - shrink * along * evidence.score[0],
    )


def _solve(
    levels: Sequence[str], prior: Prior, evidence: Evidence, widths: Mapping[str, float]
) -> tuple[Floats, Floats]:
    precision = np.array([prior.deviation**-2, *(widths[level] ** -2 for level in levels[1:])])
    score = evidence.score.copy()
    score[0] += prior.mean * precision[0]
    covariance: Floats = np.linalg.inv(evidence.precision + np.diag(precision)).astype(np.float64)
    return np.asarray(np.einsum("ij,j->i", covariance, score), dtype=np.float64), covariance
