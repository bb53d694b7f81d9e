"""The project's own tracking store is made once: aside, under a lock, and renamed.

MLflow makes forty tables in place. Killed in between, or done by two runs at once, that leaves a
file which no later run can open.
"""

import logging
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.foundation import paths
from pipeline.foundation.errors import DataError
from pipeline.tracking.location import ARTIFACTS, STORE_FILE, Location, local_store
from pipeline.tracking.store import make_tables

log = logging.getLogger(__name__)

_MODELS = (
    "SELECT artifact_location FROM logged_models WHERE lifecycle_stage = 'active' AND status = 2"
)
"""Those that were logged to the end."""
_LOCK = ".making"
_WHOLE = "SELECT (SELECT count(*) FROM alembic_version) * (SELECT count(*) FROM experiments)"
"""MLflow notes the version of the tables first and makes the default experiment last."""


def make_store(folder: Path) -> None:
    """Make the store in a folder unless it is there; a second run waits until the first is through.

    Raises:
        DataError: what is there is half a store, or files of runs without one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    store = folder / STORE_FILE
    with paths.holding(folder / _LOCK):
        if store.exists():
            _require_whole(store)
            _tell_lost_files(folder)
            return
        _require_no_history(folder)
        aside = folder / "aside"
        aside.mkdir(exist_ok=True)
        (aside / STORE_FILE).unlink(missing_ok=True)
        make_tables(Location(local_store(aside).uri, local_store(folder).artifacts))
        (aside / STORE_FILE).rename(store)
        aside.rmdir()


def _require_no_history(folder: Path) -> None:
    """Refuse to begin anew beside the files of runs whose store is gone."""
    if any((folder / ARTIFACTS).glob("*")):
        raise DataError(
            f"beside {folder / ARTIFACTS} the store {folder / STORE_FILE} that knows its runs",
            "no such file: it was removed or lost",
            f"Put a copy of it back; or remove {folder}, without its history, and run dvc repro: it "
            "records the present result again.",
        )


def _tell_lost_files(folder: Path) -> None:
    """Say that models which the store knows have lost their files; its figures are still right."""
    store, kept = folder / STORE_FILE, (folder / ARTIFACTS).resolve()
    with closing(_open_to_read(store)) as opened, suppress(sqlite3.OperationalError):
        addresses = [str(one) for (one,) in opened.execute(_MODELS)]
        places = [Path(unquote(urlsplit(address).path)) for address in addresses]
        own = [place for place in places if place.is_relative_to(kept)]
        lost = sum(not place.is_dir() for place in own)
        if lost:
            log.warning(
                "%s of the %s models that %s knows have lost their files in %s: they can be looked "
                "at and not loaded. Put a copy of the folder back, or delete them in MLflow",
                lost,
                len(own),
                store,
                folder / ARTIFACTS,
            )


def _open_to_read(store: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)


def _require_whole(store: Path) -> None:
    try:
        with closing(_open_to_read(store)) as opened:
            is_whole = bool(opened.execute(_WHOLE).fetchone()[0])
    except sqlite3.DatabaseError as error:
        log.debug("%s: %s", store, error)
        is_whole = False
    if not is_whole:
        raise DataError(
            f"in {store} a tracking store that was made whole",
            "one without all of its tables: the run that made it was stopped, or the file changed",
            f"Remove {store} (nothing was recorded in a store that is half made; if runs were, "
            "put a copy of it back) and run dvc repro: it records the present result again.",
        )
