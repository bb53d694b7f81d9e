"""A whole package: every file a profile declares, the rejects, the dictionary, the manifest."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from pipeline.exports.changes import ChangeFilter, Changes
from pipeline.exports.file_dictionary import DICTIONARY, describe
from pipeline.exports.profile import Dialect, File, Profile, SourceTable
from pipeline.exports.rejects import (
    REJECTS,
    REJECTS_SCHEMA,
    normalise_contacts,
    sift,
    without_repeats,
)
from pipeline.exports.selection import select
from pipeline.exports.writer import FileWriter, Open, Written, write

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
    """Write a package of tables that are in memory, and return what was written.

    Args:
        profile: what to write, expanded.
        tables: the source tables.
        open_file: opens a file of the package.
        manifest: what the manifest says beside the files.
        country_code: calling code or ISO letters, of phones that bring none.
        held: by file what the target holds already, for a profile of `only_changes`.
    """
    writer = PackageWriter(profile, open_file, country_code, held or {})
    writer.add(tables)
    return writer.close(manifest)


class PackageWriter:
    """Writes a package from source tables that come some customers at a time."""

    def __init__(
        self,
        profile: Profile,
        open_file: Open,
        country_code: str | None,
        held: Mapping[str, pa.Table],
    ) -> None:
        """Say what is written; arguments as of `write_package`."""
        self.profile = profile
        self._open_file = open_file
        self._country_code = country_code
        self._held = held
        self._deliveries: dict[str, _Delivery] = {}

    def add(self, tables: Mapping[SourceTable, pa.Table]) -> None:
        """Add rows of source tables to the files that are made of them.

        Args:
            tables: some rows of each, in the order of the files; of none that is there elsewhere a
                file is not written, and the manifest says so.
        """
        for file in self.profile.files:
            if file.rows not in tables:
                continue
            if file.name not in self._deliveries:
                self._deliveries[file.name] = _Delivery(
                    file, self.profile, self._open_file, self._held.get(file.name)
                )
            self._deliveries[file.name].add(tables[file.rows], self._country_code)

    def close(self, manifest: Mapping[str, object]) -> Package:
        """Write rejects, dictionary and manifest, and return what was written.

        Args:
            manifest: what the manifest says beside the files.
        """
        profile, open_file = self.profile, self._open_file
        present = [file for file in profile.files if file.name in self._deliveries]
        delivered = {file.name: self._deliveries[file.name].close() for file in present}
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


class _Delivery:
    """One declared file as its rows come.

    Where a value may stand once in the file, all rows that stand so far are held until the last.
    """

    def __init__(
        self, file: File, profile: Profile, open_file: Open, held: pa.Table | None
    ) -> None:
        self._file = file
        self._profile = profile
        self._writer = FileWriter(file, profile.dialect, open_file, profile.limits)
        self._changes = ChangeFilter(file, held) if profile.only_changes else None
        self._waiting: list[pa.Table] = []
        self._rejects: list[pa.Table] = []
        self._left_out: Counter[str] = Counter()
        self._rows_in = self._rejected = self._rows_out = 0

    def add(self, rows: pa.Table, country_code: str | None) -> None:
        selected = select(rows, self._file)
        contacts = normalise_contacts(selected.rows, self._file, country_code)
        sifted = sift(contacts.accepted, self._file, self._profile.dialect, self._profile.limits)
        self._rejects += [contacts.rejects, sifted.rejects]
        self._left_out.update(selected.left_out)
        self._rows_in += len(rows)
        self._rejected += len(selected.rows) - len(sifted.accepted)
        if self._file.unique:
            self._waiting.append(sifted.accepted)
        else:
            self._hand_over(sifted.accepted)

    def close(self) -> Delivered:
        if self._file.unique:
            waiting = pa.concat_tables(self._waiting)
            alone = without_repeats(waiting, self._file)
            self._rejects.append(alone.rejects)
            self._rejected += len(waiting) - len(alone.accepted)
            self._hand_over(alone.accepted)
        changes = None if self._changes is None else self._changes.finish()
        left_out = dict(self._left_out)
        if changes is not None:
            left_out[UNCHANGED] = changes.left_out
        return Delivered(
            self._writer.close(),
            Account(self._rows_in, left_out, self._rejected, self._rows_out),
            pa.concat_tables(self._rejects),
            changes,
        )

    def _hand_over(self, rows: pa.Table) -> None:
        handed = rows if self._changes is None else self._changes.keep(rows)
        self._rows_out += len(handed)
        self._writer.add(handed)


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
