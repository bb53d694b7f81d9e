"""A company's own database gives what its files would give, and is read anew only when it differs."""

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

from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.columns import ColumnType
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import RAW_TABLES, UNPARSED
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.sources import read_source
from pipeline.sources.database import pulling
from pipeline.sources.database.pulling import pull
from pipeline.stages import ingest
from tests.databases import VARIABLE, execute, fill, new_database, sqlite_url

CONTRACT = {table.name: table for table in RAW_TABLES}
POSTGRES: Mapping[ColumnType, str] = {
    "text": "text",
    "integer": "bigint",
    "money": "numeric(12, 2)",
    "rate": "double precision",
    "number": "double precision",
    "score": "double precision",
    "date": "date",
    "moment": "timestamp",
    "flag": "boolean",
}
SQLITE: Mapping[ColumnType, str] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "money": "NUMERIC",
    "rate": "REAL",
    "number": "REAL",
    "score": "REAL",
    "date": "TEXT",
    "moment": "TEXT",
    "flag": "INTEGER",
}
YEAR: Mapping[str, pd.DataFrame] = {
    "customers": pd.DataFrame(
        {
            "customer_id": ["007", "008", "Ñ'1"],
            "birth_date": [date(1980, 2, 29), None, date(1999, 12, 31)],
            "household_size": [1, None, 4],
            "email": ["ana@example.com", None, 'o"brien@example.com'],
        }
    ),
    "products": pd.DataFrame(
        {
            "product_id": ["p1", "p2", "p3"],
            "category": ["tea", "tea", "Café"],
            "tier": [1, 2, 1],
            "price": [Decimal("19.90"), Decimal("20.00"), None],
            "margin_rate": [0.3, None, 0.25],
        }
    ),
    "product_events": pd.DataFrame(
        [
            ("007", f"p{1 + day % 3}", "acquired", moment, 1 + day % 2, Decimal(day) / 100)
            for day, moment in enumerate(pd.date_range("2024-01-01 23:59:59", periods=366))
        ],
        columns=["customer_id", "product_id", "kind", "occurred_at", "quantity", "amount"],
    ),
    "consents": pd.DataFrame(
        {
            "customer_id": ["007", "008"],
            "channel": ["email", "email"],
            "granted": [True, False],
            "changed_at": [datetime(2024, 1, 1, 8), datetime(2024, 6, 30, 0, 0, 1)],  # noqa: DTZ001 - UTC, as the contract has it
        }
    ),
}


