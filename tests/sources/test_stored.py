"""Tables that stay where they are give what copied ones give, and nothing passes for them that is not theirs."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from benchmarks.spark.comparison import compare_folders
from pipeline.commands import pull
from pipeline.foundation import paths, stored_tables
from pipeline.foundation.contracts.erased import add_erased
from pipeline.foundation.engines.duckdb import DuckDBEngine
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.io.tables import read_json
from pipeline.stages import ingest, validate
from tests.sources.stored_company import write_params, write_raw, write_storage

ENGINE = {"name": "duckdb", "threads": 1, "memory_gb": 1}


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the tables lie, and work in a project that names them."""
    project, storage = tmp_path / "project", tmp_path / "my storage"
    write_storage(storage)
    write_params(project, storage, ENGINE)
    monkeypatch.chdir(project)
    return storage


def manifests() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in paths.RAW.glob("*.parquet")}


def change_params(**tables: dict[str, Any] | None) -> None:
    """Change what is said of some tables; None takes one away."""
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    told = params["source"]["stored"]["tables"] | tables
    params["source"]["stored"]["tables"] = {name: one for name, one in told.items() if one}
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")


def write_products(storage: Path, **columns: list[Any]) -> None:
    rows = {"product_id": ["tv1", "tv2"], "category": ["tv", "tv"], "tier": [1, 2]} | columns
    pq.write_table(pa.table(rows), storage / "products.parquet")


