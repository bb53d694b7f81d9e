"""Blocks of customers who are drawn together, so that no company is in memory whole.

A block is a branch of the company: its marketing runs campaigns of its own, and faults hit its
regions alone. Catalogue, prices and seasons are those of the whole company. A block depends on the
seed and on its number, so a company that grows keeps the customers of its full blocks.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.foundation.config import SimulatedParams
from pipeline.sources.simulated.visible import customer_ids

CUSTOMERS = 20_000
"""Of a full block; the same always, or the same parameters would give other bytes."""


@dataclass(frozen=True)
class Block:
    """Some of the company's customers, numbered on end."""

    number: int
    first: int
    """Number of its first customer."""
    count: int
    seed: int
    """Of all that is drawn for its customers alone."""
    is_last: bool

    def of_own(self, contacted: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of its customers; each row, known or not, is one block's."""
        start, end = customer_ids(1, self.first)[0].as_py(), customer_ids(1, self.end)[0].as_py()
        ids = contacted["customer_id"].astype("str")
        is_own = ((self.number == 0) | (ids >= start)) & (self.is_last | (ids < end))
        own: pd.DataFrame = contacted[is_own].reset_index(drop=True)
        return own

    @property
    def end(self) -> int:
        """Return the number after that of its last customer."""
        return self.first + self.count


def blocks_of(params: SimulatedParams, size: int = CUSTOMERS) -> tuple[Block, ...]:
    """Return the blocks of a company, in the order of its customers."""
    starts = range(0, params.customers, size)
    return tuple(
        Block(
            number,
            first,
            min(size, params.customers - first),
            _seed(params.seed, number),
            number == len(starts) - 1,
        )
        for number, first in enumerate(starts)
    )


def _seed(seed: int, number: int) -> int:
    """Return the company's own seed for the first block, and one that follows from it later."""
    if number == 0:
        return seed
    return int(np.random.SeedSequence([seed % 2**63, number]).generate_state(1, np.uint64)[0])
