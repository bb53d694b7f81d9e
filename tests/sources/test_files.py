"""The user's own files become contract tables, or an error says what to change."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.foundation import config
from pipeline.foundation.config import SourceParams
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.sources import RawData, read_source

EXAMPLE = Path(__file__).parent / "example_company"

CUSTOMERS = "customer_id\nc1\nc2\n"
PRODUCTS = "product_id,category,tier\np1,tea,1\n"
EVENTS = "customer_id,product_id,kind,occurred_at\nc1,p1,acquired,2025-01-05 10:00:00\n"


def source(
    folder: Path, tables: Mapping[str, Mapping[str, Any]], **attributes: str
) -> SourceParams:
    given = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    given["source"] |= {
        "name": "files",
        "customer_attributes": attributes,
        "files": {"folder": str(folder), "tables": tables},
    }
    return config.parse(given).source


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    return tmp_path


def read(folder: Path, table: str = "", /, **mapping: object) -> RawData:
    """Read the three required files, one of them mapped in another way or another one too."""
    tables: dict[str, dict[str, object]] = {
        "customers": {"file": "customers.csv"},
        "products": {"file": "products.csv"},
        "product_events": {"file": "events.csv"},
    }
    if table:
        tables[table] = {**tables.get(table, {}), **mapping}
    return read_source(source(folder, tables))


def read_customers(folder: Path, content: str | bytes, **mapping: object) -> list[dict[str, Any]]:
    binary = content.encode() if isinstance(content, str) else content
    (folder / "customers.csv").write_bytes(binary)
    return list(read(folder, "customers", **mapping).tables["customers"].to_pylist())


# Whole companies


def test_files_in_the_contracts_own_names_need_no_mapping(folder: Path) -> None:
    data = read(folder)
    assert data.tables["customers"]["customer_id"].to_pylist() == ["c1", "c2"]
    assert data.tables["products"]["tier"].to_pylist() == [1]
    assert set(data.tables) == {"customers", "products", "product_events"}
    assert not data.truth


def test_the_statement_names_every_file(folder: Path) -> None:
    assert read(folder).statement == (
        f"The user's own files in {folder}: customers from customers.csv, product_events from "
        "events.csv, products from products.csv."
    )


@pytest.fixture(scope="module")
def example() -> RawData:
    given = yaml.safe_load((EXAMPLE / "params.yaml").read_text(encoding="utf-8"))["source"]
    return read_source(source(EXAMPLE, given["files"]["tables"], **given["customer_attributes"]))


def test_every_value_of_the_example_company_can_be_read(example: RawData) -> None:
    counts = {name: table.num_rows for name, table in example.tables.items()}
    assert counts == {"customers": 72, "products": 10, "product_events": 245, "interactions": 183}
    assert all(table["_unparsed"].null_count == table.num_rows for table in example.tables.values())


def test_the_example_companys_customers_are_read_in_its_own_words(example: RawData) -> None:
    customers = example.tables["customers"].to_pylist()
    assert customers[0] == dict.fromkeys(example.tables["customers"].column_names) | {
        "customer_id": "0000037",
        "household_id": "H0001",
        "customer_type": "consumer",
        "birth_date": date(1977, 3, 2),
        "gender": "male",
        "region": "Sevilla",
        "household_size": 2,
        "signed_up_on": date(2024, 1, 20),
        "language": "es",
        "estado_civil": "soltero",
    }
    assert "Cádiz" in {customer["region"] for customer in customers}


def test_the_example_companys_amounts_and_times_are_exact(example: RawData) -> None:
    products = {row["product_id"]: row for row in example.tables["products"].to_pylist()}
    assert products["TER2"]["price"] == Decimal("1299.00")  # written 1.299,00
    assert products["TER2"]["margin_rate"] == 0.11
    event = example.tables["product_events"].to_pylist()[0]
    assert (event["amount"], event["discount"]) == (Decimal("14.00"), Decimal("3.50"))
    assert event["occurred_at"] == datetime(2024, 1, 10, 8, 45)  # noqa: DTZ001 - 09:45 in Madrid


def test_the_example_companys_words_become_the_contracts(example: RawData) -> None:
    events = example.tables["product_events"].to_pandas()
    assert set(events["kind"]) == {"acquired", "cancelled"}
    assert set(events["channel"]) == {"web", "store", "phone"}
    assert set(events["quantity"]) == {1}


# Text


def test_ids_keep_leading_zeros_and_na_is_a_value(folder: Path) -> None:
    rows = read_customers(folder, "customer_id,region\n007,NA\nNULL,\n")
    assert [(row["customer_id"], row["region"]) for row in rows] == [("007", "NA"), ("NULL", None)]


def test_a_byte_order_mark_is_no_part_of_the_first_name(folder: Path) -> None:
    assert len(read_customers(folder, b"\xef\xbb\xbfcustomer_id\r\nc1\r\n")) == 1


def test_quoted_text_may_hold_delimiters_and_lines(folder: Path) -> None:
    rows = read_customers(folder, 'customer_id,region\nc1,"north, or\nso"\n')
    assert rows[0]["region"] == "north, or\nso"


def test_compressed_files_are_read(folder: Path) -> None:
    pd.DataFrame({"customer_id": ["01"]}).to_csv(folder / "people.csv.gz", index=False)
    customers = read(folder, "customers", file="people.csv.gz").tables["customers"]
    assert customers["customer_id"].to_pylist() == ["01"]


# Parquet


def test_parquet_keeps_its_types(folder: Path) -> None:
    columns = {
        "id": pa.array([7, None, 9], pa.int32()),
        "band": pa.array(["low", "high", "low"]).dictionary_encode(),
        "born": pa.array([date(1980, 1, 1), None, date(9999, 12, 31)]),
        "size": pa.array([Decimal("2.0"), None, Decimal("3.0")]),
    }
    pq.write_table(pa.table(columns), folder / "people.parquet")
    mapped = {
        "customer_id": "id",
        "income_band": "band",
        "birth_date": "born",
        "household_size": "size",
    }
    rows = read(folder, "customers", file="people.parquet", columns=mapped).tables["customers"]
    assert rows["customer_id"].to_pylist() == ["7", None, "9"]
    assert rows["income_band"].to_pylist() == ["low", "high", "low"]
    assert rows["birth_date"].to_pylist() == [date(1980, 1, 1), None, date(9999, 12, 31)]
    assert rows["household_size"].to_pylist() == [2, None, 3]


def test_lists_where_the_contract_asks_for_one_value_are_refused_and_others_are_not_read(
    folder: Path,
) -> None:
    columns = {"customer_id": ["a"], "region": ["north"], "tags": [["x", "y"]]}
    pq.write_table(pa.table(columns), folder / "people.parquet")
    assert read(folder, "customers", file="people.parquet").tables["customers"].num_rows == 1
    mapped = {"customer_id": "customer_id", "region": "tags"}
    with pytest.raises(DataError, match=r"one value a row in column tags.*list<"):
        read(folder, "customers", file="people.parquet", columns=mapped)


def test_values_of_typed_columns_are_mapped_as_they_are_written(folder: Path) -> None:
    columns = {"customer_id": ["a", "b", "c"], "customer_type": pa.array([1, 2, None])}
    pq.write_table(pa.table(columns), folder / "people.parquet")
    values = {"customer_type": {"1": "consumer", "2": "business"}}
    rows = read(folder, "customers", file="people.parquet", values=values).tables["customers"]
    assert rows["customer_type"].to_pylist() == ["consumer", "business", None]


def test_a_file_that_is_not_parquet_is_refused(folder: Path) -> None:
    (folder / "people.parquet").write_text("customer_id\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"expected parquet in .*people.parquet"):
        read(folder, "customers", file="people.parquet")


# Mapping


def test_only_mapped_columns_are_read_and_the_others_are_named(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        rows = read_customers(folder, "id,email,note\nc1,a@b.es,x\n", columns={"customer_id": "id"})
    assert rows[0]["email"] is None
    assert "customers: 1 rows of" in caplog.text
    assert "columns not read: email, note" in caplog.text
    assert "a@b.es" not in caplog.text


def test_values_that_are_not_mapped_stay_as_they_are(folder: Path) -> None:
    rows = read_customers(
        folder,
        "customer_id,customer_type\na, P \nb,X\nc,\nd,?\n",
        values={"customer_type": {"P": "consumer", "?": ""}},
    )
    assert [row["customer_type"] for row in rows] == ["consumer", "X", None, None]


def test_a_constant_fills_every_row(folder: Path) -> None:
    rows = read_customers(folder, CUSTOMERS, constants={"household_size": "2"})
    assert [row["household_size"] for row in rows] == [2, 2]


def test_a_constant_can_stand_for_a_required_column(folder: Path) -> None:
    (folder / "products.csv").write_text("product_id,category\np1,tea\n", encoding="utf-8")
    products = read(folder, "products", constants={"tier": "1"}).tables["products"]
    assert products["tier"].to_pylist() == [1]


def test_a_column_of_which_nothing_can_be_read_is_pointed_at(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = "customer_id,birth_date,household_size\na,31/12/1980,x\nb,,2\n"
    rows = read_customers(folder, content)
    assert rows[0]["_unparsed"] == '{"birth_date": "31/12/1980", "household_size": "x"}'
    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 1
    assert "birth_date (column 'birth_date'): none of its 1 values can be read" in warnings[0]


def test_names_and_values_match_however_their_accents_are_written(folder: Path) -> None:
    composed, decomposed = "categoría", "categori\u0301a"
    rows = read_customers(
        folder,
        f"\ufeffcustomer_id,{decomposed}\nc1,Cafe\u0301\nc2,Café\n",
        columns={"customer_id": "customer_id", "region": composed},
        values={"region": {"Café": "coffee"}},
    )
    assert [row["region"] for row in rows] == ["coffee", "coffee"]


def test_two_date_columns_of_a_file_may_be_written_in_two_ways(folder: Path) -> None:
    rows = read_customers(
        folder,
        "customer_id,birth_date,signed_up_on\nc1,05.03.1945,2020-03-05\n",
        formats={"birth_date": "%d.%m.%Y"},
    )
    assert rows[0]["birth_date"] == date(1945, 3, 5)
    assert rows[0]["signed_up_on"] == date(2020, 3, 5)


def test_windows_text_declared_as_latin_1_is_refused_with_the_likely_encoding(folder: Path) -> None:
    content = "customer_id,region\nc1,10€ – “plus”\n".encode("cp1252")
    with pytest.raises(DataError, match=r"customers.encoding to cp1252"):
        read_customers(folder, content, encoding="latin-1")
    assert read_customers(folder, content, encoding="cp1252")[0]["region"] == "10€ – “plus”"


@pytest.mark.parametrize("declared", ["latin-1", "cp1252"])
def test_utf_8_declared_as_a_western_encoding_is_refused(folder: Path, declared: str) -> None:
    content = "customer_id,region\nc1,Café\nc2,León\n".encode()
    with pytest.raises(DataError, match=r"customers.encoding to utf-8"):
        read_customers(folder, content, encoding=declared)


def test_a_garbled_text_among_proper_ones_is_pointed_at_and_kept(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = read_customers(folder, "customer_id,region\nc1,CafÃ©\nc2,León\nc3,Málaga\n")
    assert [row["region"] for row in rows] == ["CafÃ©", "León", "Málaga"]
    assert "customers: 1 texts" in caplog.text


STRAY_QUOTES = (
    "customer_id\tregion\tlanguage\n"
    'c1\t"north\tes\n'
    + "".join(f"c{number}\tsouth\tes\n" for number in range(2, 6))
    + 'c6\teast"\tes\n'
)


def test_rows_that_a_stray_quote_swallows_are_refused_with_the_remedy(folder: Path) -> None:
    with pytest.raises(
        DataError, match=r"at least 4 rows inside one cell: .*customers.quote to null"
    ):
        read_customers(folder, STRAY_QUOTES, delimiter="\t")


def test_two_lines_merged_by_stray_quotes_are_refused_and_a_long_comment_is_not(
    folder: Path,
) -> None:
    merged = 'customer_id,region,gender\nc1,"north,male\nc2,south",female\n'
    with pytest.raises(DataError, match=r"1 rows that stand on several lines.*row 1.*A stray"):
        read_customers(folder, merged)
    comment = 'customer_id,region,gender\nc1,"north, by the sea,\nor so",male\n'
    assert read_customers(folder, comment)[0]["gender"] == "male"


def test_without_quoting_every_line_is_a_row(folder: Path) -> None:
    rows = read_customers(folder, STRAY_QUOTES, delimiter="\t", quote=None)
    assert [row["customer_id"] for row in rows] == [f"c{number}" for number in range(1, 7)]
    assert rows[0]["region"] == '"north'


def test_line_breaks_inside_a_quoted_text_are_counted_aloud(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = read_customers(folder, 'customer_id,region\nc1,"two\nlines"\nc2,one\n')
    assert [row["region"] for row in rows] == ["two\nlines", "one"]
    assert "customers: 1 line breaks" in caplog.text


# What to change


@pytest.mark.parametrize(
    ("content", "mapping", "message"),
    [
        ("customer_id;region\nc1;north\n", {}, r'one column .*Set .*customers.delimiter to ";"'),
        ("customer_id\tregion\nc1\tn\n", {}, r'delimiter to "\\t"'),
        (b"customer_id,region\nc1,Le\xf3n\n", {}, r"in the encoding 'utf-8'.*customers.encoding"),
        ("customer_id,region\nc1,n,w\n", {}, r"as many fields in every line.*line 2, saw 3"),
        ("", {}, r"a line of column names in .*found nothing"),
        ("customer_id\n", {}, r"rows in table 'customers'; found none"),
        ("id,id\n1,2\n", {"columns": {"customer_id": "id"}}, r"column 'id' once in customers.csv"),
        (CUSTOMERS, {"file": "nobody.csv"}, r"'nobody.csv' in .*customers.csv, events.csv"),
    ],
)
def test_a_file_that_cannot_be_read_as_said_is_an_error_with_its_remedy(
    folder: Path, content: str | bytes, mapping: dict[str, object], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        read_customers(folder, content, **mapping)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (
            {"columns": {"customer_id": "customr_id"}},
            r"a column of customers.csv, one of customer_id.*Did you mean 'customer_id'\?",
        ),
        (
            {"columns": {"customer_id": "customer_id", "gendre": "sex"}},
            r"columns one of .*found 'gendre'. Did you mean 'gender'\?",
        ),
        (
            {"columns": {"customer_id": "id", "household_id": "id"}},
            r"once.*found 'id' for customer_id and household_id",
        ),
        (
            {"columns": {"customer_id": "id"}, "constants": {"customer_id": "1"}},
            r"found both. Leave one of them out",
        ),
        ({"constants": {"citty": "x"}}, r"constants one of .*found 'citty'"),
        ({"values": {"kind": {"a": "b"}}}, r"values one of .*found 'kind'"),
        (
            {"columns": {"customer_id": "customer_id"}, "values": {"gender": {"a": "b"}}},
            r"columns that .* maps; found 'gender'",
        ),
        ({"columns": {"region": "customer_id"}}, r"for 'customer_id', which customers cannot do"),
        ({"timezone": "Europe/Madird"}, r"a time zone in .*found 'Europe/Madird'"),
        ({"date_format": "dd/mm/yyyy"}, r"customers.date_format; found 'dd/mm/yyyy'"),
        ({"moment_format": "%d/%m/%Y %Q"}, r"customers.moment_format; found"),
        ({"formats": {"birthdate": "%Y"}}, r"formats one of .*found 'birthdate'. Did you mean"),
        ({"formats": {"birth_date": "yyyy"}}, r"customers.formats.birth_date; found 'yyyy'"),
        ({"moment_format": "%d/%d"}, r"customers.moment_format; found"),
        ({"delimiter": "||"}, r"one character, none that ends a line, in .*delimiter"),
        ({"encoding": "latin-99"}, r"an encoding in .*found 'latin-99'"),
        ({"file": "customers.xlsx"}, r"a file that ends in .csv.*Export the table as CSV"),
        ({"file": "../customers.csv"}, r"files inside .*DVC watches"),
    ],
)
def test_a_mapping_that_does_not_fit_is_an_error_with_its_remedy(
    folder: Path, mapping: dict[str, object], message: str
) -> None:
    (folder / "customers.xlsx").write_bytes(b"")
    with pytest.raises(ConfigurationError, match=message):
        read(folder, "customers", **mapping)


def test_a_table_that_the_contract_does_not_know_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"found 'survey'. Did you mean 'surveys'\?"):
        read(folder, "survey", file="customers.csv")


def test_a_missing_required_table_is_refused(folder: Path) -> None:
    with pytest.raises(DataError, match=r"table 'products' from source 'files'; found customers"):
        read_source(source(folder, {"customers": {"file": "customers.csv"}}))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected a folder .*nowhere; found none"):
        read(tmp_path / "nowhere")


def test_no_files_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"source\.files\.tables; found none"):
        read_source(source(tmp_path, {}))


# Which rows count


def read_events(folder: Path, content: str, **mapping: object) -> RawData:
    (folder / "events.csv").write_text(content, encoding="utf-8")
    return read(folder, "product_events", **mapping)


SHOP = """Customer,StockCode,kind,When,Country
c1,p1,acquired,2025-01-05 10:00:00,United Kingdom
,p1,acquired,2025-01-05 11:00:00,United Kingdom
c2,POST,acquired,2025-01-06 10:00:00,United Kingdom
c2,gift_0001_20,acquired,2025-01-06 10:00:00,United Kingdom
c2,BANK CHARGES,acquired,2025-01-06 10:00:00,United Kingdom
c2,p1,acquired,2025-01-07 10:00:00,France
"""
COLUMNS = {
    "customer_id": "Customer",
    "product_id": "StockCode",
    "kind": "kind",
    "occurred_at": "When",
}


def test_filters_keep_and_drop_rows_by_the_users_own_columns_and_say_how_many(
    folder: Path,
) -> None:
    data = read_events(
        folder,
        SHOP,
        columns=COLUMNS,
        where={"Country": ["United Kingdom"]},
        drop={"StockCode": ["POST", "BANK CHARGES", "gift_*"], "Customer": [""]},
    )
    assert data.tables["product_events"]["customer_id"].to_pylist() == ["c1"]
    assert "1 of 6 rows left out by where on Country (United Kingdom)." in data.statement
    assert (
        "3 of 5 rows left out by drop on StockCode (POST, BANK CHARGES, gift_*)." in data.statement
    )
    assert "1 of 2 rows left out by drop on Customer (empty)." in data.statement


def test_lines_of_guests_are_kept_apart_and_counted_if_asked(folder: Path) -> None:
    data = read_events(folder, SHOP, columns=COLUMNS, guests="keep_apart")
    assert data.tables["product_events"]["customer_id"].to_pylist() == ["c1", *["c2"] * 4]
    (guest,) = data.tables["guest_events"].to_pylist()
    assert (guest["product_id"], guest["occurred_at"].hour) == ("p1", 11)
    assert (
        "product_events: 1 of 6 rows without a customer kept apart as guest_events."
        in data.statement
    )


def test_guests_that_are_not_asked_for_stay_faults_and_no_guests_are_no_table(
    folder: Path,
) -> None:
    assert read_events(folder, SHOP, columns=COLUMNS).tables["product_events"].num_rows == 6
    assert "guest_events" not in read_events(folder, EVENTS, guests="keep_apart").tables


def test_only_product_events_have_guests(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="with product_events alone"):
        read(folder, "customers", guests="keep_apart")


def test_a_filter_on_a_column_that_the_file_lacks_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="Did you mean 'StockCode'"):
        read_events(folder, SHOP, columns=COLUMNS, drop={"Stockcode": ["POST"]})


TWICE = EVENTS + EVENTS.splitlines()[1] + "\n"


def test_facts_that_stand_twice_are_counted_aloud_and_left_out_if_asked(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert read_events(folder, TWICE).tables["product_events"].num_rows == 2
    assert "1 rows equal another row in every column" in caplog.text
    data = read_events(folder, TWICE, deduplicate=True)
    assert data.tables["product_events"].num_rows == 1
    assert "1 of 2 rows left out as repeats of whole rows." in data.statement


def test_repeats_of_a_declared_key_leave_the_first_in_order(folder: Path) -> None:
    lines = [
        "customer_id,product_id,kind,occurred_at,order_id,amount",
        "c1,p1,acquired,2025-01-05 10:00:00,o1,80",
        "c1,p1,acquired,2025-01-05 10:00:00,o1,40",
        "c1,p1,acquired,2025-01-05 10:00:00,o2,80",
    ]
    for content in (lines, [lines[0], *reversed(lines[1:])]):
        data = read_events(
            folder, "\n".join(content) + "\n", deduplicate=["order_id", "product_id"]
        )
        rows = data.tables["product_events"].select(["order_id", "amount"]).to_pylist()
        assert sorted((row["order_id"], row["amount"]) for row in rows) == [
            ("o1", Decimal("40.00")),
            ("o2", Decimal("80.00")),
        ]
    with pytest.raises(ConfigurationError, match="deduplicate one of"):
        read_events(folder, TWICE, deduplicate=["order"])


def test_a_birth_of_two_digits_lies_before_the_data_end(folder: Path) -> None:
    content = "customer_id,birth_date,signed_up_on\nc1,05.03.45,05.03.24\nc2,05.03.12,01.02.99\n"
    rows = read_customers(folder, content, date_format="%d.%m.%y")
    assert [(row["birth_date"], row["signed_up_on"]) for row in rows] == [
        (date(1945, 3, 5), date(2024, 3, 5)),
        (date(2012, 3, 5), date(1999, 2, 1)),
    ]


def test_prices_of_three_decimals_are_refused_unless_rounding_is_asked_for(folder: Path) -> None:
    (folder / "products.csv").write_text(
        "product_id,category,tier,price\np1,tea,1,0.125\np2,tea,1,1.004\np3,tea,2,2.5\n",
        encoding="utf-8",
    )
    strict = read(folder).tables["products"]["price"].to_pylist()
    assert strict == [None, None, Decimal("2.50")]
    rounded = read(folder, "products", rounding="half_up").tables["products"]["price"].to_pylist()
    assert rounded == [Decimal("0.13"), Decimal("1.00"), Decimal("2.50")]


def test_a_missing_file_is_likened_to_similar_names_only(folder: Path) -> None:
    (folder / "clientes.csv").write_text(CUSTOMERS, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read(folder, "product_events", file="movimientos.csv")
    assert "Did you mean" not in str(error.value)
    with pytest.raises(DataError, match=r"Did you mean 'clientes\.csv'"):
        read(folder, "customers", file="cliente.csv")


def test_lines_with_fewer_cells_than_the_header_are_counted_aloud(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = read_customers(folder, "customer_id,region,language\nc1,north\nc2,south,en\n\n")
    assert [row["language"] for row in rows] == [None, "en"]
    assert "1 lines of" in caplog.text
    assert "fewer cells than the header" in caplog.text


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_is_a_row_whatever_ends_it(folder: Path, ending: str) -> None:
    lines = ["customer_id,region", "c1,north", "c2,south", "c3,"]
    rows = read_customers(folder, (ending.join(lines) + ending).encode())
    assert [row["customer_id"] for row in rows] == ["c1", "c2", "c3"]


@pytest.mark.parametrize("name", ["nowhere", "only_readme"])
def test_an_empty_folder_is_likely_that_of_an_experiment_without_gits_files(
    tmp_path: Path, name: str
) -> None:
    if name == "only_readme":
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text("What to put here.", encoding="utf-8")
    with pytest.raises(DataError, match="run it with --copy-paths data/incoming"):
        read(tmp_path / name)
