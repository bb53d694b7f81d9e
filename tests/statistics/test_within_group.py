import numpy as np

from pipeline.statistics.within_group import best_of_each, part_of, place_within, rank_within

ONE = np.zeros(3, int)


def test_the_highest_score_of_each_group_is_rank_one() -> None:
    groups, scores = np.array([0, 1, 0, 1, 0]), np.array([0.1, 0.5, 0.9, 0.7, 0.3])
    assert place_within(groups, scores, np.arange(5)).ranks.tolist() == [3, 2, 1, 1, 2]


def test_the_worked_example_of_the_docstring_holds() -> None:
    groups, scores, keys = np.array([0, 0, 1]), np.array([0.4, 0.4, 0.1]), np.array([7, 3, 5])
    places = place_within(groups, scores, keys)
    assert places.ranks.tolist() == [2, 1, 1]
    assert places.deciles.tolist() == [10, 5, 10]
    assert best_of_each(groups, scores, keys).tolist() == [1, 2]


def test_equal_scores_go_by_their_keys_whatever_the_order_of_the_rows() -> None:
    keys = np.array([5, 9, 2])
    assert place_within(ONE, np.ones(3), keys).ranks.tolist() == [2, 3, 1]
    assert place_within(ONE, np.ones(3), keys[::-1]).ranks.tolist() == [1, 3, 2]


def test_a_second_key_decides_where_the_first_ties() -> None:
    first, second = np.array([1, 1, 0]), np.array([8, 4, 6])
    assert rank_within(ONE, first, second).tolist() == [3, 2, 1]


def test_top_percents_and_deciles_are_equal_parts_and_one_is_the_best() -> None:
    places = place_within(np.zeros(1000, int), np.arange(1000.0), np.arange(1000))
    assert np.bincount(places.deciles)[1:].tolist() == [100] * 10
    assert np.bincount(places.top_percents)[1:].tolist() == [10] * 100
    assert (places.deciles[-1], places.top_percents[-1]) == (1, 1)
    assert (places.deciles[0], places.top_percents[0]) == (10, 100)


def test_a_rank_on_the_border_of_a_part_belongs_to_the_better_one() -> None:
    ranks = np.array([1, 3, 4, 30])
    assert part_of(ranks, 30, 10).tolist() == [1, 1, 2, 10]


def test_a_group_of_one_row_reaches_the_last_part() -> None:
    places = place_within(np.array([0]), np.array([0.5]), np.array([0]))
    assert (places.ranks[0], places.deciles[0], places.top_percents[0]) == (1, 10, 100)


def test_the_best_row_of_each_group_is_that_of_the_lower_key_among_equals() -> None:
    groups, scores = np.array([1, 0, 1, 1]), np.array([0.2, 0.5, 0.9, 0.9])
    assert best_of_each(groups, scores, np.array([0, 1, 3, 2])).tolist() == [1, 3]
