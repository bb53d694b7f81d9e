"""The table a model sees: population rows with every family's columns beside them.

Training, evaluation and scoring read it through the same function. The engine finds the rows;
their columns are put in place outside it, where hundreds of them cost no query plan.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import take

from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import DataError

SMALL_TABLE = 20_000
"""So many negatives are always kept."""
Places = npt.NDArray[np.intp]
"""For each row of the population, where a family's table holds it; -1 where it does not."""


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

    def take(self, wanted: npt.NDArray[np.bool_]) -> "Matrix":
        """Return some of the rows; a category that none of them has is gone."""
        keys = self.keys[wanted].reset_index(drop=True)
        category = keys["category"].cat.remove_unused_categories()
        features = self.features[wanted].reset_index(drop=True)
        return Matrix(
            keys.assign(category=category),
            features.assign(category=category),
            None if self.labels is None else self.labels[wanted],
            self.weights[wanted],
            self.groups[wanted],
        )


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
    """Bring the population and its features into memory.

    Args:
        engine: finds the rows.
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
    sampled = _sampled(engine, rows, max_rows, negatives_per_positive, seed)
    asked = engine.arrow(sampled.select(*CANDIDATE_KEYS, "split", "is_eligible", "label", "weight"))
    if asked.num_rows == 0:
        raise DataError(
            f"rows of the splits {', '.join(sorted(splits))}",
            "none",
            "Look at reports/population.json.",
        )
    asked = asked.sort_by([(key, "ascending") for key in CANDIDATE_KEYS])
    return arrange(asked, _features(engine, asked, families))


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


def _features(
    engine: Engine, asked: pa.Table, families: Mapping[str, ir.Table]
) -> dict[str, npt.NDArray[np.float32] | pd.Categorical]:
    """Return each feature in the order of the asked rows; only their rows are read."""
    wanted = {
        keys: engine.table(asked.select(keys).group_by(keys).aggregate([]))
        for keys in (CANDIDATE_KEYS, CUSTOMER_KEYS)
    }
    columns: dict[str, npt.NDArray[np.float32] | pd.Categorical] = {}
    for _, family in sorted(families.items()):
        keys = grain_keys(family)
        found = engine.arrow(family.semi_join(wanted[keys], keys))
        places = _places(asked, found, keys)
        for name in found.column_names:
            if name not in keys:
                columns[name] = to_feature(found[name], places)
    return columns


def grain_keys(family: ir.Table) -> tuple[str, str] | tuple[str, str, str]:
    """Return the keys of a family's table: it is of customers, or of candidates."""
    return CANDIDATE_KEYS if "category" in family.columns else CUSTOMER_KEYS


def _places(asked: pa.Table, found: pa.Table, keys: Sequence[str]) -> Places:
    """Look each asked row up among the found ones, which are there once."""
    values = [pc.unique(asked[key]) for key in keys]
    codes = pd.Index(_codes(found, keys, values))
    return codes.get_indexer(pd.Index(_codes(asked, keys, values)))


def _codes(
    table: pa.Table, keys: Sequence[str], values: Sequence[pa.Array]
) -> npt.NDArray[np.int64]:
    """Return one number for each combination of the keys' values."""
    codes = np.zeros(table.num_rows, dtype=np.int64)
    for key, known in zip(keys, values, strict=True):
        codes = codes * len(known) + pc.index_in(table[key], value_set=known).to_numpy()
    return codes


def to_feature(column: pa.ChunkedArray, places: Places) -> npt.NDArray[np.float32] | pd.Categorical:
    """Return a number as float32, for a feature needs no more than seven digits."""
    if pa.types.is_string(column.type):
        texts = pd.Categorical(column.to_pandas())
        return texts.take(places, allow_fill=True).remove_unused_categories()
    numbers = pc.cast(column, pa.float32(), safe=False).to_numpy()
    return np.asarray(take(numbers, places, allow_fill=True), dtype=np.float32)


def arrange(
    asked: pa.Table, features: Mapping[str, npt.NDArray[np.float32] | pd.Categorical]
) -> Matrix:
    """Return asked rows, which are sorted by their keys, and their features as a matrix."""
    labels = asked["label"]
    known = None if labels.null_count else labels.to_numpy().astype(np.int8)
    texts = [*CUSTOMER_CATEGORY_KEYS, "split"]
    keys = asked.select([*CANDIDATE_KEYS, "split", "is_eligible"]).to_pandas(categories=texts)
    keys = keys.assign(
        as_of_date=keys["as_of_date"].astype("datetime64[us]"),
        **{name: _sorted_categories(keys[name]) for name in texts},
    )
    groups = keys["customer_id"].cat.codes.to_numpy().astype(np.int32)
    frame = pd.DataFrame({"category": keys["category"], **features}, copy=False)
    return Matrix(keys, frame, known, asked["weight"].to_numpy(), groups)


def _sorted_categories(values: pd.Series) -> pd.Series:
    return values.cat.reorder_categories(sorted(values.cat.categories))
