"""The whole way, as a user goes it: `dvc repro` on a small company, and on other sources."""

import csv
import hashlib
import json
import re
import shutil
import signal
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pyarrow.parquet as pq
import pytest
import yaml

from tests.tracking.servers import started
from tests.trust.marker_search import allowed_places, places
from tests.workspace import IDENTITY, SMALL, Workspace, copy_project

pytestmark = pytest.mark.slow
MODELS = ("up_sell", "cross_sell")
CUSTOMERS = "source.simulated.customers"
DECISIONS = "propensity_decisions"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Run the pipeline once on a simulated company of 1,000, as an experiment of one parameter."""
    workspace = copy_project(tmp_path_factory.mktemp("company"), {**SMALL, CUSTOMERS: 2})
    workspace.run("dvc", "exp", "run", "-S", f"{CUSTOMERS}={SMALL[CUSTOMERS]}")
    return workspace


def test_a_second_run_does_nothing(company: Workspace) -> None:
    before = (company.folder / "dvc.lock").read_bytes()
    assert "Data and pipelines are up to date" in company.run("dvc", "repro")
    assert (company.folder / "dvc.lock").read_bytes() == before


def test_every_stage_run_by_hand_in_another_folder_gives_the_same_bytes(
    company: Workspace, tmp_path: Path
) -> None:
    expected = company.outputs()
    assert len(expected) > 100
    other = copy_project(tmp_path, SMALL)
    shutil.copy(company.folder / "dvc.lock", other.folder)  # `track` names a result by it
    other.run("python", "-m", "tests.by_hand")
    assert other.outputs() == expected


def test_the_notebook_shows_what_the_run_has_made(company: Workspace) -> None:
    assert "4 passed" in company.run("pytest", "--nbmake", "notebooks", "-o", "addopts=")


def test_every_raw_row_is_valid_or_quarantined(company: Workspace) -> None:
    for path in sorted((company.folder / "data/raw").glob("*.parquet")):
        rows = [
            pq.read_metadata(company.folder / f"data/{folder}/{path.name}").num_rows
            for folder in ("raw", "validated", "quarantine")
        ]
        assert rows[0] == rows[1] + rows[2]
        assert rows[2] > 0, f"the simulator writes dirty rows into {path.stem}"


def test_every_valid_customer_is_handed_over_once(company: Workspace) -> None:
    with (company.folder / "data/exports/generic/customers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    customers = pq.read_table(company.folder / "data/validated/customers.parquet")["customer_id"]
    assert sorted(row["customer_id"] for row in rows) == sorted(customers.to_pylist())


def test_no_email_or_phone_stands_but_where_the_data_map_says(company: Workspace) -> None:
    marks = re.compile(r"[cC]\d{8}@example\.org|\+34 ?600 ?\d{3} ?\d{3}")
    found = places(company.folder, marks)
    customers = pq.read_table(company.folder / "data/raw/customers.parquet").to_pandas()
    assert len(found) > len(customers), "an e-mail and a phone of nearly everybody"
    everywhere = set().union(*found.values())
    assert everywhere == allowed_places() & everywhere
    assert everywhere >= {"data/raw", "data/validated", ".dvc/cache"}


def test_no_file_of_a_whole_run_holds_who_was_erased(company: Workspace, tmp_path: Path) -> None:
    project = Workspace(tmp_path / "erased")
    shutil.copytree(company.folder, project.folder)
    customers = pq.read_table(project.folder / "data/validated/customers.parquet").to_pandas()
    offers = pq.read_table(project.folder / "data/offers/next_best_offers.parquet").to_pandas()
    reached = customers[customers["email"].notna() & customers["phone"].notna()]
    who = reached.merge(offers[offers["channel"].notna()], on="customer_id").iloc[0]
    number = who["customer_id"].removeprefix("C")
    phone = re.sub(r"\D", "", who["phone"])[-9:]
    marks = re.compile(rf"(?i)c{number}|(?<![\d.])(?:34 ?)?" + r"\s?".join(phone))
    before = set().union(*places(project.folder, marks).values())
    assert before >= {"data/features", "data/scores", "data/offers", "data/exports", ".dvc/cache"}
    done = project.attempt("python", "-m", "pipeline.commands.erase", who["customer_id"])
    left = [one["place"] for one in json.loads(done.stdout)["remaining"]]
    assert [place for place in left if not place.startswith("git")] == []
    assert places(project.folder, marks) == {}


def test_every_propensity_is_a_probability_ranked_from_one(company: Workspace) -> None:
    scores = pq.read_table(company.folder / "data/scores/propensities.parquet").to_pandas()
    assert scores.propensity.between(0, 1).all()
    for _, ranked in scores.groupby(["model", "category"]):
        assert sorted(ranked["rank"]) == list(range(1, len(ranked) + 1))
        best = ranked.sort_values("rank")
        assert best["score"].is_monotonic_decreasing
        assert best["decile"].iloc[0] == 1


def test_nobody_is_offered_what_they_hold(company: Workspace) -> None:
    scores = pq.read_table(company.folder / "data/scores/propensities.parquet").to_pandas()
    for model in MODELS:
        asked = pq.read_table(company.folder / f"data/population/{model}.parquet").to_pandas()
        eligible = asked[(asked["split"] == "scoring") & asked["is_eligible"]]
        keys = ["customer_id", "category"]
        scored = scores.loc[scores["model"] == model, keys]
        assert sorted(map(tuple, scored.to_numpy())) == sorted(
            map(tuple, eligible[keys].to_numpy())
        )


def test_the_manifest_tells_the_truth_about_the_files(company: Workspace) -> None:
    manifest = company.json("data/exports/generic/manifest.json")
    assert set(manifest["files"]) >= {"customers.csv", "propensities.csv", "data_dictionary.csv"}
    for name, entry in manifest["files"].items():
        content = (company.folder / "data/exports/generic" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]


def test_the_model_does_not_know_more_than_the_truth(company: Workspace) -> None:
    for model in MODELS:
        report = company.json(f"reports/evaluation/{model}.json")
        scorers = report["scorers"]
        assert scorers["truth"]["log_loss"]["value"] < scorers["model"]["log_loss"]["value"]
        assert scorers["truth"]["auc"]["value"] < 0.9


def test_a_tuning_parameter_makes_only_tune_and_what_follows_stale(company: Workspace) -> None:
    params = company.folder / "params.yaml"
    before = params.read_text(encoding="utf-8")
    params.write_text(before.replace("seed: 11", "seed: 99"), encoding="utf-8")
    stale = json.loads(company.run("dvc", "status", "--json"))
    params.write_text(before, encoding="utf-8")
    # The stage `parameters` checks the file and writes the same note: nothing follows from it.
    assert set(stale) == {"parameters", "tune@up_sell", "tune@cross_sell"}


def test_every_result_is_tracked_once(company: Workspace) -> None:
    key = company.json("mlruns/tracked.json")["result"]
    company.run("dvc", "repro", "--force", "--single-item", "track")
    store = sqlite3.connect(company.folder / "mlruns/mlflow.db")
    tagged = store.execute("select count(*) from tags where key = 'result' and value = ?", [key])
    assert tagged.fetchone() == (1,)
    names = store.execute("select name from registered_models order by name")
    assert [name for (name,) in names] == ["cross_sell", "up_sell"]


def test_a_broken_parameter_stops_the_run_with_its_path(company: Workspace, tmp_path: Path) -> None:
    broken = copy_project(tmp_path, {**SMALL, "features.families": ["survey"]})
    done = broken.attempt("python", "-m", "pipeline.stages.features")
    assert done.returncode == 1
    assert "Did you mean 'surveys'?" in done.stderr
    assert "Traceback" not in done.stderr
    assert company.folder != broken.folder


KILLED = """
import os, signal
from pipeline.commands import monthly, record_wave, seal, write_back

