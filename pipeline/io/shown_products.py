"""How often each list shows each product to the customers of each lifecycle stage.

The lists have some ten rows a customer and are counted as they are read; of customers the stage alone
is in memory.
"""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation import paths, stored_tables

_ROWS = 1_000_000
_KEYS = ["lifecycle_stage", "product_id", "list"]


def count_shown() -> pd.DataFrame:
    """Return lifecycle_stage, product_id, list and times: in how many customers' lists it stands."""
    stages = stored_tables.read_table(
        paths.SEGMENTS,
        columns=["customer_id", "lifecycle_stage"],
        read_dictionary=["lifecycle_stage"],
    )
    names = stages["lifecycle_stage"].cast(pa.string()).combine_chunks().dictionary_encode()
    ids = stages["customer_id"].combine_chunks()
    counted = [
        _count(batch, ids, names)
        for batch in stored_tables.iter_batches(paths.PRODUCT_LISTS, _ROWS)
    ]
    if not counted:
        return pd.DataFrame({**{key: pd.Series(dtype="str") for key in _KEYS}, "times": []})
    counts = pa.concat_tables(counted).to_pandas()
    summed: pd.DataFrame = counts.groupby(_KEYS, sort=True)[["times"]].sum().reset_index()
    return summed


def _count(batch: pa.RecordBatch, ids: pa.Array, stages: pa.DictionaryArray) -> pa.Table:
    """Count rows of lists; those of nobody who is segmented are left out."""
    place = pc.index_in(batch["customer_id"], value_set=ids)
    rows = pa.table(
        {
            "lifecycle_stage": stages.take(place).cast(pa.string()),
            "product_id": batch["product_id"].cast(pa.string()),
            "list": batch["list"].cast(pa.string()),
        }
    )
    known = rows.filter(rows["lifecycle_stage"].is_valid())
    counts = known.group_by(_KEYS, use_threads=False).aggregate([([], "count_all")])
    return counts.rename_columns([*_KEYS, "times"])
