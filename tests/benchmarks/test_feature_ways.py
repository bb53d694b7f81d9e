from pathlib import Path

import polars as pl
import pytest

from benchmarks.windows import plain_pandas, plain_polars, this_project
from benchmarks.windows.agreement import check
from benchmarks.windows.inputs import write_inputs
from benchmarks.windows.ledger import AS_OF_DATES, answer
from pipeline.foundation.errors import BrokenCheckError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("windows")
    write_inputs(place, customers=60, events=2_000)
    for way in (this_project, plain_polars, plain_pandas):
        way.compute(place)
    return place


@pytest.mark.parametrize("way", ["plain_polars", "plain_pandas"])
def test_the_plain_ways_find_what_the_project_finds_of_every_customer(
    folder: Path, way: str
) -> None:
    assert check(answer(folder, "this_project"), answer(folder, way)) == 18
    assert pl.read_parquet(answer(folder, way))["as_of_date"].n_unique() == len(AS_OF_DATES)


def test_one_other_value_is_noticed(folder: Path, tmp_path: Path) -> None:
    found = pl.read_parquet(answer(folder, "plain_polars"))
    changed = found.with_columns(
        visits__365d=pl.col("visits__365d") + (pl.int_range(pl.len()) == 7)
    )
    changed.write_parquet(tmp_path / "changed.parquet")
    with pytest.raises(BrokenCheckError, match="this_project and changed differ in visits__365d"):
        check(answer(folder, "this_project"), tmp_path / "changed.parquet")


def test_a_row_that_is_missing_is_noticed(folder: Path, tmp_path: Path) -> None:
    pl.read_parquet(answer(folder, "plain_polars")).tail(-1).write_parquet(
        tmp_path / "short.parquet"
    )
    with pytest.raises(BrokenCheckError, match="differ in rows or columns"):
        check(answer(folder, "this_project"), tmp_path / "short.parquet")
