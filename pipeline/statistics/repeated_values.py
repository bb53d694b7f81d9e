"""Quantiles of values that are told once, with how often each occurs."""

import numpy as np

from pipeline.statistics.arrays import Floats, Ints


def repeated_quantile(values: Floats, times: Ints, level: float) -> float:
    """Return the quantile of all values, to the bit what `numpy.quantile` returns of them in full.

    Args:
        values: different ones, rising.
        times: how often each occurs.
        level: from 0 to 1.

    Returns:
        The value between the two nearest ones; NaN of nothing.
    """
    last = np.cumsum(times)
    if not len(last):
        return np.nan
    place = level * float(last[-1] - 1)
    lower = int(np.floor(place))
    pair = values[np.searchsorted(last, [lower, min(lower + 1, int(last[-1]) - 1)], side="right")]
    return float(np.quantile(pair, place - lower))
