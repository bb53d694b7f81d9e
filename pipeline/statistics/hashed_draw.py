"""Uniform numbers from salted hashes: a draw that nobody stores and anybody can repeat.

The same name and the same salt give the same number, on any machine and in any order of the rows.
"""

import hashlib

import numpy as np
import pandas as pd


def hashed_uniform(names: "pd.Series[str]", salt: str) -> "pd.Series[float]":
    """Return a number from [0, 1) for each name: the first 52 bits of its salted SHA-256."""
    codes, different = pd.factorize(names)
    digests = [hashlib.sha256(f"{salt}|{name}".encode()).digest() for name in different]
    numbers = np.array([int.from_bytes(digest[:8], "big") >> 12 for digest in digests], np.float64)
    return pd.Series(numbers[codes] / 2**52, index=names.index)
