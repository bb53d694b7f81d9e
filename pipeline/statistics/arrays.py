"""Arrays of numbers: their types, sums by code, and products that do not depend on the threads."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


Ints = npt.NDArray[np.int64]


def sum_by_code(codes: npt.NDArray[np.integer], values: Floats) -> Floats:
    """Return the sum of the values of each code, from code 0 to the largest."""
    return np.asarray(np.bincount(codes, weights=values), dtype=np.float64)


def row_blocks(rows: int, size: int) -> Iterator[slice]:
    """Return the slices of so many rows each that cover all rows, in order."""
    return (slice(start, min(start + size, rows)) for start in range(0, rows, size))


def dot(left: Floats, right: Floats) -> float:
    """Return the sum of products, on one thread: BLAS waits for its own on a busy machine."""
    return float((left * right).sum())


def sample_rows(places: Ints, most: int, seed: int) -> Ints:
    """Return the places of so many rows at most, drawn evenly, in their order."""
    if len(places) <= most:
        return places
    drawn = np.random.default_rng(seed).choice(places, size=most, replace=False)
    return np.sort(drawn)


def mean_with_error(
    values: Floats, weights: Floats, groups: npt.NDArray[np.integer]
) -> tuple[float, float]:
    """Return the weighted mean of values and its standard error, over their groups."""
    by_group = sum_by_code(np.unique(groups, return_inverse=True)[1], weights * values)
    total = float(weights.sum())
    return float(by_group.sum()) / total, float(np.sqrt((by_group**2).sum())) / total


def exceeds_standard_error(
    gained: Floats, weights: Floats, groups: npt.NDArray[np.integer]
) -> bool:
    """Say whether what rows gain is, over their groups, more than one standard error of it."""
    mean, error = mean_with_error(gained, weights, groups)
    return mean > error
