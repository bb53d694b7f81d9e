"""The table a model sees: population rows with every family's columns beside them.

Training, evaluation and scoring read it through the same function.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.engines import Engine
from pipeline.errors import DataError
from pipeline.population.joins import left_join
from pipeline.population.questions import KEYS

CUSTOMER_KEYS = ("as_of_date", "customer_id")
SMALL_TABLE = 20_000
"""So many negatives are always kept."""
_NOT_FEATURES = (*KEYS, "split", "is_eligible", "label", "weight")


@dataclass(frozen=True)
class Matrix:
    """Rows of one model, sorted by their keys."""

    keys: pd.DataFrame
    """as_of_date, customer_id, category, split, is_eligible."""
    features: pd.DataFrame
    """float32 numbers, NaN where missing, and texts as `category`; the candidate is `category`."""
    labels: "np.ndarray[tuple[int], np.dtype[np.int8]] | None"
    """0 or 1; None where nothing has happened yet."""
    weights: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    """1, or more for a negative that stands for others that were not sampled."""
    groups: "np.ndarray[tuple[int], np.dtype[np.int32]]"
    """Whose row it is, as a code: rows of one customer belong together."""


def load_matrix(
    engine: Engine,
    population: ir.Table,
    families: Mapping[str, ir.Table],
    *,
    splits: Collection[str],
    eligible_only: bool = True,
    max_rows: int | None = None,
    negatives_per_positive: int | None = None,
    seed: int = 0,
) -> Matrix:
    """Join the population with its features and bring it into memory.

    Args:
        engine: computes the join.
        population: one model's population.
        families: feature tables at customer or candidate grain.
        splits: which snapshots.
        eligible_only: leave the ineligible rows out.
        max_rows: above this, negatives are sampled by a hash of their keys, and weighted so that
            their total weight stays what it was.
        negatives_per_positive: the same, above so many negatives for each positive.
        seed: another seed samples other negatives.

    Raises:
        DataError: no row is left.
    """
    rows = population.filter(population.split.isin(sorted(splits)))
    if eligible_only:
        rows = rows.filter(rows.is_eligible)
    rows = _sampled(engine, rows, max_rows, negatives_per_positive, seed)
    for _, family in sorted(families.items()):
        keys = KEYS if "category" in family.columns else CUSTOMER_KEYS
        rows = left_join(rows, _narrow(family), keys)
    wide = rows.drop("held_tier").mutate(as_of_date=rows.as_of_date.cast("timestamp"))
    # Sorted here: the engine would hold the wide rows a second time for it.
    table = engine.arrow(wide).sort_by([(key, "ascending") for key in KEYS])
    if table.num_rows == 0:
        raise DataError(
            f"rows of the splits {', '.join(sorted(splits))}",
            "none",
            "Look at reports/population.json.",
        )
    return _matrix(table)


def _sampled(
    engine: Engine,
    rows: ir.Table,
    max_rows: int | None,
    negatives_per_positive: int | None,
    seed: int,
) -> ir.Table:
    everything = rows.mutate(weight=ibis.literal(1.0, "float64"))
    if max_rows is None and negatives_per_positive is None:
        return everything
    counts = rows.aggregate(rows=rows.count(), positives=rows.label.sum().cast("int64"))
    count = engine.arrow(counts).to_pylist()[0]
    positives = count["positives"] or 0
    negatives = count["rows"] - positives
    wanted = negatives if max_rows is None else max(max_rows - positives, positives)
    if negatives_per_positive is not None:
        wanted = min(wanted, max(negatives_per_positive * positives, SMALL_TABLE))
    share = wanted / max(negatives, 1)
    if share >= 1:
        return everything
    key = ibis.literal(f"{seed}|") + rows.as_of_date.cast("string")
    key = key + "|" + rows.customer_id + "|" + rows.category
    # Digests are spread evenly over the hexadecimal numbers, which sort as text.
    is_drawn = key.hexdigest("md5") < f"{int(share * 16**8):08x}"
    drawn = rows.filter((rows.label == 1) | is_drawn)
    kept = drawn.aggregate(negatives=(drawn.label == 0).sum().cast("int64"))
    stands_for = negatives / engine.arrow(kept)["negatives"][0].as_py()
    return drawn.mutate(weight=ibis.ifelse(drawn.label == 1, 1.0, stands_for).cast("float64"))


def _narrow(rows: ir.Table) -> ir.Table:
    """Halve the memory: a feature needs no more than seven digits."""
    numbers = [
        name
        for name in rows.columns
        if name not in _NOT_FEATURES and rows[name].type().is_numeric()
    ]
    return rows.mutate(**{name: rows[name].cast("float32") for name in numbers})


def _matrix(table: pa.Table) -> Matrix:
    labels = table["label"]
    known = None if labels.null_count else labels.to_numpy().astype(np.int8)
    weights = table["weight"].to_numpy()
    frame = _to_pandas(table.drop_columns(["label", "weight"]))
    keys = frame[[*KEYS, "split", "is_eligible"]]
    features = frame.drop(columns=["as_of_date", "customer_id", "split", "is_eligible"])
    groups = keys["customer_id"].cat.codes.to_numpy().astype(np.int32)
    return Matrix(keys, features, known, weights, groups)


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    """Bring texts over as categories whose values are sorted."""
    texts = [field.name for field in table.schema if pa.types.is_string(field.type)]
    frame: pd.DataFrame = table.to_pandas(categories=texts, split_blocks=True, self_destruct=True)
    return frame.assign(
        **{
            name: frame[name].cat.reorder_categories(sorted(frame[name].cat.categories))
            for name in texts
        }
    )
