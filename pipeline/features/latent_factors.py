"""Factors of who holds what: what goes together, told apart from what meets by chance.

Of known customers × categories, 1 where held, the factors are the right singular vectors with the
largest singular values. What a customer holds, seen through them alone, is high at a candidate that
goes with all of it (PureSVD: Cremonesi, Koren and Turrin 2010). A factor counts if its singular
value is above what noise reaches, ω(β) times the median one, with β the matrix's shorter side over
its longer one and ω(β) ≈ 0.56 β³ − 0.95 β² + 1.82 β + 1.43 (Gavish and Donoho 2014).

No engine factorises. But how many customers hold two categories is a small table, however many the
customers, and its eigenvectors are the factors: they are found in memory.
"""

from datetime import date

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.features.held_associations import MICRO
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.population.joins import left_join

MOST_FACTORS = 16
FACTORS = tuple(f"factor_{place:02d}" for place in range(MOST_FACTORS))
_SCHEMA = pa.schema(
    {"as_of_date": pa.date32(), "category": pa.string()} | dict.fromkeys(FACTORS, pa.int64())
)


def factorise(pairs: pa.Table) -> pa.Table:
    """Return as_of_date × category held with its place on each factor, in whole millionths.

    Whole, because sums of them do not depend on the order they are added in. On a factor that does
    not count every place is 0.

    Args:
        pairs: as_of_date × category × antecedent with `both`, the customers who hold the two, and
            the `known_customers` of the date. A category beside itself has its holders.
    """
    days = pairs.to_pandas().groupby("as_of_date", sort=True)
    tables = [_of_one_day(day, rows) for day, rows in days]
    return pa.concat_tables([_SCHEMA.empty_table(), *tables])


def _of_one_day(day: date, pairs: pd.DataFrame) -> pa.Table:
    counts = pairs.pivot_table("both", "category", "antecedent", fill_value=0, sort=True)
    places = leading_factors(counts.to_numpy(np.float64), int(pairs["known_customers"].iloc[0]))
    whole = np.zeros((len(counts), MOST_FACTORS), dtype=np.int64)
    whole[:, : places.shape[1]] = np.rint(places * MICRO)
    columns = [pa.array([day] * len(counts)), pa.array(counts.index), *whole.T]
    return pa.table(dict(zip(_SCHEMA.names, columns, strict=True)), schema=_SCHEMA)


def leading_factors(counts: npt.NDArray[np.float64], customers: int) -> npt.NDArray[np.float64]:
    """Return category × factor that counts, the strongest first.

    Args:
        counts: category × category: XᵀX of customers × categories.
        customers: the rows of X.
    """
    squares, vectors = np.linalg.eigh(counts)
    strengths = np.sqrt(np.maximum(squares[::-1], 0.0))
    shorter, longer = sorted((len(counts), customers))
    shape = shorter / longer
    noise = 0.56 * shape**3 - 0.95 * shape**2 + 1.82 * shape + 1.43
    count = int((strengths > noise * np.median(strengths[:shorter])).sum())
    return vectors[:, ::-1][:, : min(count, MOST_FACTORS)]


def with_factor_scores(asked: ir.Table, owned: ir.Table, places: ir.Table) -> ir.Table:
    """Add `factor_score` to as_of_date × customer_id × category.

    Args:
        asked: the customers and categories, with what is known of them already.
        owned: as_of_date × customer_id × category with held_days, empty where nothing is held.
        places: what `factorise` returns.
    """
    held = owned.drop_null("held_days").select(*CANDIDATE_KEYS)
    seen = held.join(places, CATEGORY_KEYS)
    tastes = seen.group_by(*CUSTOMER_KEYS).aggregate(
        **{f"own_{name}": seen[name].sum().cast("int64") for name in FACTORS}
    )
    rows = left_join(left_join(asked, tastes, CUSTOMER_KEYS), places, CATEGORY_KEYS)
    products = [rows[f"own_{name}"] * rows[name] for name in FACTORS]
    score = sum(products[1:], products[0]).cast("float64") / float(MICRO**2)
    return rows.select(*asked.columns, factor_score=score)
