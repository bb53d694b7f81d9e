"""What `evaluate` reads beside the matrix: the truth, the tier held, and declared groups."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.evaluation.whole_evaluation import RowFacts
from pipeline.features.matrix import Matrix
from pipeline.foundation import paths, stored_tables
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.foundation.errors import BrokenCheckError
from pipeline.population.customer_groups import columns_of, group_customers
from pipeline.statistics.arrays import Floats

TENURE, SPEND = "socio_demographics__tenure", "product_history__spend__365d"
Texts = npt.NDArray[np.object_]


def read_truth(model: ModelName, keys: pd.DataFrame) -> pd.DataFrame | None:
    """Return the propensities that the source knows, or nothing where it knows none.

    Args:
        model: of which.
        keys: as_of_date and customer_id of the rows that are asked about.
    """
    path = paths.TRUE_PROPENSITIES
    if not path.is_file():
        return None
    days = [day.date() for day in keys["as_of_date"].unique()]
    asked = [("model", "=", model), ("as_of_date", "in", days), *_customers(keys)]
    known: pd.DataFrame = stored_tables.read_table(path, filters=asked).to_pandas()
    return known


def _customers(keys: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return the filter on the customers of some rows, which are those from one id to another."""
    ids = keys["customer_id"].cat.categories
    return [("customer_id", ">=", ids[0]), ("customer_id", "<=", ids[-1])]


def read_row_facts(model: ModelName, matrix: Matrix, attributes: pd.DataFrame) -> RowFacts:
    """Return what the eligible test rows are about: category, tier, customer, season.

    Args:
        model: whose rows.
        matrix: test rows, sorted; without the family that knows tenure or spend, no row has it.
        attributes: of customers, as `read_attributes` returns them.
    """
    keys = matrix.keys
    is_eligible = keys["is_eligible"].to_numpy(dtype=bool)
    return RowFacts(
        keys["category"].astype("object").to_numpy()[is_eligible],
        _read_tiers(model, keys)[is_eligible],
        _attributes_of(keys[is_eligible], attributes),
        _months(keys["as_of_date"])[is_eligible],
        _numbers(matrix.features, TENURE)[is_eligible],
        _numbers(matrix.features, SPEND)[is_eligible],
    )


def _months(days: pd.Series) -> Texts:
    codes, different = pd.factorize(days)
    return pd.DatetimeIndex(different).strftime("%Y-%m").to_numpy(dtype="object")[codes]


def _numbers(features: pd.DataFrame, name: str) -> Floats:
    absent = np.full(len(features), np.nan)
    return features[name].to_numpy(dtype=np.float64) if name in features else absent


def _read_tiers(model: ModelName, keys: pd.DataFrame) -> Texts:
    """Return the tier that each row's customer holds of its category; None where it is none."""
    held: pd.DataFrame = stored_tables.read_table(
        paths.table(paths.POPULATION, model),
        columns=[*CANDIDATE_KEYS, "held_tier"],
        filters=[("split", "=", "test"), *_customers(keys)],
    ).to_pandas()
    held = held[held["customer_id"].isin(keys["customer_id"].cat.categories)]
    held = held.sort_values(list(CANDIDATE_KEYS), kind="stable")  # as the matrix is
    _check_same_customers(held, keys)
    tiers = held["held_tier"].astype("Int64").astype("object")
    return tiers.where(tiers.notna(), None).to_numpy()


def _check_same_customers(held: pd.DataFrame, keys: pd.DataFrame) -> None:
    if not np.array_equal(
        held["customer_id"].to_numpy(), keys["customer_id"].astype("object").to_numpy()
    ):
        raise BrokenCheckError(
            "the test rows of the matrix in the order of the population",
            "another order",
            "Look at pipeline/features/matrix.py.",
        )


def read_attributes(names: Sequence[str], as_of_date: date) -> pd.DataFrame:
    """Return each declared group's text by customer; the age is that on the as-of date."""
    path = paths.table(paths.VALIDATED, "customers")
    columns = columns_of(names, stored_tables.read_schema(path).names)
    customers = stored_tables.read_table(path, columns=["customer_id", *columns]).to_pandas()
    return group_customers(customers, names, as_of_date).set_index("customer_id")


def _attributes_of(keys: pd.DataFrame, attributes: pd.DataFrame) -> dict[str, Texts]:
    of_rows = attributes.reindex(keys["customer_id"].astype("object"))
    return {str(name): of_rows[name].to_numpy(dtype="object") for name in attributes.columns}