def die(*given): os.kill(os.getpid(), signal.SIGKILL)

monthly.reproduce = lambda *given, **named: None  # all is reproduced
record_wave.main = lambda: None
{step} = die
monthly.main()
"""
ACCEPT = [word for one in ("gate", "drift", "no_contacts") for word in ("--accept", one)]


def test_a_month_that_was_killed_at_any_step_is_finished_by_the_next_run(
    company: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the database is written, before the wave is sealed, and with half of it sealed."""
    project = Workspace(tmp_path / "month")
    ignored = shutil.ignore_patterns("mlruns", "cache")
    shutil.copytree(company.folder, project.folder, ignore=ignored)
    params = project.folder / "params.yaml"
    given = yaml.safe_load(params.read_text(encoding="utf-8"))
    given["retraining"]["models"] = []
    given["exports"]["database"] = {"url_variable": "RESULTS_URL", "schema": None}
    params.write_text(yaml.safe_dump(given, sort_keys=False), encoding="utf-8")
    database = tmp_path / "results.db"
    sqlite3.connect(database).close()
    monkeypatch.setenv("RESULTS_URL", f"sqlite:///{database}")
    waves = project.folder / "data/waves"
    before = set(waves.glob("*.parquet")), set(waves.glob("contacts/*.parquet"))
    for step, is_written in (
        ("write_back.main", False),
        ("seal.main", True),
        ("seal._claim", True),
    ):
        done = project.attempt("python", "-c", KILLED.format(step=step), "--send", *ACCEPT)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert set(waves.glob("*.parquet")) == before[0]
        assert bool(_decisions(database)) is is_written
    assert set(waves.glob("contacts/*.parquet")) > before[1], "half of the wave was sealed"
    done = project.attempt("python", "-m", "pipeline.commands.monthly", "--send", *ACCEPT)
    status = json.loads(done.stdout)
    assert (status["status"], status["is_written_back"]) == ("sent", True), done.stderr
    offers = pq.read_table(project.folder / "data/offers/next_best_offers.parquet")
    assert pq.read_table(waves / f"{status['wave']}.parquet").equals(offers)
    assert _decisions(database) == offers.num_rows
    store = sqlite3.connect(project.folder / "mlruns/mlflow.db")
    scored = store.execute("select count(*) from tags where key = 'mode' and value = 'scored'")
    assert scored.fetchone() == (1,)


