"""The rows of a model in parts are its rows as a whole."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.foundation import paths
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import DataError
from pipeline.io.matrices import read_matrices, read_matrix
from pipeline.statistics.stacking import stack_codes, stack_frames

DAYS = (date(2025, 5, 5), date(2025, 6, 2))
ROWS = pd.DataFrame(
    [
        (day, customer, category, "scoring" if day == DAYS[1] else "test")
        for day in DAYS
        for customer in ("c1", "c2", "c3", "c4", "c5")
        for category in ("mobile", "tv")
    ],
    columns=["as_of_date", "customer_id", "category", "split"],
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    is_eligible = ~((ROWS["customer_id"] == "c4") | (ROWS["category"] == "tv") & (ROWS.index < 14))
    write(ROWS.assign(is_eligible=is_eligible, label=None), paths.POPULATION, "up_sell")
    candidates = ROWS.drop(columns="split").assign(a__n=range(20))
    write(candidates, paths.FEATURES / "candidate", "a")
    customers = candidates.drop_duplicates(["as_of_date", "customer_id"]).drop(columns="category")
    texts = [f"region {number % 3}" for number in range(len(customers))]
    write(customers.drop(columns="a__n").assign(b__text=texts), paths.FEATURES / "customer", "b")


def write(rows: pd.DataFrame, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    typed = {"label": rows["label"].astype("Int64")} if "label" in rows else {}
    rows.assign(**typed).to_parquet(paths.table(folder, name), index=False)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("eligible_only", [True, False])
def test_parts_under_each_other_are_the_matrix(engine: Engine, *, eligible_only: bool) -> None:
    whole = read_matrix(engine, "up_sell", splits=["scoring"], eligible_only=eligible_only)
    parts = list(
        read_matrices(engine, "up_sell", split="scoring", eligible_only=eligible_only, customers=2)
    )
    assert len(parts) == (2 if eligible_only else 3)
    pd.testing.assert_frame_equal(stack_frames([part.keys for part in parts]), whole.keys)
    pd.testing.assert_frame_equal(stack_frames([part.features for part in parts]), whole.features)
    assert stack_codes([part.groups for part in parts]).tolist() == whole.groups.tolist()


@pytest.mark.usefixtures("project")
def test_a_split_without_rows_is_refused(engine: Engine) -> None:
    with pytest.raises(DataError, match="rows of the splits train"):
        list(read_matrices(engine, "up_sell", split="train"))


@pytest.mark.usefixtures("project")
def test_of_too_many_customers_the_same_are_drawn_with_all_their_rows(engine: Engine) -> None:
    def drawn(most: int, *, eligible_only: bool) -> pd.DataFrame:
        parts = read_matrices(
            engine, "up_sell", split="scoring", eligible_only=eligible_only, most_customers=most
        )
        return stack_frames([part.keys for part in parts])

    everybody, some = drawn(5, eligible_only=False), drawn(3, eligible_only=False)
    assert len(everybody) == 10
    customers = set(some["customer_id"])
    assert 1 <= len(customers) < 5  # about three
    assert len(some) == 2 * len(customers)  # each with both candidates
    whole = read_matrix(
        engine, "up_sell", splits=["scoring"], eligible_only=False, most_customers=3
    )
    pd.testing.assert_frame_equal(whole.keys, some)
    eligible = drawn(3, eligible_only=True)  # of the same customers, but for c4, who is not
    assert set(eligible["customer_id"]) == customers - {"c4"}
