"""Whatever text is read, it is read, kept as unparsed, or refused in words; and params likewise."""

from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.foundation import config
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import RAW_TABLES, UNPARSED, Table
from pipeline.foundation.errors import PipelineError
from pipeline.io.waves import read_responses

PARAMS = Path(__file__).parents[2] / "params.yaml"
QUICK = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,  # the same examples in every run
    suppress_health_check=list(HealthCheck),
)
TEXTS = st.one_of(
    st.text(max_size=20),
    st.floats().map(str),
    st.dates().map(str),
    st.datetimes().map(str),
    st.integers().map(str),
    st.sampled_from(["", " ", "NaN", "null", "=1+1", "1e999", "\0", "\u202e", "٣", "2025-02-30"]),
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.integers()),
)


@pytest.mark.parametrize("table", RAW_TABLES, ids=lambda table: table.name)
@QUICK
@given(data=st.data())
def test_every_text_of_a_table_is_read_or_kept_as_it_stood(
    table: Table, data: st.DataObject
) -> None:
    rows = data.draw(st.integers(1, 4))
    columns = {
        name: data.draw(st.lists(TEXTS, min_size=rows, max_size=rows)) for name in table.names
    }
    read = conform(pd.DataFrame(columns, dtype="str"), table)
    assert read.schema == table.raw_schema
    assert read.num_rows == rows
    for name in table.names:
        lost = [
            text
            for text, value, unread in zip(
                columns[name], read[name].to_pylist(), read[UNPARSED].to_pylist(), strict=True
            )
            if value is None and text.isascii() and text.strip().isprintable() and text.strip()
            if unread is None or f'"{name}"' not in unread
        ]
        assert lost == []


@QUICK
@given(
    type_=st.sampled_from(
        [
            pa.int8(),
            pa.uint64(),
            pa.float16(),
            pa.float64(),
            pa.bool_(),
            pa.date32(),
            pa.time64("us"),
        ]
    ),
    numbers=st.lists(st.integers(0, 100), min_size=1, max_size=4),
    data=st.data(),
)
def test_a_typed_column_is_read_or_kept_whatever_its_type(
    type_: pa.DataType, numbers: list[int], data: st.DataObject
) -> None:
    given_numbers = [bool(one) if pa.types.is_boolean(type_) else one for one in numbers]
    values = pa.array(map(float, numbers), type_) if pa.types.is_floating(type_) else None
    values = pa.array(given_numbers, type_) if values is None else values
    column = pd.Series(values, dtype=pd.ArrowDtype(type_))
    table = data.draw(st.sampled_from(RAW_TABLES))
    frame = pd.DataFrame(dict.fromkeys(table.names, column))
    assert conform(frame, table).num_rows == len(numbers)


@QUICK
@given(data=st.data())
def test_a_parameter_of_any_value_is_taken_or_refused_in_words(data: st.DataObject) -> None:
    raw = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    section = data.draw(st.sampled_from(sorted(raw)))
    if isinstance(raw[section], dict) and raw[section] and data.draw(st.booleans()):
        raw[section][data.draw(st.sampled_from(sorted(raw[section])))] = data.draw(VALUES)
    else:
        raw[section] = data.draw(VALUES)
    with suppress(PipelineError):  # in words; anything else is a fault
        config.parse(raw)


@QUICK
@given(content=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_responses_of_any_bytes_are_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("responses")
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        (folder / "data" / "responses").mkdir(parents=True)
        (folder / "data" / "responses" / "back.csv").write_bytes(content)
        with suppress(PipelineError):
            read_responses()
