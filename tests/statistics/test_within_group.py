import numpy as np

from pipeline.statistics.within_group import first_of_each, place_within


def test_the_highest_score_of_each_group_is_rank_one() -> None:
    places = place_within(np.array([0, 1, 0, 1, 0]), np.array([0.1, 0.5, 0.9, 0.7, 0.3]))
    assert places.ranks.tolist() == [3, 2, 1, 1, 2]


def test_equal_scores_keep_the_order_of_the_rows() -> None:
    assert place_within(np.zeros(3, int), np.ones(3)).ranks.tolist() == [1, 2, 3]


def test_percentiles_and_deciles_are_equal_parts_and_one_is_the_best() -> None:
    places = place_within(np.zeros(1000, int), np.arange(1000.0))
    assert np.bincount(places.deciles)[1:].tolist() == [100] * 10
    assert np.bincount(places.percentiles)[1:].tolist() == [10] * 100
    assert (places.deciles[-1], places.percentiles[-1]) == (1, 1)
    assert (places.deciles[0], places.percentiles[0]) == (10, 100)


def test_a_group_of_one_row_reaches_the_last_part() -> None:
    places = place_within(np.array([0]), np.array([0.5]))
    assert (places.ranks[0], places.deciles[0], places.percentiles[0]) == (1, 10, 100)


def test_the_best_row_of_each_group_is_the_first_of_equals() -> None:
    groups, scores = np.array([1, 0, 1, 1]), np.array([0.2, 0.5, 0.9, 0.9])
    assert first_of_each(groups, scores).tolist() == [1, 2]
