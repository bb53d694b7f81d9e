"""The groups of customers by which a model is asked to be fair: attributes, and age in bands.

The customer file has no history, so an attribute has the value it was ingested with; age is that
of the as-of date.
"""

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.names_in_parameters import AGE_BAND, BIRTH_DATE, group_names
from pipeline.foundation.errors import ConfigurationError, did_you_mean, known

_BANDS = ((25, "under 25"), (35, "25 to 34"), (50, "35 to 49"), (65, "50 to 64"))
_OLDEST = "65 and over"
MOST_VALUES = 12
OTHER = "other"


def columns_of(names: Sequence[str], available: Collection[str]) -> list[str]:
    """Return the customer columns that the groups need.

    Raises:
        ConfigurationError: a group is no attribute of a customer.
    """
    choices = group_names(available)
    unknown = [name for name in names if name not in choices]
    if unknown:
        raise ConfigurationError(
            f"evaluate.groups among {known(choices)}",
            unknown[0],
            f"{did_you_mean(unknown[0], choices)}Correct evaluate.groups in params.yaml.",
        )
    return sorted({BIRTH_DATE if name == AGE_BAND else name for name in names})


def group_customers(
    customers: pd.DataFrame, names: Sequence[str], as_of_date: date
) -> pd.DataFrame:
    """Return customer_id and a text for each group; None where it is not known.

    Of an attribute with many values the most frequent stay, and the others are one group.
    """
    groups = {
        name: _age_bands(customers[BIRTH_DATE], as_of_date)
        if name == AGE_BAND
        else _few_values(customers[name])
        for name in names
    }
    return pd.DataFrame({"customer_id": customers["customer_id"].astype("object"), **groups})


def _age_bands(born: pd.Series, as_of_date: date) -> pd.Series:
    day = pd.to_datetime(born)
    is_ahead = 100 * as_of_date.month + as_of_date.day < 100 * day.dt.month + day.dt.day
    age = as_of_date.year - day.dt.year - is_ahead.astype("int64")
    bands = np.select([age < below for below, _ in _BANDS], [name for _, name in _BANDS], _OLDEST)
    return pd.Series(bands, index=born.index, dtype="object").where(age.notna(), None)


def _few_values(values: pd.Series) -> pd.Series:
    texts = values.astype("object").where(values.notna(), None)
    texts = texts.map(str, na_action="ignore")
    counts = texts.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if len(counts) <= MOST_VALUES:
        return texts
    kept = set(counts.index[: MOST_VALUES - 1])
    return texts.where(texts.isin(kept) | texts.isna(), OTHER)
