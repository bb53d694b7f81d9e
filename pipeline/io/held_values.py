"""Where stages find what a target holds of a file: as this wave leaves it, and as waves left it.

`export` leaves in data/handed_over what is held once its packages are loaded, and `held.json` with
the number of rows by target and file; `seal` keeps the rows with the wave, and the next wave's `export` takes it from there.
"""

from collections.abc import Mapping
from pathlib import Path, PurePath

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.exports.profile import Profile
from pipeline.foundation import paths
from pipeline.foundation.wave_seals import check_seals


def read_held(profile: Profile, wave: str) -> Mapping[str, pa.Table]:
    """Return by file what the target holds, of the files that an earlier wave handed over."""
    if not profile.only_changes:
        return {}
    check_seals()
    sealed = {file.name: _last_sealed(profile, file.name, wave) for file in profile.files}
    return {name: pq.read_table(path) for name, path in sealed.items() if path is not None}


def write_held(held: Mapping[str, pa.Table], folder: Path, profile: Profile, wave: str) -> None:
    """Write what the target holds once the wave is loaded."""
    for name, rows in held.items():
        path = folder / wave / _place(profile, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(rows, path, compression="zstd")


def _last_sealed(profile: Profile, name: str, wave: str) -> Path | None:
    """Return the file of the last wave before this one: a wave exported again stays as it was."""
    waves = sorted(path.name for path in paths.WAVE_HAND_OVERS.glob("*") if path.name < wave)
    files = [paths.WAVE_HAND_OVERS / earlier / _place(profile, name) for earlier in waves]
    return next((path for path in reversed(files) if path.exists()), None)


def _place(profile: Profile, name: str) -> Path:
    return paths.table(Path(profile.name), PurePath(name).stem)
