"""The ingest stage writes what a source hands over, whole, and nothing else."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.foundation import paths
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import CONSENTS, CUSTOMERS
from pipeline.foundation.errors import ConfigurationError
from pipeline.sources import RawData
from pipeline.stages import ingest

STATEMENT = "Made up for a test."


def customers(*ids: str) -> pa.Table:
    return conform(pd.DataFrame({"customer_id": ids}), CUSTOMERS)


def raw_data(*, truth: Mapping[str, pa.Table] | None = None, **more: pa.Table) -> RawData:
    return RawData({"customers": customers("c2", "c1")} | more, STATEMENT, truth or {})


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_tables_are_written_with_their_schema_in_the_order_given() -> None:
    ingest.write(raw_data(), "made_up")
    written = pq.read_table(paths.table(paths.RAW, "customers"))
    assert written.equals(customers("c2", "c1"))
    assert written.schema.equals(CUSTOMERS.raw_schema)


def test_the_provenance_says_the_source_and_its_statement() -> None:
    ingest.write(raw_data(), "made_up")
    provenance = json.loads(paths.PROVENANCE.read_text(encoding="utf-8"))
    assert provenance == {"source": "made_up", "statement": STATEMENT}


def test_the_truth_is_written_where_it_is_known_and_its_folder_is_empty_where_not() -> None:
    truth = pa.table({"customer_id": ["c1"], "propensity": [0.25]})
    ingest.write(raw_data(truth={"propensities": truth}), "made_up")
    assert pq.read_table(paths.TRUE_PROPENSITIES).equals(truth)
    ingest.write(raw_data(), "made_up")
    assert files(paths.TRUTH) == []


def test_a_table_that_a_source_no_longer_has_does_not_linger() -> None:
    consents = conform(
        pd.DataFrame(
            {
                "customer_id": ["c1"],
                "channel": ["email"],
                "granted": [True],
                "changed_at": ["2025-01-05 10:00:00"],
            }
        ),
        CONSENTS,
    )
    ingest.write(raw_data(consents=consents), "made_up")
    assert files(paths.RAW) == ["consents.parquet", "customers.parquet", "provenance.json"]
    ingest.write(raw_data(), "made_up")
    assert files(paths.RAW) == ["customers.parquet", "provenance.json"]
    assert [file for file in files(paths.TEMPORARY) if not file.endswith(paths.LOCK)] == []


def test_the_same_data_give_the_same_bytes() -> None:
    written = []
    for _ in range(2):
        ingest.write(raw_data(), "made_up")
        written.append({path.name: path.read_bytes() for path in paths.RAW.iterdir()})
    assert written[0] == written[1]


def test_an_interrupted_run_leaves_what_stood_there(monkeypatch: pytest.MonkeyPatch) -> None:
    ingest.write(raw_data(), "made_up")

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pq, "ParquetWriter", fail)
    with pytest.raises(OSError, match="disk full"):
        ingest.write(raw_data(), "another")
    assert json.loads(paths.PROVENANCE.read_text(encoding="utf-8"))["source"] == "made_up"
    assert files(paths.RAW) == ["customers.parquet", "provenance.json"]


def test_the_stage_says_in_one_line_what_it_read_and_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
) -> None:
    root = request.config.rootpath
    paths.PARAMS.write_text((root / "params.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(ingest, "read_source", lambda _: raw_data())
    with caplog.at_level(logging.INFO):
        ingest.main()
    assert [record.message for record in caplog.records] == [
        f"simulated: rows of customers 2. {STATEMENT}"
    ]


def test_a_source_that_fails_leaves_the_old_tables(request: pytest.FixtureRequest) -> None:
    params = yaml.safe_load((request.config.rootpath / "params.yaml").read_text(encoding="utf-8"))
    params["source"] |= {"name": "files", "files": {"folder": "nowhere", "tables": {}}}
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
    ingest.write(raw_data(), "made_up")
    with pytest.raises(ConfigurationError, match=r"source\.files\.tables"):
        ingest.main()
    assert files(paths.RAW) == ["customers.parquet", "provenance.json"]
