"""The contract of the raw tables."""

import pytest

from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.errors import ConfigurationError


def test_an_attribute_of_the_customers_is_a_column_of_its_own() -> None:
    assert raw_tables({"shoe_size": "number"})["customers"].names[-1] == "shoe_size"


def test_an_attribute_that_the_contract_has_already_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"'country'\. Leave it out: map it as country"):
        raw_tables({"country": "text"})
