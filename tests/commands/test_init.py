"""`make init` reads a folder, writes what is sure and asks the rest."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from pipeline.commands import init
from pipeline.commands.mapping_proposal.file_reading import MOST_ROWS
from pipeline.commands.mapping_proposal.folder_proposal import propose
from pipeline.commands.mapping_proposal.proposal import Proposal
from pipeline.commands.mapping_proposal.proposal_page import proposal_page
from pipeline.foundation import config
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.sources import read_source
from pipeline.sources.database.pulling import pull
from tests.databases import VARIABLE, execute, fill, new_database, sqlite_url

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests/sources/example_company"
SHOPS = ROOT / "tests/sources/shops"


def proposal_of(folder: Path) -> Proposal:
    return propose(folder, raw_tables({}))


def mapping_of(proposal: Proposal, table: str) -> dict[str, Any]:
    return dict(next(one.mapping for one in proposal.tables if one.table == table))


@pytest.fixture(scope="module")
def example() -> Proposal:
    return proposal_of(EXAMPLE)


def test_the_example_companys_files_are_the_tables_they_are_mapped_to_by_hand(
    example: Proposal,
) -> None:
    by_hand = yaml.safe_load((EXAMPLE / "params.yaml").read_text(encoding="utf-8"))
    mapped = by_hand["source"]["files"]["tables"]
    found = {one.table: one.file for one in example.tables}
    assert found == {table: mapping["file"] for table, mapping in mapped.items()}
    for table, mapping in mapped.items():
        proposed = mapping_of(example, table)
        for key in ("delimiter", "decimal", "date_format", "moment_format"):
            assert proposed.get(key) == mapping.get(key), f"{key} of {table}"
        asked = {"customer_type", "estado_civil"}
        expected = {name: own for name, own in mapping["columns"].items() if name not in asked}
        assert proposed["columns"] == expected
    assert mapping_of(example, "product_events")["values"] == {
        "kind": {"alta": "acquired", "baja": "cancelled"},
        "channel": {"tienda": "store", "teléfono": "phone"},
    }
    assert mapping_of(example, "customers")["values"] == {"gender": {"H": "male", "M": "female"}}


def test_what_no_file_tells_is_asked(example: Proposal) -> None:
    asked = "\n".join(example.questions)
    assert "is 'tipo' of clientes.csv customer_type" in asked
    assert "P · E" in asked
    assert "time zone are the times of movimientos.csv" in asked
    assert "consulta of 'motivo' stay as they are" in asked
    assert "Without a table of consents nobody is" in asked


def test_a_column_is_shown_with_its_confidence_and_three_values(example: Proposal) -> None:
    page = proposal_page(example)
    assert "  customer_id        id_cliente               0.92  0000037 · 0000074 · 0000111" in page


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


CUSTOMERS = "customer_id,birth_date,email\nc1,{},a@x.org\nc2,{},b@x.org\n"


def test_dates_that_may_be_either_way_are_asked_and_not_read(tmp_path: Path) -> None:
    write(tmp_path, customers=CUSTOMERS.format("03/04/1980", "05/06/1990"))
    proposal = proposal_of(tmp_path)
    assert "birth_date" not in mapping_of(proposal, "customers")["columns"]
    assert "are the dates of 'birth_date' day/month or month/day" in "\n".join(proposal.questions)


def test_one_day_past_the_twelfth_settles_it(tmp_path: Path) -> None:
    write(tmp_path, customers=CUSTOMERS.format("03/04/1980", "05/26/1990"))
    mapping = mapping_of(proposal_of(tmp_path), "customers")
    assert mapping["columns"]["birth_date"] == "birth_date"
    assert mapping["date_format"] == "%m/%d/%Y"


def test_addresses_are_read_only_when_somebody_asks(tmp_path: Path) -> None:
    write(tmp_path, customers=CUSTOMERS.format("1980-04-03", "1990-05-26"))
    proposal = proposal_of(tmp_path)
    assert "email" not in mapping_of(proposal, "customers")["columns"]
    assert "do the CRM's files need email" in "\n".join(proposal.questions)


def test_ids_of_another_kind_are_asked_about(tmp_path: Path) -> None:
    events = "customer_id,product_id,kind,date\n" + "".join(
        f"x{n},p1,acquired,2025-01-{n:02} 10:00:00\n" for n in range(1, 6)
    )
    write(tmp_path, customers="customer_id\nc1\nc2\n", orders=events)
    asked = "\n".join(proposal_of(tmp_path).questions)
    assert "100% of 'customer_id' of orders.csv are not among customers.customer_id" in asked


def test_parquet_is_proposed_without_a_dialect(tmp_path: Path) -> None:
    frame = pd.DataFrame({"sku": ["a", "b"], "category": ["tea", "tea"], "tier": [1, 2]})
    frame.to_parquet(tmp_path / "products.parquet")
    assert mapping_of(proposal_of(tmp_path), "products") == {
        "file": "products.parquet",
        "columns": {"product_id": "sku", "category": "category", "tier": "tier"},
    }


@pytest.mark.parametrize("template", ["shopify", "woocommerce", "prestashop", "magento"])
def test_a_shops_exports_are_known_by_their_headers(template: str) -> None:
    proposal = proposal_of(SHOPS / template)
    assert (proposal.template, proposal.shop, proposal.unused) == (template, {}, ())
    assert "contact_details" in "\n".join(proposal.questions)


def test_one_flat_file_of_lines_is_proposed_with_its_columns() -> None:
    proposal = proposal_of(SHOPS / "order_lines")
    assert proposal.template == "order_lines"
    assert proposal.shop == {
        "columns": {
            "order_id": "Invoice",
            "occurred_at": "InvoiceDate",
            "customer_id": "CustomerID",
            "country": "Country",
            "product_id": "StockCode",
            "product_name": "Description",
            "quantity": "Quantity",
            "price": "UnitPrice",
        }
    }


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.xlsx").write_bytes(b"")
    with pytest.raises(DataError, match=r"found orders\.xlsx.*saved as CSV"):
        proposal_of(tmp_path)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(SHOPS / "shopify", tmp_path / "exports")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_the_proposal_is_written_reads_and_leaves_all_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path("params.yaml").read_text(encoding="utf-8").splitlines()
    monkeypatch.setattr("sys.argv", ["init", "exports"])
    init.main()
    after = Path("params.yaml").read_text(encoding="utf-8").splitlines()
    assert len(after) == len(before)
    assert len([line for line in after if line not in before]) == 3  # name, folder, template
    assert "exports of the template shopify" in capsys.readouterr().out
    assert read_source(config.load().source).tables["product_events"].num_rows == 9


@pytest.mark.usefixtures("project")
def test_a_mapping_that_is_there_is_not_replaced_unless_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.argv", ["init", "exports"])
    init.main()
    with pytest.raises(ConfigurationError, match=r"found shopify.*REPLACE=1"):
        init.main()
    monkeypatch.setattr("sys.argv", ["init", "exports", "--replace"])
    init.main()


@pytest.fixture(params=["postgresql", "sqlite"])
def database(request: pytest.FixtureRequest, project: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give a shop's database of either kind, named by the environment, in a project."""
    if request.param == "sqlite":
        url = sqlite_url(project / "shop.db")
    else:
        url = new_database(request.getfixturevalue("postgres"), "init")
        execute(url, "CREATE SCHEMA crm")
    is_typed = request.param == "postgresql"
    people = "crm.clientes" if is_typed else "clientes"
    day, moment = ("date", "timestamptz") if is_typed else ("text", "text")
    fill(
        url,
        people,
        {"ID_Cliente": "text", "fecha_nacimiento": day, "sexo": "text", "provincia": "text"},
        [(f"c{n}", f"19{70 + n}-02-2{n % 9}", "HM"[n % 2], "Lugo") for n in range(9)],
    )
    fill(
        url,
        "articulos",
        {"SKU": "text", "familia": "text", "nivel": "integer", "precio": "numeric(12, 2)"},
        [(f"p{n}", "te", 1 + n, "19.90") for n in range(3)],
    )
    fill(
        url,
        "ventas",
        {"id_cliente": "text", "sku": "text", "tipo": "text", "fecha": moment, "importe": "real"},
        [
            (f"c{n}" if n else None, "p1", "venta", f"2025-01-1{n} 10:00:00+01:00", 19.5)
            for n in range(9)
        ],
    )
    fill(url, "propensity_offers", {"customer_id": "text"}, [("c1",)])
    monkeypatch.setenv(VARIABLE, url)
    return people


