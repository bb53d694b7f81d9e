from itertools import permutations

import numpy as np
import pytest

from pipeline.evaluation.ranking import rank_lists, ranking_intervals


def one_list(scores: list[float], labels: list[int]) -> list[float]:
    zeros = np.zeros(len(scores), dtype=np.int64)
    found = rank_lists(np.array(scores), np.array(labels), zeros, zeros)
    return [float(value) for value in found.figures[0]]


def test_a_perfect_order_is_one_throughout() -> None:
    assert one_list([0.9, 0.5, 0.1], [1, 0, 0]) == pytest.approx([1, 1, 1])


def test_a_positive_in_second_place_by_hand() -> None:
    # Precision at its place is 1/2; its gain is discounted by log2(3) against log2(2) at the top.
    assert one_list([0.9, 0.5, 0.1], [0, 1, 0]) == pytest.approx([0, 1 / 2, 1 / np.log2(3)])


def test_a_positive_below_the_cut_counts_for_nothing() -> None:
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
    assert one_list(scores, [0, 0, 0, 0, 0, 1]) == pytest.approx([0, 0, 0])
    assert one_list(scores, [0, 0, 0, 1, 0, 0])[1:] == pytest.approx([0, 1 / np.log2(5)])


def test_two_positives_by_hand() -> None:
    # At places 1 and 3: precisions 1 and 2/3.
    hit, precision, gain = one_list([0.9, 0.8, 0.7], [1, 0, 1])
    assert (hit, precision) == pytest.approx((1, (1 + 2 / 3) / 2))
    assert gain == pytest.approx((1 + 1 / 2) / (1 + 1 / np.log2(3)))


@pytest.mark.parametrize(
    ("scores", "labels"),
    [
        ([0.5, 0.5, 0.5], [1, 0, 0]),
        ([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0]),
        ([0.9, 0.5, 0.5, 0.5, 0.1], [0, 1, 1, 0, 1]),
        ([0.9, 0.9, 0.4, 0.4, 0.4, 0.4], [1, 0, 0, 1, 0, 1]),
    ],
)
def test_equal_scores_give_the_mean_over_all_their_orders(
    scores: list[float], labels: list[int]
) -> None:
    orders = np.array(list(permutations(range(len(scores)))))
    lists = np.repeat(np.arange(len(orders)), len(scores))
    untied = np.tile(scores, len(orders)) - orders.ravel() * 1e-6
    found = rank_lists(untied, np.tile(labels, len(orders)), lists, lists)
    assert one_list(scores, labels) == pytest.approx(found.figures.mean(axis=0).tolist())


def test_lists_without_a_positive_are_not_asked() -> None:
    lists = np.array([0, 0, 1, 1])
    found = rank_lists(np.array([0.9, 0.1, 0.9, 0.1]), np.array([0, 0, 1, 0]), lists, lists)
    assert len(found.figures) == 1
    assert found.groups.tolist() == [1]


def test_the_order_of_the_rows_does_not_matter() -> None:
    random = np.random.default_rng(1)
    scores, labels = random.random(60).round(1), random.integers(0, 2, 60)
    lists = np.repeat(np.arange(12), 5)
    turned = random.permutation(60)
    first = rank_lists(scores, labels, lists, lists)
    second = rank_lists(scores[turned], labels[turned], lists[turned], lists[turned])
    assert np.allclose(first.figures, second.figures)


def test_the_mean_lies_between_its_limits() -> None:
    random = np.random.default_rng(2)
    lists = np.repeat(np.arange(200), 4)
    found = rank_lists(random.random(800), (random.random(800) < 0.2) * 1, lists, lists // 2)
    for interval in ranking_intervals(found, 50, seed=1).values():
        assert interval.value is not None
        assert interval.low is not None
        assert interval.high is not None
        assert interval.low < interval.value < interval.high


def test_no_list_with_a_positive_leaves_the_figures_undefined() -> None:
    lists = np.array([0, 0])
    found = rank_lists(np.array([0.9, 0.1]), np.array([0, 0]), lists, lists)
    assert ranking_intervals(found, 20, seed=1)["hit_at_1"].value is None
