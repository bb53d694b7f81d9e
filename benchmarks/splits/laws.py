"""The law of split files, held against a package on the disk; nothing here is the writer's own code.

Each part is within its limits, has the header, ends with a line and is read by itself; the next part
begins where no further row fitted. All parts together hold every accepted row once and in order, and
the manifest is true of them.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from pipeline.exports.profile import File, Profile

_KEY = "customer_id"


def broken_laws(profile: Profile, folder: Path, offers: Iterable[pa.Table]) -> list[str]:
    """Return what does not hold of a package, in words; nothing where everything does.

    Args:
        profile: with one file, made of offers, in which customers have their id.
        folder: of the package.
        offers: what it was written from, again, some rows at a time.
    """
    (file,) = profile.files
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    parts = parts_of(profile, folder)
    broken = [*_limits(profile, parts), *_ends(profile, parts), *_entries(manifest, folder)]
    ids, found = _Digest(), 0
    for part in parts:
        read = _read_ids(profile, part)
        ids.add(read)
        found += len(read)
        if len(read) != manifest["files"][part.name]["rows"]:
            broken.append(f"{part.name} holds {len(read)} rows, its manifest says otherwise")
    expected, account = _expected(file, folder, offers), manifest["accounts"][file.name]
    if (ids.count, ids.text) != (expected.count, expected.text):
        broken.append(f"{ids.count} ids over the parts, {expected.count} in order are to be there")
    left = sum(account["left_out"].values()) + account["rejected"] + account["rows_out"]
    if account["rows_in"] != left or account["rows_out"] != found:
        broken.append(f"in = left out + rejected + out does not hold: {account}, {found} found")
    return broken


def parts_of(profile: Profile, folder: Path) -> list[Path]:
    """Return the parts of the only file, in their order."""
    name = Path(profile.files[0].name)
    return sorted(folder.glob(f"{name.stem}{'_*' if profile.limits.splits else ''}{name.suffix}"))


class _Digest:
    """A checksum of ids in their order, and how many."""

    def __init__(self) -> None:
        self.count, self._hash = 0, hashlib.sha256()

    @property
    def text(self) -> str:
        return self._hash.hexdigest()

    def add(self, ids: Sequence[str]) -> None:
        self.count += len(ids)
        self._hash.update("".join(f"{one}\n" for one in ids).encode())


def _limits(profile: Profile, parts: Sequence[Path]) -> Iterator[str]:
    limit = profile.limits.file_bytes
    for part in parts:
        if limit is not None and part.stat().st_size > limit:
            yield f"{part.name} has {part.stat().st_size} bytes, its target takes {limit}"


def _ends(profile: Profile, parts: Sequence[Path]) -> Iterator[str]:
    """Yield parts without the header or a last line end, and those that had room for one row more."""
    line_end = profile.dialect.line_end.encode()
    header = parts[0].open("rb").readline()
    limits = profile.limits
    for before, part in zip([None, *parts], parts, strict=False):
        with part.open("rb") as lines:
            begins, first = lines.readline(), lines.readline()
            lines.seek(-len(line_end), 2)
            ends = lines.read()
        if begins != header or ends != line_end:
            yield f"{part.name} begins with {begins!r} and ends with {ends!r}"
        if before is None:
            continue
        rows = sum(1 for _ in before.open("rb")) - 1 if limits.file_rows else 0
        is_full = limits.file_rows is not None and rows >= limits.file_rows
        room = (limits.file_bytes or 0) - before.stat().st_size
        if not is_full and len(first) <= room:
            yield f"{before.name} had room for the first row of {part.name}"


def _entries(manifest: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield files whose bytes or checksum are not as the manifest says, and files it does not name."""
    names = {path.name for path in folder.iterdir()} - {"manifest.json"}
    if names != set(manifest["files"]):
        yield f"in the folder {sorted(names)}, in the manifest {sorted(manifest['files'])}"
    for name in sorted(names & set(manifest["files"])):
        entry, path = manifest["files"][name], folder / name
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        if (entry["bytes"], entry["sha256"]) != (path.stat().st_size, digest):
            yield f"{name} is not what its manifest says"


def _read_ids(profile: Profile, part: Path) -> list[str]:
    """Return the ids of a part that is read by itself, every row with every cell; none under another header."""
    (file,) = profile.files
    headers = [column.header for column in file.columns]
    (key,) = (column.header for column in file.columns if column.source == _KEY)
    ids: list[str] = []
    with pcsv.open_csv(
        part,
        parse_options=pcsv.ParseOptions(
            delimiter=profile.dialect.delimiter, newlines_in_values=True
        ),
        convert_options=pcsv.ConvertOptions(column_types=dict.fromkeys(headers, pa.string())),
    ) as reader:
        if reader.schema.names != headers:
            return ids
        for batch in reader:
            ids += batch.column(headers.index(key)).to_pylist()
    return ids


def _expected(file: File, folder: Path, offers: Iterable[pa.Table]) -> _Digest:
    """Return the ids that the file is about, without those whose row stands among the rejects."""
    rejects = pcsv.read_csv(
        folder / "rejects.csv",
        convert_options=pcsv.ConvertOptions(column_types={"id": pa.string()}),
    )
    is_left_out = pc.equal(rejects["consequence"].cast(pa.string()), "row left out")
    rejected = rejects.filter(is_left_out)["id"].combine_chunks()
    expected = _Digest()
    for rows in offers:
        asked = rows.filter(pc.fill_null(pc.equal(rows["arm"], "treated"), fill_value=False))
        if file.channels:
            asked = asked.filter(pc.is_in(asked["channel"], value_set=pa.array(file.channels)))
        if file.one_of:
            asked = asked.filter(pc.is_valid(pc.coalesce(*(asked[name] for name in file.one_of))))
        is_rejected = pc.is_in(asked[_KEY], value_set=rejected)
        expected.add(asked.filter(pc.invert(is_rejected))[_KEY].to_pylist())
    return expected
