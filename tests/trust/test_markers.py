"""Marks in contact details, and in columns that nobody mapped, stand where the data map says."""

import gzip
import re
import sqlite3
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.foundation.running import run
from pipeline.stages import ingest, validate
from tests.trust.marker_search import ROOT, allowed_places, places

MARKS = re.compile(r"Xmark[a-z]+\d")
CONTACTS = {f"Xmark{kind}{n}" for kind in ("mail", "bad") for n in range(4)}
UNMAPPED = {f"Xmark{kind}{n}" for kind in ("name", "iban", "note") for n in range(4)}
MAPPED = ("customer_id", "region", "email", "phone")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a project whose customers' file has marks in every kind of cell, faulty ones too."""
    monkeypatch.chdir(tmp_path)
    incoming = tmp_path / "data/incoming"
    incoming.mkdir(parents=True)
    people = [
        f"c{n},north,Xmarkmail{n}@x.pt,Xmarkbad{n},Xmarkname{n} Silva,PT50Xmarkiban{n}"
        for n in range(4)
    ]
    put(incoming / "customers.csv", ",".join((*MAPPED, "full_name", "iban")), people)
    put(incoming / "products.csv", "product_id,category,tier", ["p1,tea,1", "p2,tea,2"])
    events = [
        f"c{n % 4},p1,acquired,2025-01-05 {8 + n % 12:02}:{n // 12:02}:00,Xmarknote{n % 4}"
        for n in range(120)
    ]
    put(incoming / "events.csv", "customer_id,product_id,kind,occurred_at,note", events)
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    params["source"] |= {"name": "files"}
    columns = {name: name for name in ("customer_id", "product_id", "kind", "occurred_at")}
    params["source"]["files"]["tables"] = {
        "customers": {"file": "customers.csv", "columns": {name: name for name in MAPPED}},
        "products": {"file": "products.csv"},
        "product_events": {"file": "events.csv", "columns": columns},
    }
    params["validate"] |= {"min_rows": {"customers": 1}, "max_emptied_share": 1.0}
    write(params)
    return tmp_path


def put(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join((header, *rows, "")), encoding="utf-8")


def write(params: object) -> None:
    Path("params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")


def test_contact_details_and_what_nobody_mapped_stand_where_the_data_map_says(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run(ingest.main)
    run(validate.main)
    found = places(project, MARKS)
    assert {mark for mark, where in found.items() if where == {"data/incoming"}} == UNMAPPED
    assert set(found) == CONTACTS | UNMAPPED
    for mark in CONTACTS:
        assert found[mark] <= allowed_places()
        assert {"data/raw"} < found[mark] - {"data/incoming"}
    assert "pattern:phone" in caplog.text
    assert not MARKS.search(caplog.text)


def test_a_mark_is_found_in_every_kind_of_file(tmp_path: Path) -> None:
    """What cannot find anything proves nothing."""
    word = "Xmarkname1"
    for folder in ("a", "b", "c", "d", "e", "f"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    table = pa.table({"x": pa.array([word] * 50).dictionary_encode(), "y": [[word.encode()]] * 50})
    pq.write_table(table, tmp_path / "data/a/t.parquet", compression="zstd")
    (tmp_path / "data/b/t.csv.gz").write_bytes(gzip.compress(word.encode()))
    with zipfile.ZipFile(tmp_path / "data/c/t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{word}</t>")
    with sqlite3.connect(tmp_path / "data/d/t.db") as store:
        store.execute("pragma journal_mode = wal")
        store.execute("create table t (x)")
        store.execute("insert into t values (?)", ["z" * 5000 + word])
    (tmp_path / "data/e/t.txt").write_text(word, encoding="utf-16")
    (tmp_path / "data/f/t.json").write_text(f'{{"{word}": 1}}', encoding="utf-8")
    assert places(tmp_path, MARKS) == {word: {f"data/{folder}" for folder in "abcdef"}}
