"""erase: customers out of everything that the project keeps, and out of every later run.

The list comes first, so that no run brings them back; a call that was stopped is made good by the
next. What stages write is removed where it holds them, in DVC's cache too, and the next run makes it
anew without them. What a wave was measured by stays as a tombstone. The user's own files are not
touched but named. The ids are written nowhere: stdout says, as JSON, what was found where.
"""

import logging
import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from pipeline.commands.erasure.cluster_places import keeping_storages
from pipeline.commands.erasure.csv_lines import drop_lines
from pipeline.commands.erasure.findings import ErasureReport, Finding, Remaining, by_place
from pipeline.commands.erasure.marks import read_marks
from pipeline.commands.erasure.places import all_files, find_in_history, remade_files, remedy_of
from pipeline.commands.erasure.sealed_waves import bury_in_waves
from pipeline.commands.erasure.searching import Search
from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.erased import add_erased
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.foundation.running import run
from pipeline.io.dvc_store import DvcStore, find_objects, name_of, open_dvc_store
from pipeline.io.result_database import erase_results

log = logging.getLogger(__name__)

NOT_COMPLETE = 3
_PAGES = "removed: pages of recorded runs, which explain some customers by their id"
_REMADE = "removed; the next run makes them anew"
_DISTANT = (
    "the remote {name} is not on this machine: of it, the objects went that the cache here had too. "
    "What it keeps of older runs is not looked at; `dvc gc --workspace --cloud` leaves what the "
    "present run needs."
)
_SERVER = (
    "runs are recorded on the server of MLFLOW_TRACKING_URI, which is not searched: the artifact "
    "index.html of a run explains some customers by their id; delete it there where it names them."
)
_OWN = {
    "database": "your own database is read and never written: erase them there too. The list keeps "
    "them out of what `make pull` reads.",
    "stored": "your own tables at source.stored are read and never written: erase them there too. The "
    "list keeps them out of what `validate` reads.",
}


def main() -> None:
    """Erase the customers that the one argument names; exit with 3 where something is left to do."""
    ids = parse(sys.argv[1:])
    params = config.load()
    with paths.holding(paths.MONTHLY_LOCK, waits=False) as is_alone, open_dvc_store() as store:
        if not is_alone:
            raise DataError("no monthly run", "one at work", "Wait until it has ended.")
        report = erase(ids, params, store)
    for line in report.lines():
        log.info("%s", line)
    sys.stdout.write(f"{report.as_json()}\n")
    sys.stdout.flush()
    if not report.is_complete:
        sys.exit(NOT_COMPLETE)


def parse(arguments: list[str]) -> frozenset[str]:
    """Return the ids of one argument: an id, several with commas, or a file with one a line.

    Raises:
        ConfigurationError: no id, or more than one argument.
    """
    given = arguments[0] if len(arguments) == 1 else ""
    is_file = bool(given) and Path(given).is_file()
    texts = (
        Path(given).read_text(encoding="utf-8-sig").splitlines() if is_file else given.split(",")
    )
    ids = frozenset(text.strip() for text in texts if text.strip())
    if not ids:
        raise ConfigurationError(
            "one argument with an id, ids with commas, or a file with one id a line",
            f"{len(arguments)} arguments" if len(arguments) != 1 else "no id in it",
            "Call `make erase CUSTOMER=...`.",
        )
    return ids


def erase(ids: Collection[str], params: Params, store: DvcStore) -> ErasureReport:
    """Put customers on the list, remove them wherever the project keeps them, and search anew."""
    newly = add_erased(ids)
    marks = read_marks(ids, params.exports.country_code)
    search = Search(marks)
    notes = [_OWN[params.source.name]] if params.source.name in _OWN else []
    notes += [_SERVER] if os.environ.get("MLFLOW_TRACKING_URI") else []
    found = [*_erase_objects(store, search, notes), *_erase_lines(search)]
    remade = [file for file in remade_files(store.outputs) if search.is_in(file)]
    found += _remove([file for file in remade if not _tells_codes(file)])
    pages = [file for file in sorted(paths.TRACKING.rglob("*.html")) if search.is_in(file)]
    found += by_place(_unlink(pages), "files", _PAGES)
    found += by_place(bury_in_waves(ids, search), "rows", "without the person")
    found += _remove([file for file in remade if _tells_codes(file)])
    remaining = keeping_storages(params.engine.storage)
    found += _erase_results(ids, params, remaining)
    searched, left = _search_all(search, params, store)
    return ErasureReport(
        customers=len(ids),
        newly_listed=newly,
        found=tuple(found),
        remaining=(*remaining, *left, *find_in_history(marks)),
        searched_files=searched,
        notes=tuple(notes),
    )


def _tells_codes(file: Path) -> bool:
    """Say whether a file is one of those by which the marks of a person are known."""
    return any(place in file.parents for place in (paths.OFFERS, paths.VALIDATED, paths.RAW))


def _remove(files: list[Path]) -> list[Finding]:
    return by_place(_unlink(files), "files", _REMADE)


def _erase_objects(store: DvcStore, search: Search, notes: list[str]) -> Iterator[Finding]:
    """Remove the objects of the remotes and then of the cache: what is not here is not known there."""
    objects = find_objects(store.cache, search.is_in)
    for name in store.remotes:
        folder = store.local_remote(name)
        if folder is None:
            notes.append(_DISTANT.format(name=name))
            count = store.delete_remotely(name, [name_of(path) for path in objects])
        else:
            count = len(_unlink(find_objects(folder, search.is_in)))
        if count:
            yield Finding(f"DVC remote {name}", count, "objects", "removed")
    if _unlink(objects):
        yield Finding("DVC cache", len(objects), "objects", "removed")


def _unlink(files: list[Path]) -> list[Path]:
    for file in files:
        file.unlink(missing_ok=True)
    return files


def _erase_lines(search: Search) -> list[Finding]:
    files = [one for one in sorted(paths.RESPONSES.glob("*")) if one.suffix.lower() == ".csv"]
    lines = {path: drop_lines(path, search) for path in files}
    return by_place({path: count for path, count in lines.items() if count}, "lines", "removed")


def _erase_results(
    ids: Collection[str], params: Params, remaining: list[Remaining]
) -> Iterator[Finding]:
    """Delete rows of the result tables; a database that cannot be asked remains to be done."""
    if params.exports.database is None:
        return
    try:
        rows = erase_results(ids, params.exports.database)
    except (ConfigurationError, DataError) as error:
        place = f"the database in {params.exports.database.url_variable}"
        remaining.append(Remaining(place, f"It could not be asked: {error}"))
        return
    for table, count in sorted(rows.items()):
        yield Finding(f"database table {table}", count, "rows", "deleted")


def _search_all(search: Search, params: Params, store: DvcStore) -> tuple[int, list[Remaining]]:
    """Search every file; return how many there are, and those that hold somebody still."""
    root = Path()
    outside = [Path(params.source.files.folder), store.cache]
    beside = tuple(one for one in outside if not one.resolve().is_relative_to(root.resolve()))
    files = [file for file in all_files(root, beside=beside) if file.is_file()]
    left = [file for file in files if search.is_in(file)]
    return len(files), [Remaining(file.as_posix(), remedy_of(file)) for file in left]


if __name__ == "__main__":
    run(main)
