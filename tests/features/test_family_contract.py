"""Every family keeps this contract, before its author writes a test."""

from datetime import date

import pandas as pd
import pytest

from pipeline.engines import Engine
from pipeline.errors import ConfigurationError
from pipeline.features import family
from pipeline.features.catalogue import Grain
from tests.company import company
from tests.features.views import assert_blind_to_the_future, values, view

DATES = (date(2024, 6, 1), date(2024, 12, 1))
GRAINS: tuple[Grain, ...] = ("customer", "candidate")
CASES = [
    pytest.param(one, grain, id=f"{one.name}-{grain}")
    for one in family.load(family.names())
    for grain in GRAINS
    if grain in one.expressions
]


@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_keeps_its_grain_and_computes_what_it_declares(
    engine: Engine, one: family.Family, grain: Grain
) -> None:
    found = values(engine, one, grain, view(engine, company(1), DATES))
    assert found.index.is_unique
    assert list(found.columns) == [one.column(feature) for feature in one.declared(grain)]
    assert found.notna().any().mean() > 0.9  # a company with every table has nearly every value


@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_answers_only_for_who_is_asked(
    engine: Engine, one: family.Family, grain: Grain
) -> None:
    looked_at = view(engine, company(2), DATES)
    asked = engine.arrow(looked_at.asked).to_pandas()
    found = values(engine, one, grain, looked_at).index
    keys = asked[list(family.KEYS[grain])].drop_duplicates()
    assert found.isin(pd.MultiIndex.from_frame(keys)).all()


@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_computes_the_same_twice(engine: Engine, one: family.Family, grain: Grain) -> None:
    first = values(engine, one, grain, view(engine, company(3), DATES))
    second = values(engine, one, grain, view(engine, company(3), DATES))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_of_a_company_without_history_has_no_counts(
    engine: Engine, one: family.Family, grain: Grain
) -> None:
    tables = company(4)
    ledgers = {name: table.slice(0, 0) for name, table in tables.items()}
    ledgers |= {name: tables[name] for name in ("customers", "products")}
    found = values(engine, one, grain, view(engine, ledgers, DATES))
    counts = [one.column(feature) for feature in one.declared(grain) if feature.unit == "count"]
    assert not (found[counts] == 0).any().any()


@pytest.mark.parametrize("as_of_date", DATES)
@pytest.mark.parametrize(("one", "grain"), CASES)
def test_a_family_knows_nothing_of_the_future(
    engine: Engine, one: family.Family, grain: Grain, as_of_date: date
) -> None:
    assert_blind_to_the_future(engine, one, grain, company(5), DATES, as_of_date=as_of_date)


def test_every_feature_says_what_it_is_and_what_its_absence_means() -> None:
    for one in family.load(family.names()):
        names = [feature.name for feature in one.features]
        assert len(set(names)) == len(names)
        for feature in one.features:
            assert feature.description
            assert feature.absence
            assert "{days}" not in feature.description + feature.reason
            assert (feature.window_days is None) == (
                "__" not in feature.name
            ) or feature.window_days


def test_the_six_families_of_the_mission_have_at_least_eight_features_each() -> None:
    counts = {one.name: len(one.features) for one in family.load(family.names())}
    assert min(counts.values()) >= 8
    assert len(counts) >= 7


def test_an_unknown_family_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(
        ConfigurationError, match=r"unknown feature family 'survey'.*Did you mean 'surveys'"
    ):
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
