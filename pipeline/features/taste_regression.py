"""Principal component regression of who lately acquired what on all that was ever acquired.

A customer's past is ln(1 + days with an acquisition) in each category. Its leading factors
(`latent_factors`) are regressed on having acquired the candidate in the last days, by least
squares over all known customers: the fit says how usual a recent acquisition is among customers of
a like past, whatever the customer's own was (Massy 1965). Unlike what is held, the past counts long
after it was used up, and by how often.

Factors and regression need no customers in memory: the sums of products of two categories' pasts,
and of a category's past and another's recent acquisitions, tell both.
"""

from datetime import date

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.features.held_associations import MICRO
from pipeline.features.latent_factors import FACTORS, MOST_FACTORS, leading_factors
from pipeline.features.window_expressions import MILLI
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.population.joins import left_join

RECENT_DAYS = (30, 90)
COEFFICIENTS = {
    days: tuple(f"coefficient_{days}_{factor}" for factor in FACTORS) for days in RECENT_DAYS
}
_NAMES = [*FACTORS, *(name for names in COEFFICIENTS.values() for name in names)]
_SCHEMA = pa.schema(
    {"as_of_date": pa.date32(), "category": pa.string()} | dict.fromkeys(_NAMES, pa.int64())
)


def pasts(bought: ir.Table) -> ir.Table:
    """Return as_of_date × customer_id × category with the `past` in thousandths, and what is recent.

    Args:
        bought: as `purchases`.
    """
    rows = bought.filter(bought.n_category_days > 0)
    past = (1 + rows.n_category_days).cast("float64").ln()
    return rows.select(
        *CANDIDATE_KEYS,
        # Whole, because sums of them do not depend on the order they are added in.
        past=(MILLI * past + 0.5).floor().cast("int64"),
        **{
            f"recent_{days}": (rows[f"n_acquired_{days}"] > 0).cast("int64") for days in RECENT_DAYS
        },
    )


def past_products(past: ir.Table, known_customers: ir.Table) -> ir.Table:
    """Return as_of_date × category × antecedent with sums of products over customers.

    `past` is of both pasts; `recent_<days>` of the antecedent's past and the category's recent
    acquisition. Beside them, the `known_customers` of the date.

    Args:
        past: what `pasts` returns.
        known_customers: as_of_date with the number of customers known.
    """
    other = past.select(*CUSTOMER_KEYS, antecedent="category", antecedent_past="past")
    both = past.join(other, CUSTOMER_KEYS)
    names = ["past", *(f"recent_{days}" for days in RECENT_DAYS)]
    sums = both.group_by(*CATEGORY_KEYS, "antecedent").aggregate(
        **{name: (both[name] * both.antecedent_past).sum().cast("int64") for name in names}
    )
    return left_join(sums, known_customers, ["as_of_date"])


def regress(products: pa.Table) -> pa.Table:
    """Return as_of_date × category with its factors and their coefficients, in whole millionths.

    On a factor that does not count all are 0.

    Args:
        products: what `past_products` returns.
    """
    days = products.to_pandas().groupby("as_of_date", sort=True)
    tables = [_of_one_day(day, rows) for day, rows in days]
    return pa.concat_tables([_SCHEMA.empty_table(), *tables])


def _of_one_day(day: date, rows: pd.DataFrame) -> pa.Table:
    gram = _matrix(rows, "past") / MILLI**2
    factors = leading_factors(gram, int(rows["known_customers"].iloc[0]))
    squares = np.einsum("cf,cd,df->f", factors, gram, factors)
    found = [factors]
    for days in RECENT_DAYS:
        # Rows of the products are the category, whose recent acquisition is what is explained.
        moments = _matrix(rows, f"recent_{days}") / MILLI
        found.append(moments @ factors / squares)
    categories = sorted(rows["category"].unique())
    columns = [pa.array([day] * len(categories)), pa.array(categories)]
    columns += [pa.array(column) for part in found for column in _whole(part).T]
    return pa.table(dict(zip(_SCHEMA.names, columns, strict=True)), schema=_SCHEMA)


def _matrix(rows: pd.DataFrame, values: str) -> npt.NDArray[np.float64]:
    table = rows.pivot_table(values, "category", "antecedent", fill_value=0, sort=True)
    return table.to_numpy(np.float64)


def _whole(part: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    whole = np.zeros((len(part), MOST_FACTORS), dtype=np.int64)
    whole[:, : part.shape[1]] = np.rint(part * MICRO)
    return whole


def with_taste_scores(asked: ir.Table, past: ir.Table, regression: ir.Table) -> ir.Table:
    """Add `taste_acquirers__<days>d` to as_of_date × customer_id × category.

    Args:
        asked: the customers and categories, with what is known of them already.
        past: what `pasts` returns.
        regression: what `regress` returns.
    """
    seen = past.join(regression.select(*CATEGORY_KEYS, *FACTORS), CATEGORY_KEYS)
    tastes = seen.group_by(*CUSTOMER_KEYS).aggregate(
        **{f"own_{name}": (seen.past * seen[name]).sum().cast("int64") for name in FACTORS}
    )
    rows = left_join(asked, tastes, CUSTOMER_KEYS)
    rows = left_join(rows, regression.drop(*FACTORS), CATEGORY_KEYS)
    return rows.select(
        *asked.columns,
        **{f"taste_acquirers__{days}d": _fitted(rows, days) for days in RECENT_DAYS},
    )


def _fitted(rows: ir.Table, days: int) -> ir.NumericValue:
    """Return the sum over factors, always added in the same order."""
    terms = [
        rows[f"own_{factor}"].cast("float64") * rows[name].cast("float64")
        for factor, name in zip(FACTORS, COEFFICIENTS[days], strict=True)
    ]
    return sum(terms[1:], terms[0]) / float(MILLI * MICRO**2)
