import pytest

from pipeline.foundation.config import CandidateParams
from pipeline.foundation.contracts.tables import NOT_OFFERED
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.population.candidates import allowed, choose_candidates

ALL = ("fax", "tea", "tv")


def test_every_category_is_allowed_unless_it_is_excluded() -> None:
    assert allowed(ALL, CandidateParams(include=(), exclude=("fax",)), "up_sell") == ["tea", "tv"]


def test_only_included_categories_are_allowed() -> None:
    assert allowed(ALL, CandidateParams(include=("tv",), exclude=()), "up_sell") == ["tv"]


def test_products_that_are_not_offered_are_no_candidate_unless_they_are_included() -> None:
    categories = (*ALL, NOT_OFFERED)
    assert allowed(categories, CandidateParams(include=(), exclude=()), "up_sell") == list(ALL)
    included = CandidateParams(include=(NOT_OFFERED, "tv"), exclude=())
    assert allowed(categories, included, "up_sell") == [NOT_OFFERED, "tv"]


def test_a_category_that_the_catalogue_does_not_know_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"products.up_sell.*'tvs'.*Did you mean 'tv'"):
        allowed(ALL, CandidateParams(include=("tvs",), exclude=()), "up_sell")


def test_a_candidate_with_hardly_an_outcome_is_left_out_by_name() -> None:
    found = choose_candidates({"tv": 200, "tea": 19, "fax": 0}, 200, "cross_sell")
    assert found.kept == ("tv",)
    assert found.left_out == {"fax": 0, "tea": 19}


def test_a_candidate_with_few_outcomes_is_learnt_from_together_with_the_others() -> None:
    found = choose_candidates({"tv": 200, "tea": 199, "fax": 20}, 200, "cross_sell")
    assert found.kept == ("fax", "tea", "tv")
    assert found.pooled == {"fax": 20, "tea": 199}
    assert found.left_out == {}


def test_all_candidates_are_kept_where_none_has_outcomes_to_learn_from() -> None:
    found = choose_candidates({"tv": 0, "tea": 7}, 200, "cross_sell")
    assert found.kept == ("tea", "tv")
    assert found.pooled == {"tea": 7, "tv": 0}


def test_a_model_that_nobody_can_be_asked_about_is_refused() -> None:
    with pytest.raises(DataError, match=r"can be asked about up_sell.*Take 'up_sell' out of mod"):
        choose_candidates({}, 200, "up_sell")
