"""How delivery packages are written: every profile's folder, and what its target then holds."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from pipeline.exports.package import Package, PackageWriter
from pipeline.exports.profile import Profile, SourceTable
from pipeline.foundation import paths
from pipeline.io.held_values import read_held, write_held
from pipeline.io.tables import write_json

log = logging.getLogger(__name__)


def write_packages(
    profiles: Sequence[Profile],
    parts: Iterable[Mapping[SourceTable, pa.Table]],
    wave: str,
    manifest: Mapping[str, object],
    country_code: str | None,
) -> None:
    """Write data/exports and data/handed_over, all packages or none.

    Args:
        profiles: expanded.
        parts: rows of the source tables, in the order of the files.
        wave: to which the offers belong.
        manifest: what every manifest says beside the files.
        country_code: calling code or ISO letters, of phones that bring none.
    """
    counts: Counter[str] = Counter()
    with (
        paths.replacing_folder(paths.EXPORTS) as folder,
        paths.replacing_folder(paths.HANDED_OVER) as kept,
    ):
        writers = {
            profile.name: _open_package(profile, folder, country_code, wave) for profile in profiles
        }
        for tables in parts:
            counts.update({name: len(rows) for name, rows in tables.items()})
            for writer in writers.values():
                writer.add(tables)
        held = {}
        for profile in profiles:
            package = writers[profile.name].close(manifest)
            _tell(profile, package, counts)
            write_held(package.held, kept, profile, wave)
            held[profile.name] = {name: rows.num_rows for name, rows in package.held.items()}
        write_json(held, kept / wave / "held.json")


def _open_package(
    profile: Profile, folder: Path, country_code: str | None, wave: str
) -> PackageWriter:
    """Begin one package, without what its target holds already if it wants changes only."""
    package_folder = folder / profile.name
    package_folder.mkdir()

    def open_file(name: str) -> BinaryIO:
        return (package_folder / name).open("wb")

    return PackageWriter(profile, open_file, country_code, read_held(profile, wave))


def _tell(profile: Profile, package: Package, counts: Mapping[str, int]) -> None:
    log.info(
        "%s: %s customers and %s offers in; rows out: %s; content %s",
        profile.name,
        f"{counts['customers']:,}",
        f"{counts['offers']:,}",
        ", ".join(f"{name} {entry.rows:,}" for name, entry in package.files.items()),
        package.content_id,
    )
