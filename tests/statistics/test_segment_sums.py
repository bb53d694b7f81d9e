import numpy as np
import pytest

from pipeline.evaluation.fairness import measure_groups
from pipeline.evaluation.reliability import (
    deciles_of_all,
    reliability_by_segment,
    tabulate_reliability,
)
from pipeline.statistics.bootstrap import draw_matrix
from pipeline.statistics.segment_sums import sum_by_segment

# Four customers with two rows each; the second draw leaves customer 3 out and takes customer 0 twice.
GROUPS = np.repeat(np.arange(4), 2)
DRAWS = np.array([[1.0, 1.0, 1.0, 1.0], [2.0, 1.0, 1.0, 0.0]])
PARTS = np.array([0, 1, 0, 1, 0, 1, 0, -1])
LABELS = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0])


def test_sums_by_part_follow_the_draws_and_leave_out_rows_of_no_part() -> None:
    sums = sum_by_segment({"rows": np.ones(8), "positives": LABELS}, PARTS, GROUPS, DRAWS)
    assert sums.point["rows"].tolist() == [4.0, 3.0]
    assert sums.point["positives"].tolist() == [2.0, 1.0]
    assert sums.drawn["rows"].tolist() == [[4.0, 3.0], [4.0, 4.0]]
    assert sums.drawn["positives"].tolist() == [[2.0, 1.0], [2.0, 1.0]]


def test_a_ratio_over_nothing_is_unknown() -> None:
    sums = sum_by_segment({"a": np.zeros(8), "b": LABELS}, PARTS, GROUPS, DRAWS)
    assert [one.value for one in sums.ratio("b", "a")] == [None, None]


def test_observed_over_stated_is_one_where_rates_come_true() -> None:
    stated = np.where(PARTS == 0, 0.5, 1 / 6)  # part 0 observes 2 of 4, part 1 1 of 3
    parts = np.array(["loan", "pet", None], dtype=object)[PARTS]
    loan, pet = reliability_by_segment(
        stated, LABELS, np.ones(8), parts, groups=GROUPS, draws=DRAWS
    )
    assert (loan["part"], loan["rows"], loan["positives"]) == ("loan", 4, 2)
    assert loan["ratio"]["value"] == pytest.approx(1.0)
    assert pet["observed"]["value"] == pytest.approx(1 / 3, abs=1e-6)
    assert pet["ratio"]["value"] == pytest.approx(2.0, abs=1e-5)


def test_parts_that_are_numbers_sort_as_text_in_the_plot() -> None:
    found = reliability_by_segment(
        np.full(8, 0.5), LABELS, np.ones(8), np.arange(8) + 3, groups=GROUPS, draws=DRAWS
    )
    assert tabulate_reliability({"tier": found})["part"].tolist()[:2] == ["tier 03", "tier 04"]
    assert tabulate_reliability({"tier": found})["part"].is_monotonic_increasing


def test_deciles_are_equal_tenths_and_one_is_the_best() -> None:
    deciles = deciles_of_all(np.arange(20) / 20, np.arange(20))
    assert deciles[-2:].tolist() == [1, 1]
    assert np.bincount(deciles)[1:].tolist() == [2] * 10


def test_a_group_is_measured_by_selection_lift_and_truth() -> None:
    is_picked = np.array([True, False, True, False, False, False, False, False])
    values = np.array(["f", "f", "f", "f", "m", "m", None, None], dtype=object)
    found = measure_groups(
        np.full(8, 0.25), LABELS, is_picked, {"gender": values}, groups=GROUPS, draws=DRAWS
    )["gender"]
    assert [one["value"] for one in found] == ["f", "m", "unknown"]
    women, men, unknown = found
    # Two of four rows are picked; one of the two and two of the four did it.
    assert women["customers"] == 2
    assert women["selection_rate"]["value"] == 0.5
    assert women["lift"]["value"] == pytest.approx(1.0)
    assert women["observed_to_predicted"]["value"] == pytest.approx(2.0)
    assert men["lift"]["value"] is None  # nobody is picked, and nobody did it
    assert unknown["observed_to_predicted"]["value"] == pytest.approx(4.0)


def test_limits_hold_the_truth_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(2)
    held = 0
    for seed in range(60):
        labels = (random.random(400) < 0.3).astype(float)
        draws = draw_matrix(200, 150, seed)
        groups = np.repeat(np.arange(200), 2)
        sums = sum_by_segment({"p": labels, "n": np.ones(400)}, np.zeros(400, int), groups, draws)
        (found,) = sums.ratio("p", "n")
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.3 <= found.high
    assert 52 <= held <= 60