def test_a_databases_tables_are_proposed_written_pulled_and_read(
    database: str,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["init", "--database", VARIABLE])
    init.main()
    said = " ".join(capsys.readouterr().out.split())
    source = config.load().source
    mapped = source.database.tables
    assert {name: one.table for name, one in mapped.items()} == {
        "customers": database,
        "products": "articulos",
        "product_events": "ventas",
    }
    assert mapped["product_events"].columns["customer_id"] == "id_cliente"
    assert mapped["product_events"].guests == "keep_apart"
    assert "are the 1 of 9 rows without a customer orders of guests?" in said
    assert "birth_date fecha_nacimiento 0.92 1970-02-20 · 1971-02-21 · 1972-02-22" in said
    assert "propensity_offers" not in said
    assert "in which time zone" not in said  # the times bring theirs
    assert pull(source, engine)
    tables = {name: next(iter(one.batches())) for name, one in read_source(source).batched.items()}
    assert tables["customers"]["gender"].to_pylist()[:2] == ["male", "female"]
    assert tables["customers"]["birth_date"].to_pylist()[1] == date(1971, 2, 21)
    assert tables["product_events"]["occurred_at"].to_pylist()[0].hour == 9
    assert tables["guest_events"].num_rows == 1
    with pytest.raises(ConfigurationError, match=r"found customers, .*REPLACE=1"):
        init.main()


def test_a_file_without_rows_is_named_and_stops_nothing(tmp_path: Path) -> None:
    write(tmp_path, customers="customer_id\nc1\n", nothing="", header="a,b\n")
    assert proposal_of(tmp_path).unused == ("header.csv", "nothing.csv")


def test_a_thousand_or_one_and_a_bit_is_asked(tmp_path: Path) -> None:
    lines = 'order_id,date,customer_id,sku,price\n1,2025-01-20 10:00:00,c1,p1,"1,234"\n'
    write(tmp_path, sales=lines)
    proposal = proposal_of(tmp_path)
    assert proposal.template == "order_lines"
    assert "point or a comma the decimal sign of 'price' (1,234)" in "\n".join(proposal.questions)


def test_of_a_long_file_it_is_said_that_the_first_rows_were_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_ROWS, "file", 3)
    write(tmp_path, customers="customer_id\nc1\nc2\nc3\nc4\n")
    assert "customers from customers.csv: the first 3 rows," in proposal_page(proposal_of(tmp_path))
