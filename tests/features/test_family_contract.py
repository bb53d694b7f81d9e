"""Every family keeps this contract, before its author writes a test."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import pandas as pd
import pytest

from pipeline.features import family
from pipeline.features.feature import KEYS, Grain
from pipeline.features.view import View
from pipeline.foundation.choices import FAMILIES
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import ConfigurationError
from tests.company import company
from tests.features.replay import Found, Replay, at
from tests.features.views import truncated, values, view

DATES = (date(2024, 6, 1), date(2024, 12, 1))
GRAINS: tuple[Grain, ...] = ("customer", "candidate")
CASES = [
    pytest.param(one, grain, id=f"{one.name}-{grain}")
    for one in family.load(FAMILIES.names())
    for grain in GRAINS
    if grain in one.expressions
]


@pytest.fixture(scope="module")
def every_family() -> Iterator[Replay]:
    """Return every family, compiled once for all companies below."""
    replay = Replay(family.load(FAMILIES.names()))
    yield replay
    replay.engine.close()


@pytest.fixture(scope="module")
def found_in(every_family: Replay) -> Callable[[int], Found]:
    """Return what the families say of the company that a seed makes."""
    return cache(lambda seed: every_family.compute(company(seed), DATES))


@pytest.fixture(scope="module")
def asked(engine: Engine) -> pd.DataFrame:
    """Return who of the second company is asked about which category at each date."""
    frame: pd.DataFrame = engine.arrow(view(engine, company(2), DATES).asked).to_pandas()
    return frame


@pytest.fixture(scope="module")
def third_company(engine: Engine) -> View:
    return view(engine, company(3), DATES)


@pytest.fixture(scope="module")
def without_history(every_family: Replay) -> Found:
    """Return what the families say of customers of whom there is not one fact."""
    tables = company(4)
    return every_family.compute({name: tables[name] for name in ("customers", "products")}, DATES)


@pytest.fixture(scope="module")
def found_then(every_family: Replay) -> Callable[[date], Found]:
    """Return what the families say of a date from what was on file then."""
    return cache(lambda day: every_family.compute(truncated(company(5), day), [day]))


@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_keeps_its_grain_and_computes_what_it_declares(
    found_in: Callable[[int], Found], one: family.Family, grain: Grain
) -> None:
    found = found_in(1)[one.name, grain]
    assert found.index.is_unique
    assert list(found.columns) == [one.column(feature) for feature in one.declared(grain)]
    assert found.notna().any().mean() >= 0.9  # a company with every table has nearly every value


@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_answers_only_for_who_is_asked(
    found_in: Callable[[int], Found], asked: pd.DataFrame, one: family.Family, grain: Grain
) -> None:
    found = found_in(2)[one.name, grain].index
    keys = asked[list(KEYS[grain])].drop_duplicates()
    assert found.isin(pd.MultiIndex.from_frame(keys)).all()


@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_compiled_again_computes_the_same(
    engine: Engine,
    third_company: View,
    found_in: Callable[[int], Found],
    one: family.Family,
    grain: Grain,
) -> None:
    again = values(engine, one, grain, third_company)
    pd.testing.assert_frame_equal(
        found_in(3)[one.name, grain], again, check_exact=True, check_dtype=False
    )


@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_of_a_company_without_history_has_no_counts(
    without_history: Found, one: family.Family, grain: Grain
) -> None:
    found = without_history[one.name, grain]
    counts = [one.column(feature) for feature in one.declared(grain) if feature.unit == "count"]
    assert not (found[counts] == 0).any().any()


@pytest.mark.parametrize("as_of_date", DATES)
@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_knows_nothing_of_the_future(
    found_in: Callable[[int], Found],
    found_then: Callable[[date], Found],
    one: family.Family,
    grain: Grain,
    as_of_date: date,
) -> None:
    knowing_all = at(found_in(5), as_of_date)[one.name, grain]
    then = found_then(as_of_date)[one.name, grain]
    pd.testing.assert_frame_equal(knowing_all, then, check_exact=True, check_dtype=False)


def test_every_feature_says_what_it_is_and_what_its_absence_means() -> None:
    for one in family.load(FAMILIES.names()):
        names = [feature.name for feature in one.features]
        assert len(set(names)) == len(names)
        for feature in one.features:
            assert feature.description
            assert feature.absence
            told = [sentences.valued for sentences in feature.reasons.values()]
            assert "{days}" not in "".join([feature.description, *told])
            assert bool(told) == feature.is_told
            assert (feature.window_days is None) == (
                "__" not in feature.name
            ) or feature.window_days


def test_the_six_families_of_the_mission_have_at_least_eight_features_each() -> None:
    counts = {one.name: len(one.features) for one in family.load(FAMILIES.names())}
    assert min(counts.values()) >= 8
    assert len(counts) >= 7


def test_an_unknown_family_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigurationError, match=r"found 'survey'.*Did you mean 'surveys'"):
        family.load(["survey"])


def test_an_attribute_that_the_parameters_declare_is_a_feature(engine: Engine) -> None:
    tables = company(6)
    people = tables["customers"].append_column(
        "loyalty", [[number % 3 for number in range(tables["customers"].num_rows)]]
    )
    one = family.load(["socio_demographics"], {"loyalty": "number"})[0]
    found = values(engine, one, "customer", view(engine, {**tables, "customers": people}, DATES))
    loyalty = found["socio_demographics__loyalty"].xs("c004", level="customer_id")
    assert set(loyalty) == {1}
