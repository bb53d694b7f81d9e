"""A few thousand customers' parts keep every law, and a part that breaks one is told."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.splits import drawing
from benchmarks.splits.__main__ import SPLITTING
from benchmarks.splits.drawing import blocks, draw
from benchmarks.splits.laws import broken_laws, parts_of
from benchmarks.splits.writing import declared, write
from pipeline.exports import profiles, writer
from pipeline.exports.profile import Profile, TargetLimits

CUSTOMERS = 3_000


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several blocks are drawn, and several slices written, as of ten million."""
    monkeypatch.setattr(drawing, "BLOCK", 700)
    monkeypatch.setattr(writer, "_ROWS_AT_ONCE", 130)


def written(folder: Path, name: str, limits: TargetLimits) -> Profile:
    folder.mkdir()
    profile = replace(declared(name), limits=limits)
    write(profile, draw(CUSTOMERS), folder)
    return profile


def test_the_packages_measured_are_those_whose_targets_split_files() -> None:
    found = {path.stem for path in Path(profiles.__file__).parent.glob("[a-z]*.py")}
    assert {name for name in found if profiles.find(name).limits.splits} == set(SPLITTING)


@pytest.mark.parametrize("limits", [TargetLimits(file_bytes=30_000), TargetLimits(file_rows=101)])
@pytest.mark.parametrize("name", SPLITTING)
def test_the_parts_of_every_package_keep_the_law(
    name: str, limits: TargetLimits, tmp_path: Path
) -> None:
    profile = written(tmp_path / "package", name, limits)
    assert len(parts_of(profile, tmp_path / "package")) > 2
    assert broken_laws(profile, tmp_path / "package", blocks(CUSTOMERS)) == []


def _cut(parts: list[Path]) -> None:
    parts[1].write_bytes(parts[1].read_bytes()[:-1])


def _without_a_row(parts: list[Path]) -> None:
    lines = parts[1].read_bytes().splitlines(keepends=True)
    parts[1].write_bytes(b"".join([*lines[:5], *lines[6:]]))


def _swapped(parts: list[Path]) -> None:
    first, second = (part.read_bytes() for part in parts[:2])
    parts[0].write_bytes(second)
    parts[1].write_bytes(first)


def _headless(parts: list[Path]) -> None:
    parts[1].write_bytes(b"".join(parts[1].read_bytes().splitlines(keepends=True)[1:]))


def _moved_row(parts: list[Path]) -> None:
    first, second = (part.read_bytes().splitlines(keepends=True) for part in parts[:2])
    parts[0].write_bytes(b"".join(first[:-1]))
    parts[1].write_bytes(b"".join([second[0], first[-1], *second[1:]]))


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (_cut, "ends with"),
        (_without_a_row, "ids over the parts"),
        (_swapped, "ids over the parts"),
        (_headless, "begins with"),
        (_moved_row, "had room for the first row"),
    ],
)
def test_a_part_that_breaks_a_law_is_told(
    fault: Callable[[list[Path]], None], told: str, tmp_path: Path
) -> None:
    folder = tmp_path / "package"
    profile = written(folder, "salesforce", TargetLimits(file_bytes=30_000))
    fault(parts_of(profile, folder))
    broken = broken_laws(profile, folder, blocks(CUSTOMERS))
    assert any(told in one for one in broken)
    assert any("is not what its manifest says" in one for one in broken)
