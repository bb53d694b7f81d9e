"""How delivery packages are written: every profile's folder, and what its target then holds."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from pipeline.exports.delivery_tables import wave_of
from pipeline.exports.package import Package, write_package
from pipeline.exports.profile import Profile, SourceTable
from pipeline.foundation import paths
from pipeline.io.held_values import read_held, write_held
from pipeline.io.tables import write_json

log = logging.getLogger(__name__)


def write_packages(
    profiles: Sequence[Profile],
    tables: Mapping[SourceTable, pa.Table],
    manifest: Mapping[str, object],
    country_code: str | None,
) -> None:
    """Write data/exports and data/handed_over, all packages or none.

    Args:
        profiles: expanded.
        tables: the source tables.
        manifest: what every manifest says beside the files.
        country_code: calling code or ISO letters, of phones that bring none.
    """
    wave = wave_of(tables)
    with (
        paths.replacing_folder(paths.EXPORTS) as folder,
        paths.replacing_folder(paths.HANDED_OVER) as kept,
    ):
        held = {}
        for profile in profiles:
            package = write_profile(profile, tables, folder, manifest, country_code)
            write_held(package.held, kept, profile, wave)
            held[profile.name] = {name: rows.num_rows for name, rows in package.held.items()}
        write_json(held, kept / wave / "held.json")


def write_profile(
    profile: Profile,
    tables: Mapping[SourceTable, pa.Table],
    folder: Path,
    manifest: Mapping[str, object],
    country_code: str | None,
) -> Package:
    """Write one package, without what its target holds already if it wants changes only."""
    package_folder = folder / profile.name
    package_folder.mkdir()

    def open_file(name: str) -> BinaryIO:
        return (package_folder / name).open("wb")

    held = read_held(profile, wave_of(tables))
    package = write_package(profile, tables, open_file, manifest, country_code, held=held)
    log.info(
        "%s: %s customers and %s offers in; rows out: %s; content %s",
        profile.name,
        f"{len(tables['customers']):,}",
        f"{len(tables['offers']):,}",
        ", ".join(f"{name} {entry.rows:,}" for name, entry in package.files.items()),
        package.content_id,
    )
    return package
