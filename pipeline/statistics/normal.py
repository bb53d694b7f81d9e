"""Limits that follow from the normal distribution."""

import numpy as np
from scipy.special import ndtri

from pipeline.statistics.arrays import Floats

Z = 1.959964  # 95 in 100 of a normal distribution


def one_sided(value: float, limit: float, confidence: float) -> float:
    """Return the bound of a confidence on the side of a limit of the 95% interval.

    The limit is 1.96 standard errors away, the bound as many as the confidence asks for: at 0.95,
    which leaves one tail alone, 1.64. From 1 and a limit of 0.8 it is 1 - 0.2 · 1.64 / 1.96 = 0.83.
    """
    return value + (limit - value) * float(ndtri(confidence)) / Z


def wilson_interval(rates: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return the limits of rates that were observed on so many rows (Wilson, 1927)."""
    centre = rates + Z**2 / (2 * counts)
    width = Z * np.sqrt(rates * (1 - rates) / counts + Z**2 / (4 * counts**2))
    scale = 1 + Z**2 / counts
    return (centre - width) / scale, (centre + width) / scale
