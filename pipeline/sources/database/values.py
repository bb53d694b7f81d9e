"""Values as a driver returns them, as Arrow arrays of one type.

What an Arrow type cannot hold is not brought near to it: it stays something that no contract type
takes for a value, or is said to be empty.
"""

import json
from collections.abc import Sequence
from decimal import ROUND_05UP, Context, Decimal

import pyarrow as pa

ANY_DECIMAL = pa.decimal128(38, 20)
"""For decimals whose precision the database does not declare."""
_STEP = Decimal(1).scaleb(-ANY_DECIMAL.scale)
_WIDE = Context(prec=80)
_LARGEST = Decimal(10) ** (ANY_DECIMAL.precision - ANY_DECIMAL.scale)


def record_batch(rows: Sequence[Sequence[object]], schema: pa.Schema) -> pa.RecordBatch:
    """Return the rows of a cursor as a batch of Arrow."""
    columns = zip(*rows, strict=True)
    arrays = [
        arrow_array(values, field.type) for values, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def arrow_array(values: Sequence[object], type_: pa.DataType) -> pa.Array:
    """Return the values in a type; text of whatever is none."""
    if type_ == ANY_DECIMAL:
        return pa.array([_decimal(value) for value in values], type_)
    if pa.types.is_decimal(type_):
        return pa.array([_finite(value) for value in values], type_)
    if pa.types.is_string(type_):
        return pa.array([_text(value) for value in values], type_)
    return pa.array(values, type_)


def _finite(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) and value.is_finite() else None


def _decimal(value: object) -> Decimal | None:
    """Return a decimal of 20 places; a longer one never ends in 0 or 5, as if it were whole.

    1.5000000000000000000001 becomes …01: rounded to the nearest it would be the amount 1.50.
    Not a number, infinity and more than 18 digits before the point are no amounts: empty.
    """
    finite = _finite(value)
    if finite is None or abs(finite) >= _LARGEST:
        return None
    return finite.quantize(_STEP, ROUND_05UP, _WIDE)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return str(value)
