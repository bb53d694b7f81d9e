"""A customer who is erased is in no file of the project afterwards, and no run brings them back."""

import json
import logging
import shutil
import sqlite3
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.commands import erase
from pipeline.foundation import config, paths
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.erased import read_erased
from pipeline.foundation.contracts.outputs import CONTACT_LOG, NEXT_BEST_OFFERS, REASONS
from pipeline.foundation.contracts.tables import CONSENTS, CUSTOMERS
from pipeline.foundation.errors import ConfigurationError
from pipeline.io.dvc_store import open_dvc_store
from pipeline.io.waves import count_erased, read_waves
from pipeline.sources import RawData
from pipeline.sources.simulated.sealed_waves import read_sealed_waves
from pipeline.stages import ingest
from tests.databases import VARIABLE, execute, rows, sqlite_url

ROOT = Path(__file__).parents[2]
WHO, MAIL, PHONE, CODE = "ZZ-ERASEME-0007", "Erase.Me@gmail.com", "+34600111222", "OFFER-QX17-Z9"
OTHER = "C2"
CACHE = Path(".dvc/cache/files/md5")
OBJECT = "ab", "cdef0123456789abcdef01234567"
LISTING = "cd", "ef0123456789abcdef012345678.dir"
MARKS = (
    *(WHO, MAIL, MAIL.lower(), PHONE, PHONE.removeprefix("+"), CODE),
    *(sha256(text.encode()).hexdigest() for text in ("erase.me@gmail.com", "eraseme@gmail.com")),
)


def put(path: str | Path, content: str | bytes) -> Path:
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def put_table(path: Path, table: pa.Table) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
    return path


def of(ids: list[str], **columns: list[Any]) -> pa.Table:
    return pa.table({"customer_id": ids, **columns})


def contract_rows(output: Any, *known: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(known), schema=pa.schema(list(output.columns)))


def offer(who: str, arm: str | None, code: str | None) -> dict[str, Any]:
    return {
        "customer_id": who,
        "household_id": f"home of {who}",
        "as_of_date": date(2025, 6, 2),
        "wave": "w20250602",
        "arm": arm,
        "is_universal_control": False,
        "model": "up_sell",
        "category": "tea",
        "product_id": "P1",
        "propensity": 0.25,
        "value_cents": 900,
        "channel": "email",
        "hour": 9,
        "action_probability": 0.5,
        "contact_cost_cents": 5,
        "campaign": "up_sell tea",
        "offer_code": code,
        "valid_from": date(2025, 6, 2),
        "valid_until": date(2025, 6, 30),
    }


def source() -> RawData:
    people = pd.DataFrame(
        {"customer_id": [OTHER, WHO], "email": ["two@x.pt", MAIL], "phone": ["", PHONE]}
    )
    consents = pd.DataFrame(
        {
            "customer_id": [WHO, OTHER, WHO],
            "channel": ["email", "email", "sms"],
            "granted": [True] * 3,
            "changed_at": ["2025-01-05 10:00:00"] * 3,
        }
    )
    tables = {"customers": conform(people, CUSTOMERS), "consents": conform(consents, CONSENTS)}
    return RawData(tables, "Made up for a test.")


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a project in which one customer is everywhere."""
    monkeypatch.chdir(tmp_path)
    lay_out_project()


def lay_out_project() -> None:
    """Write a project in which one customer is everywhere."""
    shutil.copy(ROOT / "params.yaml", paths.PARAMS)
    put("dvc.yaml", yaml.safe_dump({"stages": {"all": {"cmd": "true", "outs": _outputs()}}}))
    put(".dvc/config", "[core]\n    no_scm = true\n")
    ingest.write(source(), "made_up")
    _plant_outputs()
    _plant_wave()
    put(
        "data/responses/back.csv",
        "customer_id,offer_code,kind,occurred_at,note\r\n"
        f"{OTHER},,ordered,2025-06-03 10:00:00,fine\r\n"
        f'{WHO},,ordered,2025-06-03 10:00:00,"two\nlines"\r\n'
        f",{CODE},redeemed,2025-06-03 10:00:00,\n"
        f'{OTHER},,clicked,2025-06-04 10:00:00,a 5" screen\n',
    )
    put("data/champion/simulated/up_sell/model.json", "{}")
    Path("mlruns").mkdir(exist_ok=True)
    with sqlite3.connect("mlruns/mlflow.db") as store:
        store.execute("CREATE TABLE runs (name TEXT)")


def _outputs() -> list[str]:
    """Return what the project's own stages write, which are many and slow to read by DVC."""
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"].values()
    outs = [out for stage in stages for out in stage.get("outs", []) + stage.get("metrics", [])]
    named = [out if isinstance(out, str) else next(iter(out)) for out in outs]
    return sorted({out for out in named if "$" not in out})


