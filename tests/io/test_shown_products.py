"""What the customers of each stage are shown is counted as the lists are read."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.foundation import paths
from pipeline.foundation.contracts.outputs import PRODUCT_LISTS, SEGMENTS
from pipeline.io import shown_products
from pipeline.io.outputs import write_output
from pipeline.io.shown_products import count_shown


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stages = {"a": "loyal", "b": "loyal", "c": "new"}
    people = pd.DataFrame({"customer_id": list(stages), "lifecycle_stage": list(stages.values())})
    people = people.assign(as_of_date=date(2026, 3, 1), rfm_segment="steady")
    others = dict.fromkeys(set(SEGMENTS.names) - set(people.columns))
    write_output(people.assign(**others), paths.SEGMENTS, SEGMENTS)


def write_lists(*rows: tuple[str, str, str]) -> None:
    lists = pd.DataFrame(rows, columns=["customer_id", "product_id", "list"])
    lists["position"] = range(1, len(lists) + 1)
    lists = lists.assign(as_of_date=date(2026, 3, 1), category="tea")
    write_output(lists, paths.PRODUCT_LISTS, PRODUCT_LISTS)


@pytest.mark.parametrize("rows_at_once", [2, 100])
def test_products_are_counted_by_stage_and_list(
    monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr(shown_products, "_ROWS", rows_at_once)
    write_lists(
        ("a", "P1", "reminder"),
        ("b", "P1", "reminder"),
        ("a", "P2", "novelties"),
        ("c", "P1", "novelties"),
        ("nobody", "P1", "novelties"),
    )
    assert count_shown().to_numpy().tolist() == [
        ["loyal", "P1", "reminder", 2],
        ["loyal", "P2", "novelties", 1],
        ["new", "P1", "novelties", 1],
    ]


def test_nobody_is_shown_anything_where_there_are_no_lists() -> None:
    write_lists()
    assert count_shown().empty
    assert list(count_shown().columns) == ["lifecycle_stage", "product_id", "list", "times"]
