"""Frames of any types become contract tables without a value lost or changed."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.foundation.contracts.columns import Column, ColumnType
from pipeline.foundation.contracts.conform import Formats, conform
from pipeline.foundation.contracts.tables import (
    CUSTOMERS,
    PRODUCT_EVENTS,
    PRODUCTS,
    UNPARSED,
    Table,
)
from pipeline.foundation.errors import DataError

ISO = Formats()
SPANISH = Formats(
    decimal=",",
    date_format="%d/%m/%Y",
    moment_format="%d/%m/%Y %H:%M:%S",
    timezone="Europe/Madrid",
)


def read(values: Any, type_: ColumnType, formats: Formats = ISO) -> list[Any]:
    return list(conformed(values, type_, formats)["x"].to_pylist())


def unread(values: Any, type_: ColumnType, formats: Formats = ISO) -> list[str | None]:
    documents = conformed(values, type_, formats)[UNPARSED].to_pylist()
    return [json.loads(document)["x"] if document else None for document in documents]


def conformed(values: Any, type_: ColumnType, formats: Formats) -> pa.Table:
    table = Table("one", grain="one row", key=(), columns=(Column("x", type_),))
    conformed_ = conform(pd.DataFrame({"x": values}), table, formats)
    assert conformed_.num_rows == len(values)
    return conformed_


# The table


def test_missing_optional_columns_are_added_empty_in_contract_order() -> None:
    frame = pd.DataFrame({"tier": [1], "category": ["loans"], "product_id": ["p1"]})
    table = conform(frame, PRODUCTS)
    assert table.schema.equals(PRODUCTS.raw_schema)
    assert table.to_pylist()[0] | {"tier": 1, "category": "loans", "product_id": "p1"} == (
        dict.fromkeys(table.column_names) | {"tier": 1, "category": "loans", "product_id": "p1"}
    )


def test_a_missing_required_column_is_named_with_the_nearest_one_found() -> None:
    frame = pd.DataFrame({"product_id": ["p1"], "category": ["loans"], "tiers": [1]})
    with pytest.raises(DataError, match=r"column 'tier' in table 'products'.*'tiers'\?"):
        conform(frame, PRODUCTS)


def test_a_column_that_the_contract_does_not_know_is_refused() -> None:
    frame = pd.DataFrame({"customer_id": ["c1"], "genders": ["f"]})
    with pytest.raises(DataError, match=r"found 'genders'. Did you mean 'gender'\?"):
        conform(frame, CUSTOMERS)


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([["c1", "c2"]], columns=["customer_id", "customer_id"])
    with pytest.raises(DataError, match="column 'customer_id' once"):
        conform(frame, CUSTOMERS)


def test_rows_keep_their_order_whatever_their_index() -> None:
    frame = pd.DataFrame({"customer_id": ["b", "a", "c"]}, index=[7, 7, 0])
    assert conform(frame, CUSTOMERS)["customer_id"].to_pylist() == ["b", "a", "c"]


def test_an_empty_frame_becomes_an_empty_table() -> None:
    assert conform(pd.DataFrame({"customer_id": []}), CUSTOMERS).num_rows == 0


def test_unreadable_values_of_a_row_are_kept_together_as_they_stood() -> None:
    frame = pd.DataFrame(
        {
            "product_id": ["p1", "p2", "p3"],
            "category": ["loans"] * 3,
            "tier": ["1", " two ", "3"],
            "price": ["9.99", 'n/a "soon"', "free"],
        }
    )
    documents = conform(frame, PRODUCTS)[UNPARSED].to_pylist()
    assert documents == [
        None,
        '{"price": "n/a \\"soon\\"", "tier": " two "}',
        '{"price": "free"}',
    ]


def test_the_given_frame_is_not_changed() -> None:
    frame = pd.DataFrame({"customer_id": [" a "], "household_size": ["x"]})
    before = frame.copy()
    conform(frame, CUSTOMERS)
    pd.testing.assert_frame_equal(frame, before)


# Text


def test_text_loses_the_spaces_around_it_and_blank_text_is_empty() -> None:
    assert read([" a b ", "", "  ", None], "text") == ["a b", None, None, None]
    assert unread([" a b ", "", "  ", None], "text") == [None] * 4


def test_text_is_composed_and_loses_characters_that_nobody_sees() -> None:
    given = ["Cafe\u0301", "Café", "an\u200ba@x.es\ufeff", "soft\u00adhyphen", "\u200b"]
    assert read(given, "text") == ["Café", "Café", "ana@x.es", "softhyphen", None]
    assert unread(given, "text") == [None] * 5


def test_words_that_mean_missing_elsewhere_stay_words() -> None:
    assert read(["NA", "null", "nan", "None"], "text") == ["NA", "null", "nan", "None"]


@pytest.mark.parametrize(
    "ids",
    [
        pd.Series([7, 12]),
        pd.Series([7.0, 12.0]),
        pd.Series([7, 12], dtype="Int64"),
        pd.Series([7, 12], dtype="category"),
        pd.Series(["7", "12"], dtype="category"),
        pd.Series([Decimal(7), Decimal(12)]),
        pd.Series([7, "12"], dtype=object),
        pd.Series([7, 12], dtype=pd.ArrowDtype(pa.int32())),
        pd.Series(["7", "12"], dtype=pd.ArrowDtype(pa.large_string())),
    ],
    ids=lambda ids: str(ids.dtype),
)
def test_ids_become_plain_text_whatever_their_type(ids: "pd.Series[Any]") -> None:
    assert read(ids, "text") == ["7", "12"]


def test_ids_that_gaps_made_floats_become_text_without_a_point() -> None:
    assert read([1234567890123.0, None], "text") == ["1234567890123", None]


def test_ids_keep_their_leading_zeros() -> None:
    assert read(["007"], "text") == ["007"]


# Numbers


def test_whole_numbers_may_be_written_with_zero_decimals() -> None:
    assert read(["3", "3.0", "+4", "-5", 3.0], "integer") == [3, 3, 4, -5, 3]


@pytest.mark.parametrize("value", ["3.5", "1e3", "three", "1 00", "9" * 30, "0x10", "1,5", "3-4"])
def test_text_that_is_no_whole_number_is_unreadable(value: str) -> None:
    assert unread([value], "integer") == [value]


def test_typed_numbers_that_are_not_whole_are_unreadable() -> None:
    assert unread([2.5, 2.0, None], "integer") == ["2.5", None, None]
    assert unread([Decimal("2.5"), Decimal(2)], "integer") == ["2.5", None]
    assert unread([True], "integer") == ["true"]


def test_numbers_that_a_float_no_longer_tells_apart_are_not_whole() -> None:
    assert read([2.0**53, 2.0**53 - 1], "integer") == [None, 2**53 - 1]


def test_infinity_is_unreadable_and_nan_is_empty() -> None:
    assert read([np.inf, np.nan, 0.5], "number") == [None, None, 0.5]
    assert unread([np.inf, np.nan, 0.5], "number") == ["inf", None, None]
    assert unread(["inf", "nan", "1e400"], "number") == ["inf", "nan", "1e400"]


# Money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.34", "12.34"),
        ("12.3", "12.30"),
        ("12", "12.00"),
        (".5", "0.50"),
        ("-0.10", "-0.10"),
        ("12.3400", "12.34"),
        ("0012.30", "12.30"),
        ("1,234.56", "1234.56"),
        ("1,234,567", "1234567.00"),
        ("9999999999999999.99", "9999999999999999.99"),
    ],
)
def test_amounts_are_read_exactly(text: str, amount: str) -> None:
    assert read([text], "money") == [Decimal(amount)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1.234,56", "1234.56"), ("12,5", "12.50"), ("1.234", "1234.00"), ("-0,10", "-0.10")],
)
def test_amounts_with_a_decimal_comma_are_read_exactly(text: str, amount: str) -> None:
    assert read([text], "money", SPANISH) == [Decimal(amount)]


@pytest.mark.parametrize(
    "text",
    ["5.999", "1e3", "$5 $", "5 or 6", "12,34", "0,125", "1,23,456", "12 34", "1-2", "-", "9" * 17],
)
def test_text_that_is_no_amount_is_unreadable(text: str) -> None:
    assert unread([text], "money") == [text]


@pytest.mark.parametrize("text", ["12.34", "1.23,4", "0.125", "12,345", "1.2345"])
def test_a_point_that_does_not_group_thousands_is_not_dropped(text: str) -> None:
    assert unread([text], "money", SPANISH) == [text]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u202f234,50", "1234.50"),
        ("1'234,50", "1234.50"),
        ("19,90 €", "19.90"),
        ("€ 19,90", "19.90"),
        ("19,90\u00a0EUR", "19.90"),
        ("19,90-", "-19.90"),
        ("-19,90 €", "-19.90"),
        ("1.234,50 €-", "-1234.50"),
        ("\u221219,90", "-19.90"),
    ],
)
def test_amounts_may_carry_a_currency_group_by_spaces_and_have_their_minus_behind(
    text: str, amount: str
) -> None:
    assert read([text], "money", SPANISH) == [Decimal(amount)]


def test_float_amounts_stand_for_the_hundredths_they_are_nearest_to() -> None:
    amounts = [12.34, 0.1 + 0.2, 1234567.89, -3.5, 99999999999.99]
    expected = ["12.34", "0.30", "1234567.89", "-3.50", "99999999999.99"]
    assert read(amounts, "money") == [Decimal(amount) for amount in expected]
    assert read(np.array([12.34, 1000.01], "float32"), "money") == [
        Decimal("12.34"),
        Decimal("1000.01"),
    ]


@pytest.mark.parametrize("amount", [5.999, 10000.005, 5000.004, 1e15 + 0.5, np.inf])
def test_float_amounts_beyond_hundredths_are_unreadable(amount: float) -> None:
    assert read([amount, 1.0], "money") == [None, Decimal("1.00")]


def test_decimal_and_integer_amounts_are_kept_exactly() -> None:
    assert read([Decimal("12.340"), Decimal("9.999"), Decimal(7)], "money") == [
        Decimal("12.34"),
        None,
        Decimal("7.00"),
    ]
    assert read([10**15, 10**16], "money") == [Decimal(10**15), None]


# Dates and moments


def test_dates_outside_the_range_of_nanoseconds_are_read() -> None:
    assert read(["9999-12-31", "1492-10-12"], "date") == [date(9999, 12, 31), date(1492, 10, 12)]
    assert read([date(9999, 12, 31), None], "date") == [date(9999, 12, 31), None]


@pytest.mark.parametrize(
    "text",
    ["2025-02-30", "2025-04-31", "2025-13-01", "25-01-01", "2025-01-05 10:00:00", "0", "nan"],
)
def test_text_that_is_no_date_is_unreadable(text: str) -> None:
    assert unread([text, "2025-01-05"], "date") == [text, None]


@pytest.mark.parametrize("text", ["now", "today"])
def test_dates_are_never_taken_from_the_clock(text: str) -> None:
    assert unread([text], "date") == [text]
    assert unread([text], "moment") == [text]


def test_days_and_months_may_lack_their_leading_zero() -> None:
    assert read(["5/1/2025"], "date", SPANISH) == [date(2025, 1, 5)]


@pytest.mark.parametrize("text", ["2025-01-05 24:00:00", "2025-02-29 10:00:00", "2025-01-05"])
def test_text_that_is_no_moment_is_unreadable(text: str) -> None:
    assert unread([text], "moment") == [text]


def test_a_leap_second_is_the_second_after_it() -> None:
    moments = read(["2016-12-31 23:59:60"], "moment")
    assert moments == [datetime(2017, 1, 1)]  # noqa: DTZ001 - the contract's moments are naive UTC


def test_dates_given_as_numbers_are_read_by_the_format_not_as_nanoseconds() -> None:
    assert read([20250105], "date", Formats(date_format="%Y%m%d")) == [date(2025, 1, 5)]
    assert unread([20250105], "date") == ["20250105"]


def test_local_times_become_utc() -> None:
    local = ["15/01/2025 12:00:00", "15/07/2025 12:00:00"]
    assert read(local, "moment", SPANISH) == [
        datetime(2025, 1, 15, 11),  # noqa: DTZ001 - the contract's moments are naive UTC
        datetime(2025, 7, 15, 10),  # noqa: DTZ001 - the contract's moments are naive UTC
    ]


def test_local_times_that_the_clocks_skip_are_unreadable() -> None:
    local = ["30/03/2025 02:30:00", "30/03/2025 03:30:00"]
    assert unread(local, "moment", SPANISH) == [local[0], None]


def test_local_times_that_the_clocks_pass_twice_are_the_first_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    local = ["26/10/2025 02:30:00", None, "26/10/2025 03:30:00", "30/03/2025 02:30:00"]
    assert read(local, "moment", SPANISH) == [
        datetime(2025, 10, 26, 0, 30),  # noqa: DTZ001 - the contract's moments are naive UTC
        None,
        datetime(2025, 10, 26, 2, 30),  # noqa: DTZ001 - as above
        None,
    ]
    assert (
        "1 local times lie in the hour that the clocks of Europe/Madrid pass twice" in caplog.text
    )


@pytest.mark.filterwarnings("ignore:Series.values")  # pyarrow asks pandas for it
def test_typed_moments_with_a_zone_become_utc_and_dates_keep_their_own_day() -> None:
    midnight = pd.Series([datetime(1980, 1, 1, tzinfo=ZoneInfo("Europe/Madrid"))])
    assert read(midnight, "moment") == [datetime(1979, 12, 31, 23)]  # noqa: DTZ001 - as above
    assert read(midnight, "date") == [date(1980, 1, 1)]


@pytest.mark.filterwarnings("ignore:Series.values")  # pyarrow asks pandas for it
def test_a_date_with_an_offset_keeps_the_day_that_is_written_and_an_instant_has_the_mappings() -> (
    None
):
    formats = Formats(date_format="%Y-%m-%dT%H:%M:%S%z", timezone="Europe/Madrid")
    texts = ["1990-05-12T00:00:00+02:00", "1990-05-11T18:00:00-04:00", "1990-05-11T22:00:00Z"]
    assert read(texts, "date", formats) == [date(1990, 5, 12), date(1990, 5, 11), date(1990, 5, 12)]
    instant = pd.Series(pd.to_datetime(["1990-05-11T22:00:00Z"]))
    assert read(instant, "date", formats) == [date(1990, 5, 12)]


def test_a_day_without_an_hour_is_that_day_in_whatever_zone() -> None:
    formats = Formats(moment_format="%Y-%m-%d", timezone="America/Santiago")
    midnight = datetime(2024, 9, 8)  # noqa: DTZ001 - the contract's moments are naive UTC
    assert read(["2024-09-08"], "moment", formats) == [midnight]  # the clocks skipped its midnight
    assert read([date(2024, 9, 8)], "moment", formats) == [midnight]


def test_a_midnight_that_the_clocks_skip_is_the_first_moment_of_its_day() -> None:
    formats = Formats(timezone="America/Santiago")
    texts = ["2024-09-08 00:00:00", "2024-09-08 00:30:00"]
    assert read(texts, "moment", formats) == [
        datetime(2024, 9, 8, 4),  # noqa: DTZ001 - the contract's moments are naive UTC
        None,
    ]


def test_text_with_an_offset_becomes_utc() -> None:
    formats = Formats(moment_format="%Y-%m-%d %H:%M:%S%z", timezone="Europe/Madrid")
    texts = ["2025-01-15 12:00:00+0500", "2025-01-15 12:00:00-0100"]
    assert [moment.hour for moment in read(texts, "moment", formats)] == [7, 13]


def test_fractions_of_seconds_are_read_where_the_format_has_them() -> None:
    formats = Formats(moment_format="%Y-%m-%d %H:%M:%S.%f")
    assert read(["2025-01-15 12:00:00.25"], "moment", formats)[0].microsecond == 250_000
    assert unread(["2025-01-15 12:00:00.25"], "moment") == ["2025-01-15 12:00:00.25"]


# Flags


def test_flags_are_read_from_words_and_from_zero_and_one() -> None:
    assert read(["Yes", "f", "1", "NO", None], "flag") == [True, False, True, False, None]
    assert read([1.0, 0.0, np.nan], "flag") == [True, False, None]
    assert unread(["maybe", "true"], "flag") == ["maybe", None]
    assert unread([2, 1], "flag") == ["2", None]


# Any type


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("number", pd.Timestamp("2025-01-05")),
        ("money", True),
        ("moment", True),
        ("flag", date(2025, 1, 5)),
        ("integer", ["nested"]),
        ("number", 1 + 2j),
        ("date", pd.Timedelta(days=1)),
        ("integer", b"\xff"),
    ],
)
def test_a_value_of_a_type_that_cannot_be_meant_is_unreadable(
    type_: ColumnType, value: object
) -> None:
    assert read([value], type_) == [None]
    assert unread([value], type_) != [None]


@pytest.mark.parametrize("type_", ["text", "integer", "money", "number", "date", "moment", "flag"])
def test_an_empty_column_of_any_type_is_empty(type_: ColumnType) -> None:
    assert read([None, None], type_) == [None, None]
    assert unread([np.nan, np.nan], type_) == [None, None]
    assert read(pd.Series([pd.NaT, pd.NaT]), type_) == [None, None]


# What is written is read back


def _with_decimal(text: str, formats: Formats) -> str:
    return text.replace(".", formats.decimal)


@st.composite
def _grouped(draw: st.DrawFn) -> tuple[Decimal, str]:
    """Return an amount and the way in which a Spanish export may write it."""
    cents = draw(st.integers(-(10**17), 10**17))
    amount = Decimal(cents).scaleb(-2)
    style = draw(st.sampled_from([",.2f", ".2f"]))
    return amount, format(amount, style).translate(str.maketrans(",.", ".,"))


@given(st.lists(_grouped(), min_size=1))
def test_amounts_written_as_text_read_back_equal(rows: list[tuple[Decimal, str]]) -> None:
    amounts, texts = zip(*rows, strict=True)
    assert read(list(texts), "money", SPANISH) == list(amounts)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_amounts_held_as_floats_read_back_equal(cents: list[int]) -> None:
    amounts = [Decimal(amount).scaleb(-2) for amount in cents]
    assert read([float(amount) for amount in amounts], "money") == amounts


@given(st.lists(st.integers(-(10**18) + 1, 10**18 - 1), min_size=1))
def test_whole_numbers_written_as_text_read_back_equal(numbers: list[int]) -> None:
    assert read([str(number) for number in numbers], "integer") == numbers


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_written_as_text_read_back_equal(numbers: list[float]) -> None:
    texts = [_with_decimal(repr(number), SPANISH) for number in numbers]
    assert read(texts, "number", SPANISH) == numbers


@given(st.lists(st.dates(min_value=date(1000, 1, 1)), min_size=1))
def test_dates_written_as_text_read_back_equal(days: list[date]) -> None:
    assert read([day.strftime("%d/%m/%Y") for day in days], "date", SPANISH) == days


@given(st.lists(st.datetimes(min_value=datetime(1000, 1, 1)), min_size=1))  # noqa: DTZ001 - naive UTC
def test_moments_written_as_text_read_back_equal(moments: list[datetime]) -> None:
    whole = [moment.replace(microsecond=0) for moment in moments]
    assert read([str(moment) for moment in whole], "moment") == whole
    formats = Formats(moment_format="%Y-%m-%dT%H:%M:%S.%f")
    texts = [moment.isoformat(timespec="microseconds") for moment in moments]
    assert read(texts, "moment", formats) == moments


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=8), st.integers(-99, 99), st.floats(), st.booleans()),
        min_size=1,
    ),
    st.sampled_from(["integer", "money", "number", "date", "moment", "flag"]),
)
def test_no_value_is_lost(values: list[object], type_: ColumnType) -> None:
    table = conformed(pd.Series(values, dtype=object), type_, Formats())
    is_read = [value is not None for value in table["x"].to_pylist()]
    is_kept = [document is not None for document in table[UNPARSED].to_pylist()]
    is_empty = [
        value is None or value != value or (isinstance(value, str) and not value.strip())  # noqa: PLR0124 - NaN
        for value in values
    ]
    assert [sum(states) for states in zip(is_read, is_kept, is_empty, strict=True)] == [1] * len(
        values
    )


def test_a_table_of_every_column_type_reads_back_equal_from_text_and_from_types() -> None:
    typed = pd.DataFrame(
        {
            "customer_id": ["c1", "c2"],
            "product_id": ["p1", "p2"],
            "kind": ["acquired", "returned"],
            "occurred_at": pd.to_datetime(["2025-01-05 10:00:00", "2025-02-05 11:30:15"]),
            "quantity": [1, 2],
            "amount": [19.99, 0.05],
        }
    )
    assert conform(typed, PRODUCT_EVENTS).equals(conform(typed.astype("str"), PRODUCT_EVENTS))
