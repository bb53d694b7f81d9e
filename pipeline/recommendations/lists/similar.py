"""Item-based collaborative filtering: what those who bought the same also bought.

Products are alike as far as the same customers buy them (cosine); a product is worth to a customer
the sum of its similarity to all they bought. Computed in blocks of customers, so that memory does not
grow with their number.
"""

from collections.abc import Iterator

import numpy as np

from pipeline.recommendations.associations.baskets import Incidence
from pipeline.recommendations.coded import Codes
from pipeline.recommendations.lists.ranked import NONE
from pipeline.statistics.arrays import Floats

BLOCK = 5_000


def cosine_similarity(both: Floats) -> Floats:
    """Return products × products: the cosine of their customers, 0 with themselves.

    Args:
        both: customers who bought both, of each two products and of each with itself.
    """
    size = np.sqrt(both.diagonal())
    alike: Floats = np.divide(both, np.outer(size, size), out=np.zeros_like(both), where=both > 0)
    np.fill_diagonal(alike, 0)
    return alike


def most_alike(bought: Incidence, alike: Floats, products: Codes, depth: int) -> Codes:
    """Return each customer's products most similar to what they bought, best first.

    Args:
        bought: customers × products; a customer without any gets none.
        alike: what `cosine_similarity` returns; a column of zeros is never shown.
        products: the code of each column.
        depth: how many to show at most.
    """
    shown = np.full((bought.shape[0], depth), NONE, dtype=np.int32)
    width = min(depth, bought.shape[1])
    for start, sums in _blocks(bought, alike):
        # The lower column wins among equals, so that the order is the same on every machine.
        scores = sums - np.arange(sums.shape[1]) * 1e-12
        part = np.argpartition(-scores, width - 1, axis=1)[:, :width]
        order = np.argsort(-np.take_along_axis(scores, part, axis=1), axis=1, kind="stable")
        best = np.take_along_axis(part, order, axis=1)
        is_alike = np.take_along_axis(scores, best, axis=1) > 1e-6
        shown[start : start + len(scores), :width] = np.where(is_alike, products[best], NONE)
    return shown


def _blocks(bought: Incidence, alike: Floats) -> Iterator[tuple[int, Floats]]:
    if not bought.shape[1]:
        return
    for start in range(0, bought.shape[0], BLOCK):
        yield start, np.asarray(bought[start : start + BLOCK] @ alike, dtype=np.float64)