@pytest.fixture(params=["postgresql", "sqlite"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Give an empty database of either kind, named by the environment, and a folder to work in."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path / "shop of ours.db")
        execute(url)
    else:
        url = new_database(request.getfixturevalue("postgres"), "shop")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv(VARIABLE, url)
    return url


def names_of(name: str) -> list[str]:
    return [str(column) for column in YEAR[name]]


def typed(url: str, name: str) -> dict[str, str]:
    """Return the columns of a table of the year, and their types in a database."""
    types = SQLITE if url.startswith("sqlite") else POSTGRES
    return {column: types[CONTRACT[name].column(column).type] for column in names_of(name)}


def native(url: str, name: str) -> list[list[object]]:
    """Return the rows of a table of the year as a driver takes them."""
    table = conform(YEAR[name], CONTRACT[name]).select(list(YEAR[name]))
    values = [list(row.values()) for row in table.to_pylist()]
    if not url.startswith("sqlite"):
        return values
    return [
        [
            float(value)
            if isinstance(value, Decimal)
            else str(value)[:19]
            if isinstance(value, date)
            else value
            for value in row
        ]
        for row in values
    ]


def fill_year(url: str, *, backwards: bool = False) -> None:
    for name in YEAR:
        rows = native(url, name)
        fill(url, name, typed(url, name), rows[::-1] if backwards else rows)


def params(tables: Mapping[str, Mapping[str, object]], **settings: object) -> Params:
    raw: dict[str, Any] = yaml.safe_load(
        (Path(__file__).parents[2] / "params.yaml").read_text(encoding="utf-8")
    )
    raw["source"]["name"] = "database"
    raw["source"]["database"] = {"url_variable": VARIABLE, "tables": tables, **settings}
    return config.parse(raw)


ALL: dict[str, Mapping[str, object]] = {name: {"table": name} for name in YEAR}


def ingested(given: Params) -> dict[str, bytes]:
    """Return the bytes of every raw table that the ingest stage writes of a source."""
    ingest.write(read_source(given.source), given.source.name)
    return {path.name: path.read_bytes() for path in sorted(paths.RAW.glob("*.parquet"))}


def raw_table(name: str) -> pa.Table:
    return pq.read_table(paths.table(paths.RAW, name))


def stamps() -> dict[str, tuple[int, str]]:
    """Return when each file of the last reading was written, and its name."""
    return {
        path.name: (path.stat().st_mtime_ns, path.name) for path in paths.PULLED_TABLES.iterdir()
    }


def test_a_database_is_ingested_as_files_with_the_same_data_byte_for_byte(
    database: str, engine: Engine
) -> None:
    fill_year(database, backwards=True)
    assert pull(params(ALL).source, engine)
    of_database = ingested(params(ALL))
    incoming = Path("incoming")
    incoming.mkdir()
    for name, frame in YEAR.items():
        frame.sort_values(names_of(name)).to_csv(incoming / f"{name}.csv", index=False)
    files = params(ALL).source.model_copy(
        update={
            "name": "files",
            "files": config.FilesParams(
                folder="incoming",
                tables={name: config.FileMapping(file=f"{name}.csv") for name in YEAR},
            ),
        }
    )
    of_files = ingested(params(ALL).model_copy(update={"source": files}))
    assert of_database == of_files
    assert raw_table("product_events").num_rows == 366


def test_an_unchanged_database_leaves_every_file_as_it_was_whatever_order_its_rows_have(
    database: str, engine: Engine
) -> None:
    fill_year(database)
    assert pull(params(ALL).source, engine)
    before = stamps()
    execute(
        database, "CREATE TABLE moved AS SELECT * FROM product_events ORDER BY occurred_at DESC"
    )
    execute(database, "DROP TABLE product_events", "ALTER TABLE moved RENAME TO product_events")
    assert not pull(params(ALL).source, engine)
    assert stamps() == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE product_events SET quantity = 3 WHERE amount = 0.05",
        "DELETE FROM product_events WHERE amount = 0.05",
        "INSERT INTO product_events SELECT * FROM product_events WHERE amount = 0.05",
        "UPDATE customers SET email = NULL WHERE customer_id = '007'",
    ],
)
def test_any_change_of_a_year_is_noticed(database: str, engine: Engine, change: str) -> None:
    fill_year(database)
    pull(params(ALL).source, engine)
    before = ingested(params(ALL))
    execute(database, change)
    assert pull(params(ALL).source, engine)
    assert ingested(params(ALL)) != before
    assert not pull(params(ALL).source, engine)


def test_a_query_stands_for_a_table_with_the_mapping_that_files_have(
    database: str, engine: Engine
) -> None:
    fill_year(database)
    execute(
        database, 'CREATE TABLE "Los Pedidos" ("Nº" text, tipo text, "quién" text, cuando text)'
    )
    execute(
        database, """INSERT INTO "Los Pedidos" VALUES ('p1', 'alta', '007', '31/03/2024 10:00')"""
    )
    mapped = {
        "sql": """SELECT * FROM "Los Pedidos" WHERE tipo LIKE '%l%';""",
        "columns": {
            "customer_id": "quién",
            "product_id": "Nº",
            "kind": "tipo",
            "occurred_at": "cuando",
        },
        "values": {"kind": {"alta": "acquired"}},
        "constants": {"quantity": "2"},
        "moment_format": "%d/%m/%Y %H:%M",
        "timezone": "Europe/Madrid",
    }
    given = params(ALL | {"product_events": mapped})
    pull(given.source, engine)
    ingested(given)
    (row,) = raw_table("product_events").to_pylist()
    assert row["kind"] == "acquired"
    assert row["quantity"] == 2
    # 31 March 2024: the clocks of Madrid went forward that night, to two hours ahead of UTC.
    assert row["occurred_at"] == datetime(2024, 3, 31, 8)  # noqa: DTZ001 - UTC
    assert row[UNPARSED] is None


