"""Arrow batches as the pandas frames that Great Expectations reads, with one type a column.

An empty value must not change a batch's types, so whole numbers and flags arrive as pandas'
nullable types, dates as times, and amounts as floats (for ranges only; files keep the decimals).
"""

from collections.abc import Iterable, Iterator

import pandas as pd
import pyarrow as pa

_NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def to_frames(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pd.DataFrame]:
    """Turn batches into frames one by one; a table without rows gives one empty frame."""
    is_empty = True
    for batch in batches:
        is_empty = False
        yield _to_frame(pa.Table.from_batches([batch]))
    if is_empty:
        yield _to_frame(schema.empty_table())


def _to_frame(table: pa.Table) -> pd.DataFrame:
    fields = [field.with_type(_batch_type(field.type)) for field in table.schema]
    frame: pd.DataFrame = table.cast(pa.schema(fields)).to_pandas(
        types_mapper=_NULLABLE.get, date_as_object=False
    )
    return frame


def _batch_type(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_decimal(type_):
        return pa.float64()
    return pa.timestamp("us") if pa.types.is_date(type_) else type_