def test_what_stays_is_judged_as_what_is_copied(
    storage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole numbers as ids, text as dates, floats as amounts, times with a zone and of older Sparks."""
    pull.main()
    ingest.main()
    assert all(len(text) < 2000 for text in manifests().values())  # no row is copied
    validate.main()
    assert read_json(paths.PROVENANCE)["statement"].startswith(
        "The user's own tables where they lie: consents at "
    )
    write_raw(tmp_path / "copied")
    write_params(tmp_path / "copied", storage, ENGINE)
    monkeypatch.chdir(tmp_path / "copied")
    validate.main()
    places = (str(paths.VALIDATED), str(paths.QUARANTINE))
    told = compare_folders(tmp_path / "copied", tmp_path / "project", places)
    assert len(told) == 4 * 3  # valid rows, quarantined rows and emptied cells of four tables
    assert [one.name for one in told if one.differing] == []
    people = pq.read_table(paths.table(paths.VALIDATED, "customers")).to_pandas()
    assert people["region"].value_counts().to_dict() == {"south": 59, "north": 1}


def test_the_same_rows_are_the_same_to_dvc_and_a_changed_one_is_not(storage: Path) -> None:
    pull.main()
    ingest.main()
    before = manifests()
    path = storage / "customers" / "part-1.parquet"
    rows = pq.read_table(path)
    path.unlink()  # the same rows in other parts, in another order
    pq.write_table(rows.slice(10), storage / "customers" / "new-1.parquet")
    pq.write_table(rows.slice(0, 10), storage / "customers" / "new-2.parquet")
    pull.main()
    ingest.main()
    assert manifests() == before
    others = rows.set_column(2, "area", pa.array(["west"] + ["south"] * (len(rows) - 1)))
    pq.write_table(others.slice(0, 10), storage / "customers" / "new-2.parquet")
    pull.main()
    ingest.main()
    after = manifests()
    assert {name for name in before if after[name] != before[name]} == {"customers.parquet"}


def test_a_column_that_is_not_read_is_nobodys_affair(storage: Path) -> None:
    pull.main()
    ingest.main()
    before = manifests()
    for path in (storage / "customers").glob("*.parquet"):
        rows = pq.read_table(path)
        pq.write_table(rows.set_column(3, "logins", pa.array(range(len(rows)))), path)
    pull.main()
    ingest.main()
    assert manifests() == before


def test_where_no_file_was_written_nothing_is_read(
    storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull.main()
    before = {path: path.stat().st_mtime_ns for path in paths.PULLED_TABLES.iterdir()}
    with monkeypatch.context() as patched:
        patched.setattr(DuckDBEngine, "scan", lambda *_: pytest.fail("read"))
        pull.main()
        assert {path: path.stat().st_mtime_ns for path in paths.PULLED_TABLES.iterdir()} == before
        write_products(storage, tier=[1, 3])
        with pytest.raises(pytest.fail.Exception, match="read"):
            pull.main()


def test_rows_that_changed_since_the_look_are_not_judged(storage: Path) -> None:
    pull.main()
    ingest.main()
    write_products(storage, tier=[1, 3])
    with pytest.raises(DataError, match=r"'products' at .*as `make pull` saw it.*`make repro`"):
        validate.main()
    pull.main()
    ingest.main()
    validate.main()


def test_rows_that_changed_under_an_old_time_are_looked_at_once_they_were_refused(
    storage: Path,
) -> None:
    """As a copy that keeps sizes and times leaves them."""
    pull.main()
    ingest.main()
    path = storage / "products.parquet"
    before = path.stat()
    write_products(storage, category=["tv", "vt"])
    first = path.read_bytes()
    write_products(storage, category=["tv", "tx"])
    assert len(path.read_bytes()) == len(first)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    pull.main()
    ingest.main()
    path.write_bytes(first)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    pull.main()
    with pytest.raises(DataError, match="`make repro`"):
        validate.main()
    pull.main()
    ingest.main()
    validate.main()


def test_moments_of_a_zone_are_read_however_fine_they_are(storage: Path) -> None:
    """09:00 in Madrid is 08:00 in winter; pandas writes nanoseconds."""
    path = storage / "consents.parquet"
    moments = pd.Series(pd.date_range("2025-01-01 09:00", periods=2, tz="Europe/Madrid"))
    for unit in ("ns", "us"):
        rows = {"customer_id": ["1", "2"], "channel": ["email", "sms"], "granted": [True, False]}
        given = pa.array(moments.dt.as_unit(unit))
        pq.write_table(pa.table(rows | {"changed_at": given}), path)
        assert pq.read_schema(path).field("changed_at").type.unit == unit
        pull.main()
        ingest.main()
        validate.main()
        read = pd.read_parquet(paths.table(paths.VALIDATED, "consents"))
        assert [str(one) for one in read["changed_at"]] == [
            "2025-01-01 08:00:00",
            "2025-01-02 08:00:00",
        ]


@pytest.mark.usefixtures("storage")
def test_erased_customers_do_not_come_back(caplog: pytest.LogCaptureFixture) -> None:
    add_erased(["5", "7"])
    pull.main()
    ingest.main()
    with caplog.at_level("INFO"):
        validate.main()
    assert "customers: 3 rows left out, of customers who were erased" in caplog.messages
    assert "consents: 2 rows left out, of customers who were erased" in caplog.messages
    report = read_json(paths.VALIDATION_REPORT)["tables"]
    assert report["customers"]["rows_in"] == 58
    for folder in (paths.VALIDATED, paths.QUARANTINE):
        for path in folder.rglob("*.parquet"):
            rows = pd.read_parquet(path)
            if "customer_id" in rows:
                assert not rows["customer_id"].isin(["5", "7"]).any(), path


@pytest.mark.usefixtures("storage")
def test_a_required_table_that_is_not_named_is_told() -> None:
    change_params(products=None)
    pull.main()
    with pytest.raises(DataError, match=r"expected table 'products' from source 'stored'"):
        ingest.main()


def test_an_address_without_parquet_is_told(storage: Path) -> None:
    shutil.rmtree(storage / "customers")
    with pytest.raises(DataError, match=r"parquet at .*customers"):
        pull.main()
    (storage / "customers").mkdir()
    with pytest.raises(DataError, match=r"a file \.parquet, or a folder of such, at .*found none"):
        pull.main()


def test_a_table_without_rows_is_told(storage: Path) -> None:
    write_products(storage, product_id=[], category=[], tier=[])
    with pytest.raises(DataError, match=r"expected rows in table 'products' at .*found none"):
        pull.main()


def test_a_column_that_is_not_there_is_told_with_those_that_are(storage: Path) -> None:
    where = {"path": str(storage / "customers")}
    change_params(customers=where | {"columns": {"customer_id": "idd"}})
    with pytest.raises(ConfigurationError, match=r"'customer_id' in .*'idd'.*Did you mean 'id'"):
        pull.main()
    change_params(customers=where | {"columns": {"birth_date": "born"}})
    with pytest.raises(
        ConfigurationError, match=r"for 'customer_id', which customers cannot do.*written into the"
    ):
        pull.main()
    change_params(customers=where | {"columns": {"customer_id": "id", "regionn": "area"}})
    with pytest.raises(ConfigurationError, match=r"source\.stored\.tables\.customers\.columns"):
        pull.main()


def test_parameters_that_changed_since_the_look_are_told(storage: Path) -> None:
    with pytest.raises(DataError, match=r"what `make pull` saw.*found nothing"):
        ingest.main()
    pull.main()
    change_params(customers={"path": str(storage / "customers"), "columns": {"customer_id": "id"}})
    with pytest.raises(DataError, match=r"the parameters changed since `make pull`"):
        ingest.main()


def test_files_of_one_table_have_the_same_columns(storage: Path) -> None:
    path = storage / "customers" / "part-1.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["area"]), path)
    with pytest.raises(
        DataError, match=r"same columns in all files.*part-1\.parquet.*: area \(string\)\."
    ):
        pull.main()


def test_bytes_are_not_taken_for_texts(storage: Path) -> None:
    write_products(storage, product_id=[b"tv1", b"tv2"])
    with pytest.raises(
        DataError, match=r"found product_id \(binary\)\. .*as text in place of bytes"
    ):
        pull.main()


def test_a_file_of_the_users_that_is_cut_short_is_named_and_left_alone(storage: Path) -> None:
    path = storage / "products.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"expected parquet in .*products\.parquet.*it comes from"):
        pull.main()
    assert path.exists()


def test_a_column_in_the_names_of_folders_is_not_lost_silently(storage: Path) -> None:
    (storage / "events" / "year=2020").rename(storage / "events" / "channel=web")
    told = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    columns = told["source"]["stored"]["tables"]["product_events"]["columns"]
    where = {"path": str(storage / "events"), "columns": columns | {"channel": "channel"}}
    change_params(product_events=where)
    with pytest.raises(DataError, match=r"found channel in the names of folders"):
        pull.main()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("_delta_log/00000.json", "Delta"),
        ("metadata/v1.metadata.json", "Iceberg"),
        (".hoodie/hoodie.properties", "Hudi"),
    ],
)
def test_a_table_whose_log_says_which_files_count_is_refused(
    storage: Path, file: str, name: str
) -> None:
    path = storage / "customers" / file
    path.parent.mkdir(parents=True)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=f"a table of {name}, among whose files are rows"):
        pull.main()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"path": "data/customers"}, "path"),
        ({"path": "s3a://key:secret@bucket/customers"}, "an address without a password"),
        ({"path": "/lake/customers", "decimal": ","}, "path and columns alone, not decimal"),
    ],
)
@pytest.mark.usefixtures("storage")
def test_what_cannot_be_said_of_such_a_table_is_refused(told: dict[str, Any], said: str) -> None:
    change_params(customers=told)
    with pytest.raises(ConfigurationError, match=said) as caught:
        pull.main()
    assert "secret" not in str(caught.value)


def test_texts_that_a_file_keeps_as_codes_are_told_apart(storage: Path) -> None:
    """A file that swaps the texts behind equal codes is another table."""
    digests = []
    for names in (["tv", "radio"], ["radio", "tv"]):
        codes = pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(names))
        rows = {"product_id": ["tv1", "tv2"], "category": codes, "tier": [1, 2]}
        pq.write_table(pa.table(rows), storage / "products.parquet")
        pull.main()
        seen = json.loads((paths.PULLED_TABLES / "stored.json").read_text(encoding="utf-8"))
        digests.append(seen["tables"]["products"]["digest"])
    assert digests[0] != digests[1]


@pytest.mark.usefixtures("storage")
def test_a_manifest_is_read_under_the_contracts_names() -> None:
    pull.main()
    ingest.main()
    path = paths.table(paths.RAW, "customers")
    assert stored_tables.read_schema(path).names == ["customer_id", "birth_date", "region"]
    some = stored_tables.read_table(path, columns=["region", "customer_id"])
    assert some.column_names == ["region", "customer_id"]
    assert stored_tables.count_rows(path) == len(some) == 61
