"""A whole package: every file a profile declares, the rejects, the dictionary, the manifest."""

import json
from collections.abc import Callable, Mapping
from typing import BinaryIO

import pyarrow as pa

from pipeline.exports.dictionary import DICTIONARY, describe
from pipeline.exports.profile import Dialect, File, Profile, SourceTable
from pipeline.exports.rejects import REJECTS, REJECTS_SCHEMA, sift
from pipeline.exports.writer import Written, write

Open = Callable[[str], BinaryIO]
"""Opens the file of a name for writing."""

MANIFEST = "manifest.json"
_FOR_PEOPLE = Dialect()  # rejects and dictionary are read by people, whoever loads the rest


def write_package(
    profile: Profile,
    tables: Mapping[SourceTable, pa.Table],
    open_file: Open,
    manifest: Mapping[str, object],
) -> dict[str, Written]:
    """Write a package and return what was written, by file name.

    Args:
        profile: what to write, expanded.
        tables: the source tables that the profile's columns name.
        open_file: opens a file of the package.
        manifest: what the manifest says beside the files.
    """
    written: dict[str, Written] = {}
    rejects = [REJECTS_SCHEMA.empty_table()]

    def add(rows: pa.Table, file: File, dialect: Dialect) -> None:
        with open_file(file.name) as sink:
            written[file.name] = write(rows, file, dialect, sink)

    for file in profile.files:
        sifted = sift(tables[file.rows], file, profile.dialect)
        rejects.append(sifted.rejects)
        add(sifted.accepted, file, profile.dialect)
    add(pa.concat_tables(rejects), REJECTS, _FOR_PEOPLE)
    add(describe(profile.files, profile.dialect), DICTIONARY, _FOR_PEOPLE)
    with open_file(MANIFEST) as sink:
        sink.write(_manifest(profile, written, manifest))
    return written


def _manifest(
    profile: Profile, written: Mapping[str, Written], facts: Mapping[str, object]
) -> bytes:
    """Return the manifest; it names no time of writing, so that equal inputs give equal bytes."""
    files = {name: vars(entry) for name, entry in sorted(written.items())}
    content = {"profile": profile.name, **facts, "files": files}
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