def _decisions(database: Path) -> int:
    """Return how many decisions a database has; none where it has no table of them."""
    with sqlite3.connect(database) as session:
        known = session.execute("select name from sqlite_master where name = ?", [DECISIONS])
        if known.fetchone() is None:
            return 0
        (count,) = session.execute(f"select count(*) from {DECISIONS}").fetchone()  # noqa: S608 - a constant
    return int(count)


def test_experiments_side_by_side_and_queued_beside_an_open_ui_harm_nothing(
    company: Workspace, tmp_path: Path
) -> None:
    company.run("git", "add", "--all")  # an experiment apart begins with what git has
    company.run("git", *IDENTITY, "commit", "--quiet", "--message", "The run")
    store = company.folder / "mlruns/mlflow.db"
    before, written = company.outputs(), (company.folder / "dvc.lock").read_bytes()
    recorded = _results(store)
    ui = ["server", "--workers", "1", "--backend-store-uri", f"sqlite:///{store}"]
    with started(ui, "/health", tmp_path / "ui.log") as address:
        for kind, names in (("--temp", ("CHF", "GBP")), ("--queue", ("SEK", "USD"))):
            for done in _at_once(company, kind, names):
                assert done.returncode == 0, done.stdout + done.stderr
        company.run("dvc", "queue", "start", "--jobs", "2")
        company.run("dvc", "queue", "logs", "--follow", "SEK")
        company.run("dvc", "queue", "logs", "--follow", "USD")
        company.run("dvc", "queue", "stop")
        with urlopen(f"{address}/health") as answer:  # noqa: S310 - this machine's own
            assert answer.status == 200
    shown = company.run("dvc", "exp", "list", "--name-only").split()
    assert {"CHF", "GBP", "SEK", "USD"} <= set(shown)
    assert _results(store) == recorded + 4
    with sqlite3.connect(store) as session:
        assert session.execute("pragma integrity_check").fetchone() == ("ok",)
    assert company.outputs() == before
    assert (company.folder / "dvc.lock").read_bytes() == written


def _at_once(
    company: Workspace, kind: str, currencies: tuple[str, ...]
) -> "list[subprocess.CompletedProcess[str]]":
    """Start an experiment for each currency, which only the pages show, all at the same time."""

    def start(currency: str) -> "subprocess.CompletedProcess[str]":
        one = ("exp", "run", kind, "--name", currency, "-S", f"report.currency={currency}")
        return company.attempt("dvc", "--wait-for-lock", *one)

    with ThreadPoolExecutor() as pool:
        return list(pool.map(start, currencies))


def _results(store: Path) -> int:
    with sqlite3.connect(store) as session:
        (count,) = session.execute("select count(*) from tags where key = 'result'").fetchone()
    return int(count)
