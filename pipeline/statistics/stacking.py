"""Parts of a table under each other, as if they had never been apart."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals


def stack_frames(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of all parts, which have the same columns; categories come in their order.

    Of several the parts lose their columns one by one: beside the whole they would be too large.
    """
    if len(parts) == 1:
        return parts[0]
    return pd.DataFrame(
        {
            name: stack_columns([part.pop(name) for part in parts])
            for name in list(parts[0].columns)
        },
        copy=False,
    )


def stack_columns(parts: Sequence[pd.Series]) -> pd.Series:
    """Return the values of all parts; texts that a part lacks are categories all the same."""
    if isinstance(parts[0].dtype, pd.CategoricalDtype):
        return pd.Series(union_categoricals(list(parts), sort_categories=True))
    return pd.concat(parts, ignore_index=True)


def stack_codes(parts: Sequence[npt.NDArray[np.integer]]) -> npt.NDArray[np.int32]:
    """Return codes of all parts, each of which counts its own from 0; none is in two parts."""
    starts = np.cumsum([0, *(part.max(initial=-1) + 1 for part in parts)])
    codes = [part + start for part, start in zip(parts, starts, strict=False)]
    return np.concatenate(codes).astype(np.int32)
