"""Killed at any change of the disk, a writer is made good by its next run, to the same bytes.

Every writer of more than one file stands here with what lies there before it begins. Whoever reads in
between finds what was before, what comes after, or one sentence.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from dvc.repo import Repo

from pipeline.commands import erase, figures, seal
from pipeline.commands.erasure import sealed_waves
from pipeline.commands.erasure.marks import Marks
from pipeline.commands.erasure.searching import Search
from pipeline.foundation import cluster_storage, config, paths, storage_addresses, stored_tables
from pipeline.foundation.cluster_storage import ClusterStorage
from pipeline.foundation.config import EngineParams
from pipeline.foundation.contracts.hand_overs.headline_metrics import HeadlineMetrics
from pipeline.foundation.contracts.hand_overs.measurement_report import MeasurementReport
from pipeline.foundation.contracts.outputs import NEXT_BEST_OFFERS, REASONS
from pipeline.foundation.contracts.responses import UNMATCHED
from pipeline.foundation.contracts.tables import UNPARSED
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.errors import PipelineError
from pipeline.foundation.leftovers import remove_leftovers
from pipeline.io.champions import has_champion, read_standing, repeat_standing, write_verdict
from pipeline.io.documents import write_document
from pipeline.io.dvc_store import DvcStore
from pipeline.io.evaluations import write_evaluation
from pipeline.io.outputs import write_rows
from pipeline.io.packages import write_packages
from pipeline.io.params_file import change_params
from pipeline.io.recommendation_files import write_csv_tables
from pipeline.io.result_database import write_results
from pipeline.io.study_answers import write_answer
from pipeline.io.waves import read_waves
from pipeline.models.scorers import load_scorer
from pipeline.sources.database.pulling import pull
from pipeline.stages import ingest, measure, validate
from pipeline.studies.answer import Answer
from pipeline.tracking import first_store
from tests.commands import test_erase as erased
from tests.databases import VARIABLE, execute, rows, sqlite_url
from tests.exports import test_changes as handed_over
from tests.exports.offers import no_offer, offer, offers
from tests.io import test_result_database as results
from tests.reports.inputs import evaluation, verdict
from tests.sources import test_database as pulled
from tests.stages import test_ingest as raw
from tests.trust.killing import count_changes, kill, tell

ROOT = Path(__file__).parents[2]
WAVE = "w20260301"
_FRAME = pd.DataFrame({"a": [1, 2]})
_ENGINE = EngineParams(name="duckdb", threads=1, memory_gb=1)


_OPEN = ExitStack()


@pytest.fixture(scope="module")
def parameters() -> config.Params:
    """Return the parameters, read once for all kills."""
    return config.load(ROOT / "params.yaml")


@pytest.fixture(scope="module", autouse=True)
def _engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Open the engine in a folder of its own, so that its space is not among what a writer leaves."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(tmp_path_factory.mktemp("engine"))
        shared_engine()
    yield
    _OPEN.close()
    shared_engine.cache_clear()


@cache
def shared_engine() -> Engine:
    """Return an engine that the writers of this file share: it takes a second to open."""
    return _OPEN.enter_context(open_engine(_ENGINE))


def nothing() -> None:
    """Let nothing be there before, or look at nothing in between."""


@dataclass(frozen=True)
class Writer:
    """What writes, and what is there before it begins."""

    name: str
    write: Callable[[], object]
    before: Callable[[], object] = nothing
    look: Callable[[], object] = nothing
    """Reads what a killed write left: what was before, what comes after, or a sentence."""
    changes: int = 4
    """At least; fewer, and the kills do not reach what they are meant for."""
    every: int = 1
    """So many changes lie from one kill to the next, where a run takes a tenth of a second."""


# --- files and folders -----------------------------------------------------------------------------


def lay_old_raw() -> None:
    ingest.write(raw.raw_data(truth={"old": pa.table({"a": [1]})}), "old")


def write_raw() -> None:
    truth = {"propensities": pa.table({"customer_id": ["c1"], "propensity": [0.25]})}
    ingest.write(raw.raw_data(truth=truth), "new")


def lay_validated() -> None:
    paths.VALIDATED.mkdir(parents=True)
    for folder in (paths.VALIDATED, paths.EMPTIED_CELLS):
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({"old": [1]}), paths.table(folder, "customers"))
    shutil.copyfile(ROOT / "params.yaml", paths.PARAMS)


def write_validated() -> None:
    """Write as `validate` does, without what it finds of the rows."""

    def judge(_: Engine, __: object, ___: object, folder: Path) -> tuple[list[Any], None]:
        for place in (folder, paths.QUARANTINE, paths.EMPTIED_CELLS):
            place.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.table({"new": [1, 2]}), paths.table(place, "products"))
        return [], None

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(validate, "open_engine", lambda _: nullcontext(shared_engine()))
        patched.setattr(validate, "find_raw_tables", lambda _: {})
        patched.setattr(validate, "_validate", judge)
        validate.main()


def lay_champion() -> None:
    """Let a model score, and train another."""
    for place, model in ((paths.MODELS / "up_sell", "up_sell"), (Path("old"), "cross_sell")):
        shutil.copytree(ROOT / paths.champion("simulated", model), place)
    for path in (paths.SNAPSHOTS, paths.reference("up_sell")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    champion = paths.champion("simulated", "up_sell")
    load_scorer(Path("old")).save(champion)
    write_document(_verdict_on(Path("old")), champion / "verdict.json")


def lay_no_champion() -> None:
    lay_champion()
    shutil.rmtree(paths.CHAMPION)


@cache
def _version_of(folder: Path) -> str:
    return load_scorer(folder).version


def _verdict_on(folder: Path) -> Any:
    found = verdict()
    version = {"version": _version_of(folder)}
    identity = found.champion.model_copy(update=version)
    return found.model_copy(update={"champion": identity, "challenger": identity})


def promote_new() -> None:
    new, standing = _verdict_on(paths.MODELS / "up_sell"), read_standing("simulated", "up_sell")
    if standing is not None and standing.challenger == new.challenger:
        repeat_standing("simulated", "up_sell")
    else:
        write_verdict(new)


def look_at_champion() -> None:
    folder = paths.champion("simulated", "up_sell")
    assert has_champion("simulated", "up_sell")
    standing = read_standing("simulated", "up_sell")
    assert standing is not None
    assert standing.champion.version == load_scorer(folder).version


def write_exports() -> None:
    rows = handed_over.users(("c1", "tea", 9, handed_over.MARCH), ("c2", "tv", 9, None))
    told = rows.append_column("wave", pa.array([WAVE] * 2))
    write_packages([handed_over.PROFILE], [{"offers": told, "customers": told}], WAVE, {}, None)


def lay_exports() -> None:
    for folder in (paths.EXPORTS / "old", paths.HANDED_OVER / WAVE / "old"):
        folder.mkdir(parents=True)
        (folder / "users.parquet").write_bytes(b"old")


def lay_pages() -> None:
    for page in (paths.CAMPAIGN_PAGE, paths.MODELS_PAGE, paths.DOCUMENT_PAGES / "terms.html"):
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("new", encoding="utf-8")
    (figures.SAMPLE / "pages").mkdir(parents=True)
    (figures.SAMPLE / "pages" / "old.html").write_text("old", encoding="utf-8")


def lay_quality_page() -> None:
    for folder in (paths.EVALUATION_REPORTS, paths.QUALITY_PAGE.parent, paths.STUDIES):
        folder.mkdir(parents=True)
    for place in (paths.QUALITY_PAGE, paths.PARAMS):
        shutil.copyfile(ROOT / place, place)
    for model in config.load().models:
        copy = paths.EVALUATION_REPORTS / f"{model}.json"
        shutil.copyfile(ROOT / copy, copy)
    lay_pages()


def write_measurement() -> None:
    unmatched = pd.DataFrame(columns=UNMATCHED.names).rename(columns={"unreadable": UNPARSED})
    report: Any = {"responses": {}, "waves": {}}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(measure, "write_page", lambda _: "# Measured\n")
        patched.setattr(MeasurementReport, "model_validate", lambda _: verdict())
        measure.write(report, unmatched)


def write_rows_of_engine() -> None:
    decided = offers(offer("c1", "up_sell", "loan", "treated"), no_offer("c3", "none"))
    engine = shared_engine()
    write_rows(engine, engine.table(decided), paths.SEGMENTS, NEXT_BEST_OFFERS)


def lay_parts() -> None:
    """Let a table be a folder of parts, as another engine leaves it."""
    paths.SEGMENTS.mkdir(parents=True)
    pq.write_table(pa.table({"old": [1]}), paths.SEGMENTS / "part-00000.parquet")


# --- waves, erasures -------------------------------------------------------------------------------


def lay_offers(*, hour: int = 18) -> None:
    """Write what `decide` and `export` leave of a wave."""
    decided = offers(offer("c1", "up_sell", "loan", "treated", hour=hour), no_offer("c3", "none"))
    reasons = pa.Table.from_pylist(
        [{"model": "up_sell", "customer_id": "c1", "category": "loan", "position": hour}],
        schema=pa.schema(REASONS.columns),
    )
    held = handed_over.users(("c1", "tea", hour, handed_over.MARCH))
    for rows_, path in (
        (decided, paths.table(paths.OFFERS, "next_best_offers")),
        (reasons, paths.table(paths.OFFERS, "reasons")),
        (held, paths.HANDED_OVER / WAVE / "bills" / f"users{hour}.parquet"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(rows_, path)


def seal_once_and_decide_anew() -> None:
    """Leave what a kill leaves of a wave that is then decided otherwise."""
    lay_offers(hour=7)
    kill(seal.main, len(count_changes_in_copy(seal.main)) // 2)
    shutil.rmtree(paths.HANDED_OVER)
    lay_offers(hour=18)


def count_changes_in_copy(run: Callable[[], object]) -> list[str]:
    here = Path.cwd()
    copy = here.with_name(f"{here.name}-copy")
    shutil.copytree(here, copy)
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(copy)
        found = count_changes(run)
    shutil.rmtree(copy)
    return found


def look_at_waves() -> None:
    found = read_waves()
    assert len(found) in (0, 2)


def lay_sealed() -> None:
    lay_offers()
    seal.main()


def bury() -> None:
    ids = frozenset({"c1"})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sealed_waves, "new_tombstone", lambda: f"erased-{0:032x}")
        sealed_waves.bury_in_waves(ids, Search(Marks(ids)))


def erase_customer() -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sealed_waves, "new_tombstone", lambda: f"erased-{0:032x}")
        patched.setattr("secrets.token_hex", lambda length: "5a" * length)
        erase.erase([erased.WHO], config.load(), _store_in(Path.cwd()))


@cache
def _store_in(_: Path) -> DvcStore:
    """Open DVC once: that takes longer than an erasure."""
    return DvcStore(Repo())


# --- databases, clusters, MLflow -------------------------------------------------------------------


@contextmanager
def told_of_statements() -> Iterator[None]:
    """Let a kill come before any statement and any commit of a database."""

    def before(*_: object) -> None:
        tell("statement")

    for event in ("before_cursor_execute", "commit"):
        sa.event.listen(sa.Engine, event, before)
    try:
        yield
    finally:
        for event in ("before_cursor_execute", "commit"):
            sa.event.remove(sa.Engine, event, before)


def lay_results() -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(VARIABLE, _in_database("results.db"))
        execute(_in_database("results.db"))
        write_results(results.wave(6, "c1", "c2"), results.PARAMS)


def _in_database(name: str) -> str:
    return sqlite_url(Path.cwd() / name)


def write_back() -> None:
    with pytest.MonkeyPatch.context() as patched, told_of_statements():
        patched.setenv(VARIABLE, _in_database("results.db"))
        write_results(results.wave(6, "c7"), results.PARAMS)


def look_at_results() -> None:
    found = rows(_in_database("results.db"), "SELECT customer_id FROM propensity_decisions")
    assert found in ([("c1",), ("c2",)], [("c7",)])


def lay_database() -> None:
    url = _in_database("shop.db")
    execute(url)
    pulled.fill_year(url)
    pull_tables()
    execute(url, "DELETE FROM consents")


def pull_tables() -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(VARIABLE, _in_database("shop.db"))
        pull(_of_database(), shared_engine())


@cache
def _of_database() -> config.SourceParams:
    return pulled.params(pulled.ALL, version="SELECT count(*) FROM consents").source


def make_store() -> None:
    """Make the first store of MLflow, its forty tables aside: their making takes seconds."""

    def make_tables(location: Any) -> None:
        place = Path(location.uri.removeprefix("sqlite:///"))
        tell("tables")
        with sqlite3.connect(place) as opened:
            opened.execute("CREATE TABLE alembic_version (version_num TEXT)")
        tell("experiment")
        with sqlite3.connect(place) as opened:
            opened.execute("INSERT INTO alembic_version VALUES ('a')")
            opened.execute("CREATE TABLE experiments (name TEXT)")
            opened.execute("INSERT INTO experiments VALUES ('Default')")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(first_store, "make_tables", make_tables)
        first_store.make_store(paths.TRACKING)


class _Told:
    """A file system that tells of its changes."""

    def __init__(self, filesystem: Any) -> None:
        self._filesystem = filesystem

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._filesystem, name)
        if name in ("delete_dir", "create_dir", "move", "open_output_stream"):

            def told(*given: Any, **named: Any) -> Any:
                tell(f"{name} {given}")
                return found(*given, **named)

            return told
        return found


def publish() -> None:
    """Publish a table of two parts on a cluster, and leave its manifest."""
    storage = ClusterStorage(f"file://{Path.cwd()}/storage")
    for part in range(2):
        storage.remember(pa.table({"id": [part]}), f"{storage.scratch}/table")
        written = Path(storage.scratch.removeprefix("file://"), "table")
        (written / "part-00000.parquet").rename(written / f"part-{part:05d}-1b2c.parquet")
    with pytest.MonkeyPatch.context() as patched:
        found = storage_addresses.open_address
        patched.setattr(
            cluster_storage, "open_address", lambda at: (_Told(found(at)[0]), found(at)[1])
        )
        place = storage.publish(f"{storage.scratch}/table", "customers-12")
    manifest = stored_tables.Manifest(location=place, rows=2, columns={"id": "int64"}, digest="12")
    stored_tables.write_manifest(manifest, paths.SEGMENTS)
    shutil.rmtree("storage/steps")


WRITERS = (
    Writer("ingest", write_raw, lay_old_raw, changes=20),
    Writer("validate", write_validated, lay_validated, changes=20),
    Writer("promote", promote_new, lay_champion, look_at_champion, changes=30),
    Writer("the first promote", promote_new, lay_no_champion, every=2),
    Writer(
        "evaluate",
        lambda: write_evaluation(
            "up_sell", evaluation(), HeadlineMetrics({"auc": 0.7}), {"gain": _FRAME, "lift": _FRAME}
        ),
        changes=15,
    ),
    Writer("measure", write_measurement, changes=12),
    Writer("export", write_exports, lay_exports, changes=20),
    Writer("export after none", write_exports, changes=15),
    Writer(
        "associations",
        lambda: write_csv_tables({"a": _FRAME, "b": _FRAME}, paths.ASSOCIATIONS_REPORT),
    ),
    Writer(
        "a study",
        lambda: write_answer(
            Answer({"": _FRAME, "more": _FRAME}, {"a": 1}, "# A\n"), Path("reports/studies/a")
        ),
        changes=8,
    ),
    Writer("a table of the engine", write_rows_of_engine, lay_parts),
    Writer("figures", figures.main, lay_quality_page, changes=10),
    Writer(
        "params.yaml",
        lambda: change_params(lambda raw: raw.update(models=["up_sell"])),
        lambda: paths.PARAMS.write_text("models: []  # of a test\n", encoding="utf-8"),
    ),
    Writer("seal", seal.main, lay_offers, look_at_waves, changes=15),
    Writer(
        "seal after a kill and another decision",
        seal.main,
        seal_once_and_decide_anew,
        look_at_waves,
        changes=15,
    ),
    Writer("an erasure in sealed waves", bury, lay_sealed, read_waves, changes=15),
    Writer("erase", erase_customer, erased.lay_out_project, changes=40, every=3),
    Writer("write-back", write_back, lay_results, look_at_results, changes=6),
    Writer("pull", pull_tables, lay_database, changes=20, every=2),
    Writer("the first store of MLflow", make_store, changes=6),
    Writer("a table on a cluster", publish, changes=8),
)


def files() -> dict[str, bytes]:
    """Return every file of the working folder, but for locks and what DVC and SQLite keep aside."""
    return {
        path.as_posix(): path.read_bytes()
        for path in sorted(Path().rglob("*"))
        if path.is_file()
        and path.suffix not in {".lock", ".db"}
        and ".dvc/tmp" not in path.as_posix()
        and path.name != ".making"
    }


@pytest.mark.parametrize("writer", WRITERS, ids=lambda one: one.name)
def test_a_write_that_is_killed_at_any_change_is_made_good_by_the_next(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parameters: config.Params
) -> None:
    monkeypatch.setattr(config, "load", lambda: parameters)
    before, work = tmp_path / "before", tmp_path / "work"
    before.mkdir()
    monkeypatch.chdir(before)
    writer.before()

    def begin() -> None:
        monkeypatch.chdir(tmp_path)
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(before, work)
        monkeypatch.chdir(work)

    begin()
    changes = count_changes(writer.write)
    assert len(changes) >= writer.changes, changes
    wanted = files()
    for place in range(0, len(changes), writer.every):
        begin()
        kill(writer.write, place)
        remove_leftovers()  # as whatever starts next does
        with suppress(PipelineError):
            writer.look()
        writer.write()
        assert files() == wanted, f"killed at {changes[place]}"
        left = [one for one in paths.TEMPORARY.rglob("*") if one.is_file()]
        assert {one.suffix for one in left} <= {".lock"}
