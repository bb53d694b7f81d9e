"""Array types, random streams and columns that belong together."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Annotated, Self

import numpy as np
import numpy.typing as npt

# Four bytes a number at run time; Python's own floats leave them as they are.
Floats = npt.NDArray[np.floating]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# Whole numbers of any width: codes are kept in one byte, moments in eight.
Codes = npt.NDArray[np.integer]
# Columns of Rows that are kept in fewer bytes than they are computed in.
Codes8 = Annotated[Codes, np.int8]
Codes16 = Annotated[Codes, np.int16]
Codes32 = Annotated[Codes, np.int32]

NONE = -1
"""The code of an empty value, in columns of codes and counts."""


def stream(seed: int, name: str, period: int = 0) -> np.random.Generator:
    """Return the random numbers of one part in one period, independent of every other part's."""
    return np.random.default_rng([seed % 2**63, zlib.crc32(name.encode()), period])


def normal(rng: np.random.Generator, *shape: int) -> Floats:
    """Draw standard normal numbers."""
    return rng.standard_normal(shape, dtype=np.float32)


def uniform(rng: np.random.Generator, *shape: int) -> Floats:
    """Draw numbers from [0, 1)."""
    return rng.random(shape, dtype=np.float32)


def sigmoid(log_odds: Floats) -> Floats:
    """Return the probability of log-odds."""
    return 1 / (1 + np.exp(-log_odds))


@dataclass(frozen=True)
class Rows:
    """Columns of equal length, one array each; the rows of one table while they are made."""

    def __post_init__(self) -> None:
        for column in fields(self):
            for width in getattr(column.type, "__metadata__", ()):
                kept = getattr(self, column.name).astype(width, copy=False)
                object.__setattr__(self, column.name, kept)

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def pick(self, rows: Flags | Whole) -> Self:
        """Return some of the rows, by mask or by position."""
        return type(self)(*(getattr(self, column.name)[rows] for column in fields(self)))

    @classmethod
    def stack(cls, parts: Sequence[Self]) -> Self:
        """Put the rows of several parts under each other."""
        columns = (column.name for column in fields(cls))
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))
