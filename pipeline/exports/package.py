"""A whole package: every file a profile declares, the rejects, the dictionary, the manifest."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from pipeline.exports.changes import Changes, keep_changes
from pipeline.exports.file_dictionary import DICTIONARY, describe
from pipeline.exports.profile import Dialect, File, Profile, SourceTable
from pipeline.exports.rejects import REJECTS, REJECTS_SCHEMA, normalise_contacts, sift
from pipeline.exports.selection import select
from pipeline.exports.writer import Open, Written, write

__all__ = ["MANIFEST", "Open", "Package", "write_package"]

MANIFEST = "manifest.json"
UNCHANGED = "unchanged since the last sealed hand-over"
_FOR_PEOPLE = Dialect()  # rejects and dictionary are read by people, whoever loads the rest


@dataclass(frozen=True)
class Account:
    """What became of the rows of one declared file: in = left out + rejected + out."""

    rows_in: int
    left_out: Mapping[str, int]
    rejected: int
    rows_out: int


@dataclass(frozen=True)
class Delivered:
    """One declared file as it was handed over."""

    parts: Mapping[str, Written]
    account: Account
    rejects: pa.Table
    changes: Changes | None
    """None where everything is handed over, changed or not."""


@dataclass(frozen=True)
class Package:
    """What was written of a package."""

    delivered: Mapping[str, Delivered]
    """By declared file: what the target loads."""
    files: Mapping[str, Written]
    """Every file but the manifest, by name."""
    missing: Mapping[str, str]
    """Declared files that were not written, with the reason."""

    @property
    def held(self) -> Mapping[str, pa.Table]:
        """Return by file what the target holds once it is loaded, where only changes are."""
        changes = {name: entry.changes for name, entry in self.delivered.items()}
        return {name: one.held for name, one in changes.items() if one is not None}

    @property
    def content_id(self) -> str:
        """Return what two packages share exactly if a target would load the same from them."""
        parts = {
            name: one for entry in self.delivered.values() for name, one in entry.parts.items()
        }
        lines = (f"{name} {parts[name].sha256}\n" for name in sorted(parts))
        return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def write_package(
    profile: Profile,
    tables: Mapping[SourceTable, pa.Table],
    open_file: Open,
    manifest: Mapping[str, object],
    country_code: str | None = None,
    *,
    held: Mapping[str, pa.Table] | None = None,
) -> Package:
    """Write a package and return what was written.

    Args:
        profile: what to write, expanded.
        tables: the source tables; a file whose table is not among them is not written, and the
            manifest says so.
        open_file: opens a file of the package.
        manifest: what the manifest says beside the files.
        country_code: calling code or ISO letters, of phones that bring none.
        held: by file what the target holds already, for a profile of `only_changes`.
    """
    before = held or {}
    present = [file for file in profile.files if file.rows in tables]
    delivered = {
        file.name: _deliver(
            file,
            profile,
            tables[file.rows],
            open_file,
            country_code,
            held=before.get(file.name),
        )
        for file in present
    }
    package = Package(
        delivered,
        {name: one for entry in delivered.values() for name, one in entry.parts.items()}
        | write(_all_rejects(delivered), REJECTS, _FOR_PEOPLE, open_file)
        | write(describe(present, profile.dialect), DICTIONARY, _FOR_PEOPLE, open_file),
        {
            file.name: f"there are no {file.rows.replace('_', ' ')}"
            for file in profile.files
            if file not in present
        },
    )
    with open_file(MANIFEST) as sink:
        sink.write(_manifest(profile, package, manifest))
    return package


def _deliver(
    file: File,
    profile: Profile,
    rows: pa.Table,
    open_file: Open,
    country_code: str | None,
    *,
    held: pa.Table | None,
) -> Delivered:
    selected = select(rows, file)
    contacts = normalise_contacts(selected.rows, file, country_code)
    sifted = sift(contacts.accepted, file, profile.dialect, profile.limits)
    rejected = len(selected.rows) - len(sifted.accepted)
    rejects = pa.concat_tables([contacts.rejects, sifted.rejects])
    handed, left_out, changes = sifted.accepted, dict(selected.left_out), None
    if profile.only_changes:
        changes = keep_changes(handed, file, held)
        handed, left_out[UNCHANGED] = changes.rows, changes.left_out
    parts = write(handed, file, profile.dialect, open_file, profile.limits)
    account = Account(len(rows), left_out, rejected, len(handed))
    return Delivered(parts, account, rejects, changes)


def _all_rejects(delivered: Mapping[str, Delivered]) -> pa.Table:
    rejects = [entry.rejects for entry in delivered.values()]
    return pa.concat_tables([REJECTS_SCHEMA.empty_table(), *rejects]).combine_chunks()


def _manifest(profile: Profile, package: Package, facts: Mapping[str, object]) -> bytes:
    """Return the manifest; it names no time of writing, so that equal inputs give equal bytes."""
    content = {
        "profile": profile.name,
        "content_id": package.content_id,
        "loading": profile.loading,
        **facts,
        "accounts": {name: vars(entry.account) for name, entry in package.delivered.items()},
        **_tell_changes(package),
        "not_written": package.missing,
        "files": {name: vars(entry) for name, entry in sorted(package.files.items())},
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _tell_changes(package: Package) -> dict[str, object]:
    """Return what the manifest says of values that were not handed over; nothing of most targets."""
    changes = {name: entry.changes for name, entry in package.delivered.items()}
    counts = {name: one.counts for name, one in changes.items() if one is not None}
    return {"changes": counts} if counts else {}