def _plant_outputs() -> None:
    shutil.copytree(paths.RAW, paths.VALIDATED)
    put_table(paths.table(paths.EMPTIED_CELLS, "customers"), of([WHO], value=["?"]))
    put_table(paths.FEATURES / "customer/surveys.parquet", of([OTHER, WHO], x=[1.0, 2.0]))
    put_table(paths.FEATURES / "candidate/affinity.parquet", of([OTHER], x=[1.0]))
    put_table(paths.table(paths.SCORES, "propensities"), of([WHO, OTHER]))
    put_table(paths.PULLED_TABLES / "customers.parquet", of([WHO], email=[MAIL]))
    hashed = sha256(b"eraseme@gmail.com").hexdigest()
    put("data/exports/google/audience.csv", f"Email\n{hashed}\n")
    put("data/exports/generic/offers.csv", f"customer_id,email\n{OTHER},two@x.pt\n")
    put("data/tmp/export/half.csv", f"{MAIL.lower()}\n")
    put("mlruns/artifacts/0e1f/artifacts/index.html", f"<p>For example {WHO}: tea.</p>")
    put("reports/index.html", f"<p>For example {WHO}: tea by e-mail.</p>")
    put_table(CACHE.joinpath(*OBJECT), of([WHO], email=[MAIL]))
    put_table(CACHE / "00/11", of([OTHER], email=["two@x.pt"]))
    put(CACHE.joinpath(*LISTING), json.dumps([{"md5": "".join(OBJECT), "relpath": "a.parquet"}]))


def _plant_wave() -> None:
    wave = contract_rows(
        NEXT_BEST_OFFERS, offer(WHO, "treated", CODE), offer(OTHER, "campaign_control", None)
    )
    put_table(paths.table(paths.OFFERS, "next_best_offers"), wave)
    put_table(paths.table(paths.WAVES, "w20250602"), wave)
    contact = {"model": "up_sell", "category": "tea", "channel": "sms", "propensity": 0.25}
    log = contract_rows(CONTACT_LOG, {"customer_id": WHO, **contact})
    put_table(paths.table(paths.WAVE_CONTACTS, "w20250602"), log)
    reason = {"model": "up_sell", "position": 1, "feature": "f", "contribution": 0.1}
    told = contract_rows(REASONS, *({"customer_id": who, **reason} for who in (WHO, OTHER)))
    put_table(paths.table(paths.WAVE_REASONS, "w20250602"), told)
    held = pa.table({"external_id": [WHO, OTHER], "email": [MAIL, "two@x.pt"]})
    put_table(paths.WAVE_HAND_OVERS / "w20250602/braze/users.parquet", held)


def holders() -> list[str]:
    """Return the files that hold any mark, parquet decoded; found by another way than the code's."""
    return sorted(path.as_posix() for path in Path().rglob("*") if path.is_file() and _holds(path))


def _holds(path: Path) -> bool:
    content = path.read_bytes()
    text = content.decode("utf-8", errors="replace")
    if content.startswith(b"PAR1"):
        text += str(pq.read_table(path).to_pylist())
    return any(mark in text for mark in MARKS)


