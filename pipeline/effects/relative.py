"""Relative effect: the share by which a treatment changes the odds of the outcome.

An effect of .2 on odds of 1 : 49 makes them 1.2 : 49. With p the probability without treatment,
the effect on the probability is p(1 − p) · share / (1 + p · share): nearly share · p(1 − p) where
outcomes are rare. On this scale people and candidates of very different p are alike enough for
their effects to be learnt together.
"""

import numpy as np

from pipeline.statistics.arrays import Floats

LEAST = -0.95
"""No treatment takes away more than this share of the odds."""


def effect_at(probability: Floats, share: Floats) -> Floats:
    """Return the change of a probability whose odds change by a share.

    Example:
        p = .02 and a share of .5: odds of 2 : 98 become 3 : 98, p becomes 3/101 = .0297,
        the effect is .0097.
    """
    kept = np.maximum(share, LEAST)
    effect: Floats = probability * (1 - probability) * kept / (1 + probability * kept)
    return effect
