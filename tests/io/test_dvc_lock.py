"""What DVC recorded of outputs is held against every byte of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from dvc.repo import Repo

from pipeline.foundation.errors import DataError
from pipeline.io.dvc_lock import check_outputs

LOCK = Path("dvc.lock")
SCORES, OFFERS = Path("data/scores"), Path("data/offers.parquet")


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give a folder and a file that DVC itself has hashed."""
    monkeypatch.chdir(tmp_path)
    (SCORES / "ñ").mkdir(parents=True)
    for name in ("b.parquet", "a.parquet", "ñ/z.json"):
        (SCORES / name).write_text(name, encoding="utf-8")
    OFFERS.write_bytes(b"offers")
    with Repo.init(no_scm=True) as repo:
        repo.add([str(SCORES), str(OFFERS)])
        added = [yaml.safe_load(Path(f"{one}.dvc").read_text("utf-8")) for one in (SCORES, OFFERS)]
        outs = [{**one["outs"][0], "path": f"data/{one['outs'][0]['path']}"} for one in added]
        LOCK.write_text(yaml.safe_dump({"stages": {"decide": {"outs": outs}}}), encoding="utf-8")
        yield


def test_outputs_as_dvc_recorded_them_pass_and_those_that_are_gone_are_not_asked() -> None:
    check_outputs(LOCK, Path("data"))
    OFFERS.unlink()
    check_outputs(LOCK, Path("data"))
    LOCK.unlink()
    check_outputs(LOCK, Path("data"))


@pytest.mark.parametrize("file", [OFFERS, SCORES / "a.parquet", SCORES / "ñ/z.json"], ids=str)
def test_a_bit_that_flipped_is_told_though_time_and_size_are_the_same(file: Path) -> None:
    content = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(DataError, match=r"as its stage wrote it; found another content"):
        check_outputs(LOCK, Path("data"))


def test_a_file_more_in_a_folder_is_told() -> None:
    (SCORES / "c.parquet").touch()
    with pytest.raises(DataError, match=r"data/scores as its stage wrote it"):
        check_outputs(LOCK, Path("data"))