def call(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["erase", *arguments])
    try:
        erase.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_no_file_holds_the_customer_afterwards(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(holders()) > 15
    assert call(WHO, monkeypatch=monkeypatch) == 0
    assert holders() == []
    report = json.loads(capsys.readouterr().out)
    assert (report["is_complete"], report["customers"], report["newly_listed"]) == (True, 1, 1)
    found = {one["place"]: one["count"] for one in report["found"]}
    assert found["data/raw"] == 2  # customers and consents
    assert found["DVC cache"] == 2  # the object, and the listing that names it
    assert found["data/responses"] == 2  # the order, and the code
    assert found["data/waves"] == 4  # offer, contact, reason, held
    assert found["mlruns/artifacts"] == 1  # the page of a recorded run
    assert "data/champion" not in found


def test_what_holds_somebody_else_alone_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    others = (
        "data/exports/generic/offers.csv",
        "data/features/candidate/affinity.parquet",
        ".dvc/cache/files/md5/00/11",
        "data/champion/simulated/up_sell/model.json",
        "mlruns/mlflow.db",
    )
    before = {name: Path(name).read_bytes() for name in others}
    call(WHO, monkeypatch=monkeypatch)
    assert {name: Path(name).read_bytes() for name in others} == before
    assert Path("data/responses/back.csv").read_bytes() == (
        b"customer_id,offer_code,kind,occurred_at,note\r\n"
        b"C2,,ordered,2025-06-03 10:00:00,fine\r\n"
        b'C2,,clicked,2025-06-04 10:00:00,a 5" screen\n'
    )


def test_no_source_brings_them_back_and_the_provenance_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call(WHO, monkeypatch=monkeypatch)
    assert ingest.write(source(), "made_up") == {"customers": 1, "consents": 1}
    assert holders() == []
    told = json.loads(paths.PROVENANCE.read_text(encoding="utf-8"))
    assert told["erased_rows"] == {"consents": 2, "customers": 1}


def test_the_list_names_nobody_and_its_salt_is_a_projects_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call(WHO, monkeypatch=monkeypatch)
    first = paths.ERASED_LIST.read_text(encoding="utf-8")
    assert WHO not in first
    assert read_erased().holds(WHO)
    assert not read_erased().holds(OTHER)
    shutil.rmtree(paths.ERASED)
    call(WHO, monkeypatch=monkeypatch)
    assert paths.ERASED_LIST.read_text(encoding="utf-8") != first


def test_a_sealed_wave_keeps_its_row_under_an_id_that_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = paths.table(paths.WAVES, "w20250602")
    before = pq.read_table(path)
    call(WHO, monkeypatch=monkeypatch)
    after = pq.read_table(path)
    gone = {"customer_id", "household_id", "offer_code", "weekday", "hour", "device"}
    kept = [name for name in before.column_names if name not in gone]
    assert after.select(kept).equals(before.select(kept))
    assert after.slice(1).equals(before.slice(1))
    grave = after.slice(0, 1).to_pylist()[0]
    assert {grave[name] for name in gone - {"customer_id"}} == {None}
    log = pq.read_table(paths.table(paths.WAVE_CONTACTS, "w20250602"))
    assert log["customer_id"].to_pylist() == [grave["customer_id"]]
    assert pq.read_table(paths.table(paths.WAVE_REASONS, "w20250602")).num_rows == 1


def test_a_measurement_leaves_them_out_of_their_arm_and_counts_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call(WHO, monkeypatch=monkeypatch)
    assert read_waves()["customer_id"].tolist() == [OTHER]
    assert count_erased("w20250602") == {"treated": 1}
    assert read_sealed_waves().empty


def test_a_call_that_was_stopped_is_made_good_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(erase, "bury_in_waves", stop)
        with pytest.raises(KeyboardInterrupt):
            call(WHO, monkeypatch=stopped)
    assert read_erased().holds(WHO)  # no run between the two brings them back
    assert holders()
    assert call(WHO, monkeypatch=monkeypatch) == 0
    assert holders() == []


def test_a_second_call_finds_nothing_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call(WHO, monkeypatch=monkeypatch)
    before = {path: path.read_bytes() for path in sorted(Path("data").rglob("*")) if path.is_file()}
    capsys.readouterr()
    assert call(WHO, monkeypatch=monkeypatch) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["found"], report["newly_listed"]) == ([], 0)
    after = {path: path.read_bytes() for path in sorted(Path("data").rglob("*")) if path.is_file()}
    assert after == before


