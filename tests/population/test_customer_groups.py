from datetime import date

import pandas as pd
import pytest

from pipeline.foundation.errors import ConfigurationError
from pipeline.population.customer_groups import columns_of, group_customers

AVAILABLE = ["customer_id", "household_id", "gender", "region", "birth_date", "email", "phone"]


def test_age_is_that_of_the_as_of_date_in_bands() -> None:
    born = ["2000-11-18", "2000-11-17", "1950-01-01", None]
    customers = pd.DataFrame({"customer_id": list("abcd"), "birth_date": born})
    found = group_customers(customers, ["age_band"], date(2025, 11, 17))
    assert found["age_band"].tolist() == ["under 25", "25 to 34", "65 and over", None]


def test_an_attribute_of_many_values_keeps_the_frequent_ones() -> None:
    regions = ["north"] * 5 + ["south"] * 4 + [f"village {number:02d}" for number in range(12)]
    customers = pd.DataFrame({"customer_id": range(21), "region": regions})
    found = group_customers(customers, ["region"], date(2025, 1, 1))["region"]
    assert found.nunique() == 12
    assert (found == "other").sum() == 3
    assert found.iloc[0] == "north"


def test_age_needs_the_birth_date() -> None:
    assert columns_of(["gender", "age_band"], AVAILABLE) == ["birth_date", "gender"]


@pytest.mark.parametrize("name", ["email", "customer_id", "birth_date", "gendre"])
def test_what_would_make_a_group_of_one_or_is_unknown_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"evaluate.groups among one of .*found {name}"):
        columns_of([name], AVAILABLE)
