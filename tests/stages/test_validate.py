import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.foundation import paths
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import Table, raw_tables
from pipeline.foundation.errors import BrokenCheckError, DataError
from pipeline.foundation.running import run
from pipeline.io import judged_tables
from pipeline.stages import validate
from pipeline.validation.coverage import Coverage
from pipeline.validation.expectations import Expectation, batch_suite

PARAMS = yaml.safe_load((Path(__file__).parents[2] / "params.yaml").read_text(encoding="utf-8"))
LIMITS = {
    "max_quarantined_share": 0.2,
    "min_rows": {"customers": 5},
    "max_null_share": {},
    "max_stale_days": 60,
    "batch_rows": 1000,
}
CONTRACT = raw_tables({})
DAYS = pd.date_range("2025-01-01 09:00:00", periods=100, freq="D").astype("str").tolist()

SMALL: Mapping[str, Mapping[str, Any]] = {
    "customers": {"customer_id": [f"c{n}" for n in range(10)]},
    "products": {"product_id": ["tv1", "tv2"], "category": "tv", "tier": [1, 2]},
    "product_events": {
        "customer_id": [f"c{n % 10}" for n in range(100)],
        "product_id": "tv1",
        "kind": "acquired",
        "occurred_at": DAYS,
        "amount": "9.99",
    },
}
Project = Callable[..., None]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return what writes parameters and raw tables into a project of its own."""
    monkeypatch.chdir(tmp_path)

    def write(limits: Mapping[str, Any] | None = None, **tables: pd.DataFrame) -> None:
        params = PARAMS | {"validate": LIMITS | dict(limits or {})}
        params["source"] = PARAMS["source"] | {"name": "files", "customer_attributes": {}}
        paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
        paths.RAW.mkdir(parents=True, exist_ok=True)
        for name, rows in (small() | tables).items():
            pq.write_table(conform(rows, CONTRACT[name]), paths.table(paths.RAW, name))

    return write


def small() -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(columns) for name, columns in SMALL.items()}


def changed(name: str, row: int, **values: Any) -> pd.DataFrame:
    """Return a small table with some values of one row changed."""
    rows = small()[name]
    for column, value in values.items():
        before = rows[column] if column in rows else pd.Series([None] * len(rows), dtype="object")
        rows = rows.assign(**{column: before.astype("object").where(rows.index != row, value)})
    return rows


def report() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(paths.VALIDATION_REPORT.read_text(encoding="utf-8"))
    return content


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(paths.table(folder, name)).to_pylist()
    return found


def outputs() -> dict[str, bytes]:
    files = [*paths.VALIDATED.iterdir(), *paths.QUARANTINE.rglob("*"), paths.VALIDATION_REPORT]
    return {str(path): path.read_bytes() for path in sorted(files) if path.is_file()}


def test_good_tables_are_all_valid_and_missing_ones_are_named(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    project()
    with caplog.at_level(logging.INFO, "pipeline"):
        validate.main()
    found = report()
    assert found["verdict"] == "passed"
    assert found["missing_tables"] == ["consents", "interactions", "messages", "surveys"]
    assert found["coverage"] == {"start": "2025-01-01", "end": "2025-04-10", "latest": "2025-05-08"}
    for name, columns in SMALL.items():
        assert len(rows(paths.VALIDATED, name)) == len(pd.DataFrame(columns))
        assert rows(paths.QUARANTINE, name) == []
        schema = pq.read_schema(paths.table(paths.QUARANTINE, name))
        assert schema.names == [*CONTRACT[name].raw_schema.names, "rule", "value"]
    assert "112 rows in = 112 valid + 0 quarantined; data cover 2025-01-01 to 2025-04-10" in (
        caplog.text
    )


def test_bad_rows_and_what_refers_to_them_go_to_quarantine_and_nowhere_else(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    events = changed("product_events", 0, occurred_at="2099-01-01 00:00:00")
    events = events.assign(product_id=["radio" if n % 10 == 3 else "tv1" for n in range(100)])
    products = pd.DataFrame(
        {"product_id": ["tv1", "tv2", "radio"], "category": "tv", "tier": [1, 2, None]}
    )
    project({"max_quarantined_share": 0.4}, products=products, product_events=events)
    with caplog.at_level(logging.INFO, "pipeline"):
        validate.main()
    quarantined = rows(paths.QUARANTINE, "product_events")
    assert {row["rule"] for row in quarantined if row["customer_id"] == "c3"} == {
        "references:product_id"
    }
    told = report()["tables"]["product_events"]
    assert told["by_rule"] == {"after_coverage:occurred_at": 1, "references:product_id": 10}
    assert (told["rows_in"], told["valid"], told["quarantined"]) == (100, 89, 11)
    assert told["cascaded"] == 10
    valid = rows(paths.VALIDATED, "product_events")
    assert len(valid) == 89
    keys = [(row["customer_id"], row["occurred_at"]) for row in valid]
    assert keys == sorted(keys)


def test_a_bad_contact_detail_is_emptied_and_told_and_its_customer_and_events_stay(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    customers = small()["customers"].assign(
        phone=["0471/12.34.56", "+32 2 123 45 67 ext. 12", "no tiene", *[""] * 7],
        email=["ana@b.example", "secret at home", *[""] * 8],
    )
    project({"max_quarantined_share": 0.01}, customers=customers)
    with caplog.at_level(logging.INFO, "pipeline"):
        validate.main()
    told = report()["tables"]
    assert told["customers"]["emptied_cells"] == {"pattern:email": 1, "pattern:phone": 2}
    assert (told["customers"]["valid"], told["product_events"]["valid"]) == (10, 100)
    kept = rows(paths.VALIDATED, "customers")
    assert [row["phone"] for row in kept[:3]] == ["0471/12.34.56", None, None]
    assert rows(paths.EMPTIED_CELLS, "customers") == [
        {
            "customer_id": "c1",
            "column": "email",
            "rule": "pattern:email",
            "value": "secret at home",
        },
        {
            "customer_id": "c1",
            "column": "phone",
            "rule": "pattern:phone",
            "value": "+32 2 123 45 67 ext. 12",
        },
        {"customer_id": "c2", "column": "phone", "rule": "pattern:phone", "value": "no tiene"},
    ]
    assert "customers: 3 values emptied, their rows kept" in caplog.text
    assert "secret" not in caplog.text + paths.VALIDATION_REPORT.read_text(encoding="utf-8")


def test_a_wrong_format_is_blamed_at_its_column_with_the_parameter_that_mends_it(
    project: Project,
) -> None:
    births = [f"{day}/05/1980" for day in range(13, 23)]
    project(customers=small()["customers"].assign(birth_date=births))
    with pytest.raises(DataError) as error:
        validate.main()
    assert (
        "customers: expected a share of values of birth_date that had to be emptied of at most "
        "0.5; found 1. 10 of unparsed:birth_date ('13/05/1980'). Most likely: set "
        'source.files.tables.customers.formats.birth_date to "%d/%m/%Y".'
    ) in str(error.value)


def test_a_stop_for_quarantined_rows_names_the_rules_their_counts_and_the_likely_parameter(
    project: Project,
) -> None:
    events = small()["product_events"]
    guests = events.assign(customer_id=["" if n < 30 else f"c{n % 10}" for n in range(100)])
    project(
        product_events=guests.assign(kind=["bought" if n > 89 else "acquired" for n in range(100)])
    )
    with pytest.raises(DataError) as error:
        validate.main()
    assert (
        "product_events: expected a share of quarantined rows of at most 0.2; found 0.4. "
        "30 of not_null:customer_id, 10 of allowed:kind ('bought'). Most likely: orders of guests: "
        "set source.files.tables.product_events.guests to keep_apart"
    ) in str(error.value)


@pytest.mark.slow
def test_two_runs_write_the_same_bytes(project: Project) -> None:
    project(customers=changed("customers", 3, email="nowhere"))
    validate.main()
    first = outputs()
    validate.main()
    assert outputs() == first


@pytest.mark.slow
def test_the_size_of_batches_does_not_change_the_report(project: Project) -> None:
    events = pd.concat([small()["product_events"]] * 25)
    project({"batch_rows": 1000}, product_events=events)
    validate.main()
    in_batches = outputs()
    project({"batch_rows": 100_000}, product_events=events)
    validate.main()
    assert outputs() == in_batches


@pytest.mark.slow
def test_what_an_earlier_run_left_behind_is_removed(project: Project) -> None:
    project()
    for folder in (paths.VALIDATED, paths.QUARANTINE, paths.TEMPORARY / paths.VALIDATED.name):
        folder.mkdir(parents=True)
        (folder / "surveys.parquet").write_bytes(b"old")
    validate.main()
    assert not paths.table(paths.VALIDATED, "surveys").exists()
    assert not paths.table(paths.QUARANTINE, "surveys").exists()


def test_a_failed_expectation_stops_the_run_and_leaves_what_is_needed_to_see_why(
    project: Project,
) -> None:
    limits = {"max_quarantined_share": 0.05, "min_rows": {"customers": 50}}
    project(limits, customers=changed("customers", 3, customer_id=None))
    with pytest.raises(DataError, match="3 that do not") as error:
        validate.main()
    lines = str(error.value).splitlines()
    # The tenth customer and, with it, a tenth of the events.
    assert [line.split(". ")[0] for line in lines[1:4]] == [
        "  customers: expected at least 50 valid rows; found 9",
        "  customers: expected a share of quarantined rows of at most 0.05; found 0.1",
        "  product_events: expected a share of quarantined rows of at most 0.05; found 0.1",
    ]
    assert report()["verdict"] == "failed"
    assert len(rows(paths.QUARANTINE, "product_events")) == 10
    assert not paths.VALIDATED.exists()
    assert [path for path in paths.TEMPORARY.iterdir() if path.suffix != paths.LOCK] == []


def test_a_check_that_cannot_be_carried_out_is_no_verdict_on_the_data(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def suite(table: Table, coverage: Coverage | None) -> tuple[Expectation, ...]:
        impossible = Expectation("minimum", "nowhere", 0, "nowhere is at least 0")
        return (*batch_suite(table, coverage), impossible)

    monkeypatch.setattr(judged_tables, "batch_suite", suite)
    project()
    with pytest.raises(BrokenCheckError, match=r"customers: nowhere is at least 0: .*nowhere"):
        validate.main()
    assert report()["verdict"] == "broken"
    assert not paths.VALIDATED.exists()


@pytest.mark.slow
def test_a_warning_is_logged_and_does_not_stop_the_run(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    old = {"customer_id": ["c1"], "channel": "email", "granted": "no", "changed_at": DAYS[0]}
    project(consents=pd.DataFrame(old))
    validate.main()
    assert report()["verdict"] == "passed"
    assert "consents: expected an end at most 60 days before the product events end; found 99" in (
        caplog.text
    )


@pytest.mark.slow
def test_an_old_optional_table_stops_the_run(project: Project) -> None:
    old = {"customer_id": ["c1"], "channel": "web", "kind": "visit", "occurred_at": DAYS[0]}
    project(interactions=pd.DataFrame(old))
    with pytest.raises(DataError, match=r"found 99\. Give a newer extract of interactions"):
        validate.main()


@pytest.mark.slow
def test_tables_without_a_believable_event_fail_without_a_coverage(project: Project) -> None:
    project(product_events=small()["product_events"].assign(product_id="radio"))
    with pytest.raises(DataError, match="product_events: expected at least 1 valid rows; found 0"):
        validate.main()
    assert report()["coverage"] is None
    assert report()["tables"]["product_events"]["by_rule"] == {"references:product_id": 100}


def test_the_reader_is_told_to_ingest_when_there_is_nothing_to_validate(project: Project) -> None:
    project()
    paths.table(paths.RAW, "products").unlink()
    with pytest.raises(DataError, match=r"found no products\. Run the ingest stage"):
        validate.main()


def test_the_reader_is_told_to_ingest_anew_when_the_contract_has_grown(project: Project) -> None:
    project()
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    params["source"]["customer_attributes"] = {"shoe_size": "number"}
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
    with pytest.raises(DataError, match=r"no shoe_size \(double\)\. Run the ingest stage again"):
        validate.main()


def test_a_stopped_run_exits_with_its_reason_and_no_traceback(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    project({"min_rows": {"customer": 5}})
    with pytest.raises(SystemExit, match="1"):
        run(validate.main)
    assert "Did you mean 'customers'?" in caplog.text
    assert "Traceback" not in caplog.text
