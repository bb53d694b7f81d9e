from collections.abc import Mapping

import numpy as np
import pytest

from pipeline.evaluation.calibration_cells import (
    calibration_cells,
    certain_error_share,
    holm,
    tabulate_cells,
    tell_cells,
)
from pipeline.evaluation.cell_kinds import kind_of
from pipeline.foundation.contracts.hand_overs.evaluation_report import (
    OFF,
    TOO_SMALL,
    WITHIN_CHANCE,
    CalibrationCell,
)
from pipeline.statistics.bootstrap import draw_matrix

ROWS = 1_000


def cells_of(**outcomes: int) -> list[CalibrationCell]:
    """Return one cell of a thousand customers at 0.1 for each number of outcomes."""
    names = np.repeat([*outcomes], ROWS).astype(object)
    labels = np.concatenate([np.arange(ROWS) < count for count in outcomes.values()])
    return cells_by({"category": names}, labels.astype(float), np.full(len(names), 0.1))


def cells_by(
    kinds: Mapping[str, np.ndarray], labels: np.ndarray, predicted: np.ndarray
) -> list[CalibrationCell]:
    rows = len(labels)
    return list(
        calibration_cells(
            predicted,
            labels,
            np.ones(rows),
            {name: kind_of(parts, is_ordered=False) for name, parts in kinds.items()},
            groups=np.arange(rows),
            draws=draw_matrix(rows, 50, 3),
        )
    )


def test_each_of_many_p_values_is_raised_for_those_beside_it() -> None:
    assert holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
    assert holm(np.array([0.6, 0.5])) == pytest.approx([1.0, 1.0])


def test_a_cell_that_is_off_is_named_and_those_beside_it_are_not() -> None:
    # 100 are expected of each: 150 are far off, 110 are one standard deviation off.
    cells = cells_of(pet_food=150, tv=110)
    assert [cell.verdict for cell in cells] == [OFF, WITHIN_CHANCE]
    assert [cell.expected for cell in cells] == pytest.approx([100, 100])
    told = tell_cells(cells)
    assert told.startswith("2 cells (category) were tested together")
    assert "off beyond chance: category pet food 1.50 times what was predicted (1." in told
    assert "tv" not in told


def test_what_one_test_would_name_many_tests_need_not() -> None:
    # 122 of 100: p = 0.038 alone; among ten cells that is what chance brings.
    cells = cells_of(a=122, **{f"b{one}": 100 for one in range(9)})
    assert cells[0].p_value < 0.05
    assert cells[0].verdict == WITHIN_CHANCE
    assert "none is off beyond chance" in tell_cells(cells)


def test_cells_of_all_kinds_are_corrected_together() -> None:
    labels = (np.arange(ROWS) < 150).astype(float)
    predicted, parts = np.full(ROWS, 0.1), np.full(ROWS, "all", dtype=object)
    alone = cells_by({"category": parts}, labels, predicted)[0]
    beside = cells_by({"category": parts, "season": parts}, labels, predicted)[0]
    assert beside.p_value_of_all == pytest.approx(2 * alone.p_value_of_all, abs=2e-6)


def test_rows_of_one_customer_are_no_evidence_of_their_own() -> None:
    # 150 of 100 expected, all of them of one customer in two: the interval holds 1.
    labels, groups = (np.arange(ROWS) < 150).astype(float), (np.arange(ROWS) >= 500).astype(int)
    cells = calibration_cells(
        np.full(ROWS, 0.1),
        labels,
        np.ones(ROWS),
        {"category": kind_of(np.full(ROWS, "tv", dtype=object), is_ordered=False)},
        groups=groups,
        draws=draw_matrix(2, 50, 3),
    )
    assert cells[0].p_value_of_all < 0.01
    assert cells[0].verdict == WITHIN_CHANCE


def test_a_cell_with_few_outcomes_is_never_called_fine() -> None:
    (cell,) = cells_by(
        {"tier": np.full(50, "1", dtype=object)}, np.repeat([1.0, 0.0], [5, 45]), np.full(50, 0.1)
    )
    assert cell.verdict == TOO_SMALL
    assert "Too few outcomes to tell: tier 1." in tell_cells([cell])


def test_what_is_misplaced_for_certain_is_the_nearer_end_of_the_interval() -> None:
    cells = [
        cell.model_copy(update={"ratio": cell.ratio.model_copy(update={"low": 1.2, "high": 1.8})})
        for cell in cells_of(tea=150, tv=100)
    ]
    # 100 of 200 expected are off by at least a fifth: 20 of 200.
    kind, share = certain_error_share(cells)
    assert kind == "category"
    assert share == pytest.approx(0.1)
    assert certain_error_share([]) == ("", 0.0)


def test_a_kind_without_parts_has_no_cells() -> None:
    assert (
        cells_by({"tier": np.array([None, None], dtype=object)}, np.zeros(2), np.full(2, 0.1)) == []
    )
    assert tell_cells([]) == ""
    assert tabulate_cells([]).empty


def test_the_table_has_one_row_a_cell() -> None:
    table = tabulate_cells(cells_of(tea=150, tv=110))
    assert table.columns.tolist() == [
        "by",
        "part",
        "rows",
        "outcomes",
        "expected",
        "ratio",
        "ratio_low",
        "ratio_high",
        "p_value",
        "p_value_of_all",
        "verdict",
    ]
    assert table["part"].tolist() == ["tea", "tv"]
