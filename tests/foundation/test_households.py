import pandas as pd

from pipeline.foundation.contracts.households import randomisation_units


def test_who_shares_a_household_is_one_unit_and_who_has_none_stands_alone() -> None:
    customers = pd.DataFrame(
        {"customer_id": ["c1", "c2", "c3"], "household_id": ["h1", "h1", None]}
    )

    units = randomisation_units(customers)

    assert units.tolist() == ["household h1", "household h1", "customer c3"]


def test_a_household_never_meets_a_customer_of_the_same_id() -> None:
    customers = pd.DataFrame({"customer_id": ["x", "y"], "household_id": [None, "x"]})

    assert randomisation_units(customers).is_unique