def test_filters_repeats_and_guests_are_what_they_are_for_files(
    database: str, engine: Engine
) -> None:
    fill_year(database)
    lines = [
        ("007", "p1", 1, "UK", "2024-03-01 10:00:00"),
        ("007", "p1", 1, "UK", "2024-03-01 10:00:00"),
        (None, "p2", 2, "UK", "2024-03-01 11:00:00"),
        ("008", "POST", 1, "UK", "2024-03-01 12:00:00"),
        ("008", "p1", 1, "FR", "2024-03-01 13:00:00"),
        ("008", "p1", 9, "UK", "2024-03-01 14:00:00"),
    ]
    names = ["who", "what", "Nº", "country", "at"]
    types = dict(zip(names, ["text", "text", "integer", "text", "text"], strict=True))
    fill(database, "sales", types, lines)
    mapped = {
        "columns": {"customer_id": "who", "product_id": "what", "occurred_at": "at"},
        "constants": {"kind": "acquired"},
        "where": {"country": ["UK"]},
        "drop": {"what": ["POST*"], "Nº": ["9"]},
        "deduplicate": True,
        "guests": "keep_apart",
    }
    given = params(ALL | {"product_events": {"table": "sales", **mapped}})
    assert pull(given.source, engine)
    of_database, told = ingested(given), read_source(given.source).statement
    incoming = Path("incoming")
    incoming.mkdir()
    sold = pd.DataFrame(lines, columns=names)
    for name, frame in {**YEAR, "product_events": sold}.items():
        ordered = frame.sort_values(list(frame.columns), na_position="last")
        ordered.to_csv(incoming / f"{name}.csv", index=False)
    tables = {name: config.FileMapping(file=f"{name}.csv") for name in YEAR}
    tables["product_events"] = config.FileMapping.model_validate(
        {"file": "product_events.csv", **mapped}
    )
    files = params(ALL).source.model_copy(
        update={"name": "files", "files": config.FilesParams(folder="incoming", tables=tables)}
    )
    assert ingested(params(ALL).model_copy(update={"source": files})) == of_database
    assert raw_table("product_events").num_rows == raw_table("guest_events").num_rows == 1
    assert "1 of 6 rows left out by where on country (UK)." in told
    assert "1 of 4 rows left out by drop on Nº (9)." in told
    assert "1 of 3 rows left out as repeats of whole rows." in told
    assert "1 of 2 rows without a customer kept apart as guest_events." in told
    assert not pull(given.source, engine)
    changed = params(ALL | {"product_events": {"table": "sales", **mapped, "where": {}}})
    with pytest.raises(DataError, match="others for product_events"):
        read_source(changed.source)


def test_only_mapped_columns_leave_the_database(database: str, engine: Engine) -> None:
    fill_year(database)
    mapped = {"table": "customers", "columns": {"customer_id": "customer_id"}}
    pull(params(ALL | {"customers": mapped}).source, engine)
    assert pq.read_schema(paths.table(paths.PULLED_TABLES, "customers")).names == ["customer_id"]


