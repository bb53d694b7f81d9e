"""Limits that follow from the normal distribution."""

import numpy as np

from pipeline.statistics.arrays import Floats

Z = 1.959964  # 95 in 100 of a normal distribution


def wilson_interval(rates: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return the limits of rates that were observed on so many rows (Wilson, 1927)."""
    centre = rates + Z**2 / (2 * counts)
    width = Z * np.sqrt(rates * (1 - rates) / counts + Z**2 / (4 * counts**2))
    scale = 1 + Z**2 / counts
    return (centre - width) / scale, (centre + width) / scale
