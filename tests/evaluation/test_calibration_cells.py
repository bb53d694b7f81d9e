import numpy as np
import pytest

from pipeline.evaluation.calibration_cells import (
    OFF,
    TOO_SMALL,
    WITHIN_CHANCE,
    calibration_cells,
    holm,
)


def part(name: str, outcomes: int, rows: int = 1_000, propensity: float = 0.1) -> dict[str, object]:
    ratio = outcomes / (rows * propensity)
    return {
        "part": name,
        "rows": rows,
        "positives": outcomes,
        "propensity": propensity,
        "ratio": {"value": ratio, "low": 0.9 * ratio, "high": 1.1 * ratio},
    }


def test_each_of_many_p_values_is_raised_for_those_beside_it() -> None:
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
    assert holm(np.array([0.6, 0.5])) == pytest.approx([1.0, 1.0])


def test_a_cell_that_is_off_is_named_and_those_beside_it_are_not() -> None:
    # 100 are expected of each: 150 are far off, 110 are one standard deviation off.
    cells = calibration_cells({"category": [part("tea", 150), part("tv", 110)]})
    assert cells["verdict"].tolist() == [OFF, WITHIN_CHANCE]
    assert cells["expected"].tolist() == [100, 100]


def test_what_one_test_would_name_many_tests_need_not() -> None:
    # 122 of 100: p = 0.038 alone; among ten cells that is what chance brings.
    cells = calibration_cells(
        {"category": [part("a", 122), *(part(f"b{one}", 100) for one in range(9))]}
    )
    assert cells["p_value"][0] < 0.05
    assert cells["verdict"][0] == WITHIN_CHANCE


def test_a_cell_with_few_outcomes_is_never_called_fine() -> None:
    cells = calibration_cells({"tier": [part("1", 5, rows=50), part("2", 100)]})
    assert cells["verdict"].tolist() == [TOO_SMALL, WITHIN_CHANCE]


def test_a_kind_without_parts_has_no_cells() -> None:
    assert calibration_cells({"tier": []}).empty
