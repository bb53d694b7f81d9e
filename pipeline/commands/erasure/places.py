"""Every file of the project that may hold a person, and what may be done about each."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pipeline.commands.erasure.findings import Remaining
from pipeline.commands.erasure.marks import Marks
from pipeline.foundation import paths

_CODE = {
    *(".git", ".venv", "pipeline", "tests", "docs", "benchmarks", "site", "__pycache__"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "node_modules"),
}
"""Folders that no run writes customers to; git's own history is asked apart."""
_MADE_BY_GIT = ("data", "reports", "notebooks")
_REMADE = (paths.TEMPORARY, paths.PULLED_TABLES, Path(".dvc/tmp"))
"""Beside what stages write: what the next run, pull or experiment makes anew."""
_MARK_SOURCES = (paths.OFFERS, paths.VALIDATED, paths.RAW)
"""Tables that tell the marks go last: a second call after a kill needs them."""
_REMEDIES = {
    paths.CHAMPION: "A model holds no customer: retrain with `make repro`, then remove this file.",
    paths.TRACKING: "A record of a run should hold none: delete its run in MLflow, or the folder "
    "mlruns, and run `make repro`.",
}
_OWN_FILE = (
    "It is your own file: take their rows out, or the file away. Until then the list keeps them out "
    "of every run."
)


def all_files(root: Path, *, beside: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Return the files below a folder, and below others outside of it, but for code."""
    for start in (root, *beside):
        for folder, names, files in os.walk(start):
            names[:] = sorted(name for name in names if name not in _CODE)
            yield from (Path(folder) / name for name in sorted(files))


def remade_files(outputs: list[Path]) -> list[Path]:
    """Return the files that may be removed since they are made anew, those that tell marks last."""
    places = [*outputs, *_REMADE]
    files = {file for place in places for file in _below(place)}
    return sorted(files, key=lambda file: (_rank(file), file))


def remedy_of(file: Path) -> str:
    """Return what to do about a file that is not the project's to change."""
    known = (text for place, text in _REMEDIES.items() if place in file.parents)
    return next(known, _OWN_FILE)


def find_in_history(marks: Marks) -> list[Remaining]:
    """Return the commits of git that brought or took an id, in what runs and people write."""
    either = "|".join(re.sub(r"([^A-Za-z0-9_-])", r"\\\1", one) for one in sorted(marks.ids))
    command = ["git", "log", "--all", "--format=%h", "--pickaxe-regex", f"-S({either})", "--"]
    asked = subprocess.run(  # noqa: S603 - git, with a pattern of ids
        [*command, *_MADE_BY_GIT], capture_output=True, text=True, check=False
    )
    commits = asked.stdout.split() if asked.returncode == 0 else []
    if not commits:
        return []
    return [
        Remaining(
            f"git, {len(commits):,} commits: {', '.join(commits[:5])}",
            "Rewrite the history (git filter-repo), here and in every clone, or leave it with reason.",
        )
    ]


def _below(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [file for file in place.rglob("*") if file.is_file()]


def _rank(file: Path) -> int:
    return next((n for n, place in enumerate(_MARK_SOURCES, 1) if place in file.parents), 0)
