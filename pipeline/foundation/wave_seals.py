"""Wave seals: the checksum of every file of a sealed wave, as it was sealed or as an erasure left it.

A bit that flips on a disk, a file that is cut short and a hand that edits are told in a sentence,
before a measurement is made from them. Waves that were sealed without one are not asked.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.document import Document
from pipeline.foundation.errors import DataError

SEALS = paths.WAVES / "seals"


class WaveSeal(Document):
    """What the files of one wave may be."""

    files: Mapping[str, tuple[str, ...]]
    """By path below data/waves the SHA-256; of a file that is being rewritten the old and the new."""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file; of a table that is a folder, of its parts in their order."""
    if path.is_dir():
        parts = [f"{part.name} {digest_of(part)}\n" for part in sorted(path.iterdir())]
        return hashlib.sha256("".join(parts).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal_of(wave: str) -> Path:
    """Return where the seal of a wave lies."""
    return SEALS / f"{wave}.json"


def read_seal(path: Path) -> WaveSeal:
    """Read a seal back.

    Raises:
        DataError: it is no seal any more.
    """
    try:
        return WaveSeal.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise _changed(path, "a seal that cannot be read") from error


def write_seal(path: Path, files: Mapping[str, Iterable[str]]) -> None:
    """Write a seal, whole or not at all."""
    seal = WaveSeal(files={name: tuple(files[name]) for name in sorted(files)})
    with paths.replacing(path) as partial:
        partial.write_text(seal.model_dump_json(indent=2) + "\n", encoding="utf-8")


def check_seals() -> None:
    """Hold all files of all sealed waves against their seals.

    Raises:
        DataError: one is another than was sealed, or is gone.
    """
    for path in sorted(SEALS.glob("*.json")):
        for name, digests in read_seal(path).files.items():
            sealed = paths.WAVES / name
            if not sealed.exists():
                raise _changed(
                    sealed, "no such file", "If its sealing was stopped, call make seal again. "
                )
            if digest_of(sealed) not in digests:
                raise _changed(sealed, "another content")


def expect_change(path: Path, digest: str) -> None:
    """Let a sealed file become another one too: the step before it is rewritten."""
    _amend(path, lambda before: (*before, digest))


def settle_change(path: Path) -> None:
    """Let a sealed file be what it is now alone: the step after it was rewritten."""
    digest = digest_of(path)
    _amend(path, lambda before: (digest,) if digest in before else before)


def _amend(path: Path, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
    name = path.relative_to(paths.WAVES).as_posix()
    for place in sorted(SEALS.glob("*.json")):
        files = dict(read_seal(place).files)
        if name in files and change(files[name]) != files[name]:
            write_seal(place, files | {name: change(files[name])})


def _changed(path: Path, found: str, first: str = "") -> DataError:
    return DataError(
        f"{path} as it was sealed",
        found,
        f"{first}The disk or a hand changed it: put a copy back (its checksum stands in "
        f"{SEALS}), or remove every file of that wave; it is then no longer measured.",
    )
