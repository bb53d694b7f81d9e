"""Shrinkage of a rate to a prior: the posterior mean of a beta-binomial or gamma-Poisson model.

Few trials say little, so a rate that rests on few of them is drawn to a wider group's. The strength
of the prior is given in trials: as many trials as that, at the prior rate, are added to the own.

    group  hits  trials  own rate  shrunk, prior rate 0.10 and strength 20
    a         0       0         –  (0  + 2) / (0   + 20) = 0.10   nothing is known: the prior
    b         4      20      0.20  (4  + 2) / (20  + 20) = 0.15   as much known as assumed: midway
    c        60     280      0.21  (60 + 2) / (280 + 20) = 0.21   much is known: nearly its own
"""

from typing import TypeVar

import pandas as pd

from pipeline.statistics.arrays import Floats

Numbers = TypeVar("Numbers", float, Floats, pd.Series)


def shrink_rate(
    hits: Numbers, trials: Numbers, prior_rate: Numbers | float, strength: Numbers | float
) -> Numbers:
    """Return the rate of each group, shrunk to a prior rate by a strength in trials.

    A hit may be counted per trial (a response per message) or per exposure (purchases per day).
    """
    return (hits + strength * prior_rate) / (trials + strength)


def shrink_rate_by_hits(
    hits: Numbers, trials: Numbers, prior_rate: Numbers | float, prior_hits: float
) -> Numbers:
    """Return the rate of each group where the prior's strength is given in hits, not in trials.

    Rates differ by orders of magnitude between candidates; so many hits carry the same evidence
    whatever the rate, so many trials do not.
    """
    return (hits + prior_hits) / (trials + prior_hits / prior_rate)


def credibility(counts: Numbers, strength: float) -> Numbers:
    """Return the weight of the own mean against the prior's, 0 to 1 (Bühlmann, 1967).

    What `shrink_rate` gives a rate, for means that are weighed on another scale: with a strength of
    3, counts of 0, 3 and 9 weigh 0, 1/2 and 3/4.
    """
    return counts / (counts + strength)
