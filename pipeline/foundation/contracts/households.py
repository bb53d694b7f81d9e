"""The unit of randomisation: the household, or the customer alone who belongs to none.

Who shares a unit is drawn together, stands in one fold and counts as one cluster in a standard
error, since the members of a household see each other's messages.
"""

import pandas as pd


def randomisation_units(customers: pd.DataFrame) -> "pd.Series[str]":
    """Return what each customer is drawn together with, in the order of the rows.

    The prefixes keep a household from meeting a customer of the same id.

    Args:
        customers: customer_id, and household_id, which may be empty.
    """
    alone = "customer " + customers["customer_id"].astype(str)
    together = "household " + customers["household_id"].astype("string")
    return together.fillna(alone).astype(str)