def test_postgres_types_are_read_without_a_detour_over_text(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    url = new_database(postgres, "types")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, url)
    fill_year(url)
    execute(
        url,
        "CREATE TABLE people (id uuid, born date, joined timestamptz, size smallint, kind char(10))",
        "INSERT INTO people VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '1990-05-12', "
        "'1990-05-12 00:30:00+02', 2, 'consumer'), "
        "('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 'infinity', NULL, NULL, NULL)",
        "CREATE TABLE orders (who uuid, what text, at timestamptz, paid numeric, off numeric)",
        "INSERT INTO orders VALUES "
        "('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'p1', '2024-10-27 02:30:00+02', 19.9, 1.0 / 3), "
        "('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'p1', '2024-10-27 02:30:00+01', 'NaN', "
        "1.5000000000000000000000001)",
    )
    tables: dict[str, Mapping[str, object]] = {
        "customers": {
            "table": "public.people",
            "columns": {
                "customer_id": "id",
                "birth_date": "born",
                "signed_up_on": "joined",
                "household_size": "size",
                "customer_type": "kind",
            },
            "timezone": "Europe/Madrid",
        },
        "product_events": {
            "table": "orders",
            "columns": {
                "customer_id": "who",
                "product_id": "what",
                "occurred_at": "at",
                "amount": "paid",
                "discount": "off",
            },
            "constants": {"kind": "acquired"},
            "timezone": "Europe/Madrid",
        },
    }
    given = params(ALL | tables)
    pull(given.source, engine)
    ingested(given)
    first, second = raw_table("customers").to_pylist()
    assert first["customer_id"] == "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
    assert (first["birth_date"], first["signed_up_on"]) == (date(1990, 5, 12), date(1990, 5, 12))
    assert (first["household_size"], first["customer_type"]) == (2, "consumer")
    assert second["birth_date"] is None
    # The hour that Madrid's clocks pass twice: as instants, the two orders are an hour apart.
    earlier, later = raw_table("product_events").to_pylist()
    assert earlier["occurred_at"] == datetime(2024, 10, 27, 0, 30)  # noqa: DTZ001 - UTC
    assert later["occurred_at"] == datetime(2024, 10, 27, 1, 30)  # noqa: DTZ001 - UTC
    assert (earlier["amount"], later["amount"]) == (Decimal("19.90"), None)
    # A third of a unit is no amount, nor is a little more than 1.50: both stay as they stood.
    assert (earlier["discount"], later["discount"]) == (None, None)
    assert '"discount": "0.33333333333333333333"' in earlier[UNPARSED]
    assert '"discount": "1.50000000000000000001"' in later[UNPARSED]


