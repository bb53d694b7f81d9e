"""Time zones may go by what customers have in common, and not by who they are."""

import pytest

from pipeline.foundation.contracts.home_attribute import check_home_attribute
from pipeline.foundation.errors import ConfigurationError


@pytest.mark.parametrize("name", [None, "region", "country", "store_city"])
def test_a_text_attribute_will_do(name: str | None) -> None:
    check_home_attribute(name, {"store_city": "text"})


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("regoin", "Did you mean 'region'"),
        ("phone", "one of country, customer_type"),
        ("household_id", "one of country, customer_type"),
        ("score", "declare the attribute in source.customer_attributes"),
    ],
)
def test_an_attribute_that_says_no_place_is_refused(name: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        check_home_attribute(name, {"score": "number"})
