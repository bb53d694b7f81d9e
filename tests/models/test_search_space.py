from dataclasses import asdict, replace

import pytest

from pipeline.foundation.errors import ConfigurationError
from pipeline.models.estimators.boosting import MAX_LEAVES, BoostingParams
from pipeline.models.tuning.search_space import search_space


def test_few_positives_allow_small_trees_only() -> None:
    assert search_space(20, 5).ranges["num_leaves"].high == 4
    assert search_space(100, 5).ranges["num_leaves"].high == 20


def test_few_positives_may_stand_in_smaller_leaves() -> None:
    least = {n: search_space(n, 5).ranges["min_sum_hessian_in_leaf"].low for n in (10, 300, 5000)}
    assert least == {10: 0.05, 300: 0.3, 5000: 1.0}


def test_many_positives_do_not_allow_more_leaves_than_can_be_explained() -> None:
    assert search_space(1_000_000, 5).ranges["num_leaves"].high == MAX_LEAVES


def test_smoothing_of_texts_is_searched_where_a_text_has_many_values() -> None:
    assert "cat_smooth" not in search_space(1000, 10).ranges
    assert "cat_smooth" in search_space(1000, 11).ranges


@pytest.mark.parametrize("positives", [1, 40, 500, 20_000])
def test_every_start_lies_inside_its_ranges(positives: int) -> None:
    space = search_space(positives, 50)
    for start in space.starts:
        for name, value in space.inside(start).items():
            assert value == asdict(start)[name]
            assert space.ranges[name].low <= value <= space.ranges[name].high


def test_a_named_start_is_taken_as_it_is_and_completed_by_the_first() -> None:
    space = search_space(3000, 5)
    start = space.start_from({"num_leaves": 9, "lambda_l2": 2.5})
    assert start == replace(space.starts[0], num_leaves=9, lambda_l2=2.5)
    assert space.start_from(space.searched(start)) == start


def test_a_named_start_that_is_not_searched_is_refused_with_the_choices() -> None:
    with pytest.raises(ConfigurationError, match=r"'num_leafs'\. Did you mean 'num_leaves'"):
        search_space(3000, 5).start_from({"num_leafs": 9})
    with pytest.raises(ConfigurationError, match="found 'cat_smooth'"):
        search_space(3000, 5).start_from({"cat_smooth": 9.0})


@pytest.mark.parametrize(("name", "value"), [("num_leaves", 32), ("feature_fraction", 0.1)])
def test_a_named_start_outside_its_range_is_refused(name: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match=rf"a {name} from .* found {value:g}"):
        search_space(3000, 5).start_from({name: value})


def test_a_start_outside_is_moved_to_the_edge() -> None:
    space = search_space(60, 5)
    moved = space.inside(replace(BoostingParams(), num_leaves=31, lambda_l2=0.0))
    assert (moved["num_leaves"], moved["lambda_l2"]) == (12, 0.06)


def test_what_is_not_searched_is_as_in_the_first_start() -> None:
    space = search_space(500, 5)
    params = space.to_params({"num_leaves": 5})
    assert params == replace(space.starts[0], num_leaves=5)


def test_few_positives_are_learnt_more_slowly() -> None:
    assert (
        search_space(999, 5).starts[0].learning_rate < search_space(1000, 5).starts[0].learning_rate
    )