@pytest.mark.parametrize("name", ["shop.csv", "shop.parquet"])
def test_a_file_of_the_users_own_is_named_and_left_to_them(
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = Path("data/incoming") / name
    if name.endswith("csv"):
        put(path, f"Kunde;Mail\n{WHO};{MAIL}\n")
    else:
        put_table(path, pa.table({"Kunde": [WHO]}))
    before = path.read_bytes()
    with caplog.at_level(logging.INFO):
        assert call(WHO, monkeypatch=monkeypatch) == erase.NOT_COMPLETE
    assert path.read_bytes() == before
    report = json.loads(capsys.readouterr().out)
    assert [one["place"] for one in report["remaining"]] == [path.as_posix()]
    assert "take their rows out" in caplog.text
    assert WHO not in caplog.text
    path.unlink()
    assert call(WHO, monkeypatch=monkeypatch) == 0


def test_result_tables_and_a_remote_lose_them_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = sqlite_url(tmp_path / "results.db")
    execute(
        url,
        "CREATE TABLE propensity_decisions (wave TEXT, customer_id TEXT)",
        f"INSERT INTO propensity_decisions VALUES ('w1', '{WHO}'), ('w1', '{OTHER}')",  # noqa: S608 - a test's own
    )
    monkeypatch.setenv(VARIABLE, url)
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    params["exports"]["database"] = {"url_variable": VARIABLE, "schema": None}
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
    remote = tmp_path / "remote"
    put(".dvc/config", f"[core]\n    no_scm = true\n['remote \"far\"']\n    url = {remote}\n")
    shutil.copytree(CACHE, remote / "files/md5")
    put_table(remote / "files/md5/ee/older", of([WHO]))
    call(WHO, monkeypatch=monkeypatch)
    report = json.loads(capsys.readouterr().out)
    assert report["is_complete"]
    found = {one["place"]: one["count"] for one in report["found"]}
    assert rows(url, "SELECT customer_id FROM propensity_decisions") == [(OTHER,)]
    assert found["database table propensity_decisions"] == 1
    assert found["DVC remote far"] == 3
    assert holders() == []


def test_a_database_that_does_not_answer_leaves_the_erasure_incomplete(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    params["exports"]["database"] = {"url_variable": "NOT_SET_ANYWHERE", "schema": None}
    paths.PARAMS.write_text(yaml.safe_dump(params), encoding="utf-8")
    assert call(WHO, monkeypatch=monkeypatch) == erase.NOT_COMPLETE
    assert "could not be asked" in json.loads(capsys.readouterr().out)["remaining"][0]["remedy"]


def test_several_customers_come_with_commas_or_as_a_file(tmp_path: Path) -> None:
    assert erase.parse(["a, b,,c"]) == {"a", "b", "c"}
    listed = put(tmp_path / "ids.txt", "a\r\n\r\nb,1\n")
    assert erase.parse([str(listed)]) == {"a", "b,1"}
    for wrong in ([], [""], [" , "], ["a", "b"]):
        with pytest.raises(ConfigurationError, match="make erase CUSTOMER"):
            erase.parse(wrong)


def test_nothing_is_erased_while_dvc_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_dvc_store():
        assert call_failing(monkeypatch).startswith("expected no run of DVC")
    assert not paths.ERASED_LIST.exists()


def call_failing(monkeypatch: pytest.MonkeyPatch) -> str:
    with pytest.raises(Exception, match="expected") as caught:
        call(WHO, monkeypatch=monkeypatch)
    return str(caught.value)


def test_the_id_of_another_customer_that_begins_alike_is_no_mark() -> None:
    put_table(paths.table(paths.SEGMENTS.parent, "customers"), of([f"{WHO}1"]))
    kept = paths.table(paths.SEGMENTS.parent, "customers")
    with open_dvc_store() as store:
        report = erase.erase([WHO], config.load(), store)
    assert kept.exists()
    assert report.is_complete


def test_a_short_id_is_looked_for_in_columns_about_customers_alone() -> None:
    by_id = put_table(paths.table(paths.SCORES, "propensities"), of(["17", "18"]))
    product = put_table(paths.SEGMENTS, pa.table({"product_id": ["17"]}))
    with open_dvc_store() as store:
        erase.erase(["17"], config.load(), store)
    assert not by_id.exists()
    assert product.exists()
