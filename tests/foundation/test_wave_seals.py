from pathlib import Path

import pytest

from pipeline.foundation import paths
from pipeline.foundation.errors import DataError
from pipeline.foundation.wave_seals import (
    check_seals,
    digest_of,
    expect_change,
    seal_of,
    settle_change,
    write_seal,
)

OFFERS = paths.WAVES / "w1.parquet"


@pytest.fixture(autouse=True)
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths.WAVES.mkdir(parents=True)
    OFFERS.write_bytes(b"offers as they were sent")
    write_seal(seal_of("w1"), {"w1.parquet": [digest_of(OFFERS)]})


def test_a_wave_as_it_was_sealed_passes_and_one_without_a_seal_is_not_asked() -> None:
    (paths.WAVES / "w0.parquet").touch()
    check_seals()


def test_a_flipped_bit_is_told() -> None:
    OFFERS.write_bytes(b"offers as they were sens")
    with pytest.raises(DataError, match=r"w1.parquet as it was sealed; found another content"):
        check_seals()


def test_a_file_cut_short_and_one_that_is_gone_are_told() -> None:
    OFFERS.write_bytes(b"offers as")
    with pytest.raises(DataError, match="another content"):
        check_seals()
    OFFERS.unlink()
    with pytest.raises(DataError, match="no such file"):
        check_seals()


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'{"files": 1}'])
def test_a_seal_that_cannot_be_read_is_told(text: bytes) -> None:
    seal_of("w1").write_bytes(text)
    with pytest.raises(DataError, match="a seal that cannot be read"):
        check_seals()


def test_an_erasure_may_be_killed_before_and_after_its_file_is_replaced() -> None:
    aside = OFFERS.with_name("aside")
    aside.write_bytes(b"with a tombstone")
    expect_change(OFFERS, digest_of(aside))
    check_seals()  # killed before
    aside.replace(OFFERS)
    check_seals()  # killed after
    settle_change(OFFERS)
    check_seals()
    OFFERS.write_bytes(b"offers as they were sent")
    with pytest.raises(DataError, match="another content"):
        check_seals()


def test_settling_does_not_let_a_damaged_file_pass() -> None:
    OFFERS.write_bytes(b"damaged")
    settle_change(OFFERS)
    with pytest.raises(DataError, match="another content"):
        check_seals()
