import pytest

from pipeline.foundation.config import CandidateParams
from pipeline.foundation.contracts.tables import NOT_OFFERED
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.population.candidates import allowed, with_enough_outcomes

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


def test_a_candidate_with_too_few_outcomes_is_left_out_by_name() -> None:
    found = with_enough_outcomes({"tv": 200, "tea": 199, "fax": 0}, 200, "cross_sell")
    assert found.kept == ("tv",)
    assert found.left_out == {"fax": 0, "tea": 199}


def test_a_model_without_a_learnable_candidate_is_refused() -> None:
    with pytest.raises(DataError, match=r"at least 200 cross_sell outcomes.*7 at most, for 'tea'"):
        with_enough_outcomes({"tv": 3, "tea": 7}, 200, "cross_sell")