def test_sqlite_values_are_read_as_what_they_are_not_as_what_their_column_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    url = sqlite_url(tmp_path / "types.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, url)
    fill_year(url)
    execute(url, "DELETE FROM products")
    execute(url, "DROP TABLE products")
    execute(
        url,
        "CREATE TABLE products (product_id INTEGER, category TEXT, tier INTEGER, price NUMERIC(9, 2), "
        "launched_on DATE)",
        "INSERT INTO products VALUES (7, 'tea', 1, 19.9, '2024-02-29'), (8, 'tea', 2, 20, 'soon')",
    )
    pull(params(ALL).source, engine)
    ingested(params(ALL))
    first, second = raw_table("products").to_pylist()
    assert (first["product_id"], first["price"]) == ("7", Decimal("19.90"))
    assert first["launched_on"] == date(2024, 2, 29)
    assert second["price"] == Decimal("20.00")
    assert second[UNPARSED] == '{"launched_on": "soon"}'


def test_all_tables_are_of_one_moment(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    url = new_database(postgres, "moment")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, url)
    fill_year(url)
    original = pulling._pull_table  # noqa: SLF001 - to order something between two tables

    def order_meanwhile(*arguments: Any) -> Any:
        pulled = original(*arguments)
        execute(
            url,
            "INSERT INTO products VALUES ('p9', 'tea', 3, NULL, NULL)",
            "INSERT INTO product_events SELECT '007', 'p9', 'acquired', now(), 1, 1",
        )
        return pulled

    monkeypatch.setattr(pulling, "_pull_table", order_meanwhile)
    pull(params(ALL).source, engine)
    ingested(params(ALL))
    assert raw_table("product_events").num_rows == 366
    assert "p9" not in raw_table("products")["product_id"].to_pylist()


def test_an_answer_that_stays_the_same_spares_the_reading(
    database: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_year(database)
    given = params(ALL, version="SELECT count(*), max(occurred_at) FROM product_events")
    assert pull(given.source, engine)
    with monkeypatch.context() as patched:
        patched.setattr(pulling, "_pull_table", None)  # reading anything would fail
        assert not pull(given.source, engine)
    execute(database, "DELETE FROM product_events WHERE amount = 0.05")
    assert pull(given.source, engine)
    other = params(
        ALL | {"customers": {"sql": "SELECT customer_id FROM customers"}},
        version=given.source.database.version,
    )
    assert pull(other.source, engine)


def test_a_reading_that_is_cut_short_leaves_the_last_one(database: str, engine: Engine) -> None:
    fill_year(database)
    pull(params(ALL).source, engine)
    before = stamps()
    execute(database, "DELETE FROM products")
    broken = params(ALL | {"products": {"table": "prodcts"}})
    with pytest.raises(DataError, match="prodcts"):
        pull(broken.source, engine)
    assert stamps() == before


@pytest.mark.usefixtures("database")
def test_nothing_is_ingested_before_something_is_pulled() -> None:
    with pytest.raises(DataError, match="make pull"):
        read_source(params(ALL).source)


def test_what_was_pulled_for_other_parameters_is_not_ingested(
    database: str, engine: Engine
) -> None:
    fill_year(database)
    pull(params(ALL).source, engine)
    mapped = {"table": "customers", "columns": {"customer_id": "email"}}
    with pytest.raises(DataError, match=r"others for customers\. .*make pull"):
        read_source(params(ALL | {"customers": mapped}).source)


def test_a_column_that_the_table_does_not_have_is_refused_with_the_nearest_name(
    database: str, engine: Engine
) -> None:
    fill_year(database)
    mapped = {"table": "customers", "columns": {"customer_id": "custmer_id"}}
    with pytest.raises(
        ConfigurationError,
        match=r"source\.database\.tables\.customers\.columns a column of table customers.*"
        r"Did you mean 'customer_id'\?",
    ):
        pull(params(ALL | {"customers": mapped}).source, engine)


def test_no_secret_of_the_address_is_in_an_error_a_log_or_a_file(
    database: str, engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fill_year(database)
    monkeypatch.setenv(
        VARIABLE, "postgresql://ana:pla%40nted-pw@127.0.0.1:1/shop?sslpassword=tok3n-planted"
    )
    with caplog.at_level(logging.DEBUG), pytest.raises(DataError) as refused:
        pull(params(ALL).source, engine)
    monkeypatch.setenv(VARIABLE, database)
    pull(params(ALL).source, engine)
    ingested(params(ALL))
    said = str(refused.value) + caplog.text + repr(refused.getrepr(style="short"))
    written = b"".join(path.read_bytes() for path in Path().rglob("*") if path.is_file())
    for secret in ("pla%40nted-pw", "pla@nted-pw", "tok3n-planted"):
        assert secret not in said
        assert secret.encode() not in written


def test_an_address_in_the_parameters_is_refused_without_being_repeated() -> None:
    with pytest.raises(ConfigurationError, match="url_variable") as refused:
        params(ALL, url_variable="postgresql://ana:planted-pw@host/shop")
    assert "planted-pw" not in str(refused.value)


def test_a_variable_that_is_not_set_is_asked_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(ConfigurationError, match=f"{VARIABLE}; found nothing"):
        pull(params(ALL).source, engine)


def test_the_driver_of_another_engine_is_named_where_it_is_not_installed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, "mariadb://ana:planted-pw@host/shop")
    with pytest.raises(ConfigurationError, match=r"ibis-framework\[mysql\]") as refused:
        pull(params(ALL).source, engine)
    assert "planted-pw" not in str(refused.value)


def test_a_database_file_that_is_not_there_is_not_created(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, "sqlite:///shop.db")
    with pytest.raises(DataError, match=r"shop\.db; found no such file"):
        pull(params(ALL).source, engine)
    assert not Path("shop.db").exists()


def test_ibis_own_batches_serve_where_no_reader_is_of_the_engine(
    database: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_year(database)
    pull(params(ALL).source, engine)
    expected = ingested(params(ALL))
    monkeypatch.setattr(pulling, "_READERS", {})
    pull(params(ALL).source, engine)
    assert ingested(params(ALL)) == expected


def test_duckdb_is_read_too(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import ibis  # noqa: PLC0415 - this test alone makes such a database

    monkeypatch.chdir(tmp_path)
    connection = ibis.duckdb.connect(tmp_path / "shop.duckdb")
    for name, frame in YEAR.items():
        connection.create_table(name, conform(frame, CONTRACT[name]).select(list(frame)))
    connection.disconnect()
    monkeypatch.setenv(VARIABLE, f"duckdb:///{tmp_path / 'shop.duckdb'}")
    pull(params(ALL).source, engine)
    ingested(params(ALL))
    first = raw_table("product_events").to_pylist()[1]
    assert first["occurred_at"] == datetime(2024, 1, 4, 23, 59, 59)  # noqa: DTZ001 - UTC
