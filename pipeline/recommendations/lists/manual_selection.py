"""The manual selection: the products that somebody wants shown, in their order."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from pipeline.foundation.errors import DataError, known


def choice(rows: pd.DataFrame, products: pd.DataFrame, stages: Collection[str]) -> pd.DataFrame:
    """Return product code and lifecycle_stage, empty for every stage, in the order of the rows.

    Args:
        rows: product_id and, if some are for one stage only, lifecycle_stage.
        products: the catalogue, by code.
        stages: the stages there are.

    Raises:
        DataError: a product or a stage is unknown.
    """
    stage = rows.get("lifecycle_stage", pd.Series(np.nan, rows.index, dtype="object"))
    strange = sorted(set(stage.dropna()) - set(stages))
    if strange:
        raise DataError(f"lifecycle_stage {known(stages)}", strange[0], "Correct the file.")
    code = pd.Index(products["product_id"]).get_indexer(pd.Index(rows["product_id"]))
    if (code < 0).any():
        missing = rows.loc[code < 0, "product_id"].iloc[0]
        raise DataError(
            "products of the catalogue in the manual selection", repr(missing), "Correct the file."
        )
    return pd.DataFrame({"product": code.astype(np.int32), "lifecycle_stage": stage})
