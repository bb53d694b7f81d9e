"""From scores to one row per customer: for each model the category with the highest propensity.

Equal propensities go to the category that comes first in the alphabet.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.notes import NOT_YET, NOTES
from pipeline.foundation.config import Language
from pipeline.foundation.errors import DataError

# Of the customer's best category: what the wide table repeats for each model.
_CARRIED = (
    *("category", "propensity", "propensity_low", "propensity_high"),
    *("top_percent", "decile", "base_rate", "lift"),
)


def add_lift(scores: pa.Table) -> pa.Table:
    """Append `lift`, propensity over base rate; empty where the base rate is zero or unknown."""
    rate = scores["base_rate"]
    known_rate = pc.if_else(pc.equal(rate, 0.0), pa.scalar(None, pa.float64()), rate)
    return scores.append_column("lift", pc.divide(scores["propensity"], known_rate))


def best_candidates(
    customers: pa.ChunkedArray,
    known: pa.ChunkedArray,
    scores: pa.Table,
    versions: Mapping[str, str],
    as_of_date: date,
    *,
    language: Language = "en",
) -> pa.Table:
    """Return one row per customer, in the order given.

    Args:
        customers: ids of every valid customer, each once.
        known: ids of those the company knew on the as-of date.
        scores: `data/scores/propensities.parquet` with `lift`.
        versions: the version of each model that scored.
        as_of_date: the as-of date.
        language: of the notes.

    Returns:
        as_of_date, customer_id and for each model `{model}_category` and its figures,
        `{model}_note` where there is none, `{model}_model_version`.

    Raises:
        DataError: a score of a customer who is not valid, or of another day.
    """
    check_days(scores, as_of_date, "score")
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "as_of_date": pa.repeat(pa.scalar(as_of_date, pa.date32()), len(customers)),
        "customer_id": customers,
    }
    is_known = pc.is_in(customers, value_set=known)
    notes = NOTES[language]
    needed = scores.select(["customer_id", *_CARRIED])
    for model, version in versions.items():
        of_model = needed.filter(pc.equal(scores["model"], model))
        rows = _best_rows(customers, of_model)
        for name in _CARRIED:
            columns[f"{model}_{name}"] = of_model[name].combine_chunks().take(rows)
        why_none = pc.if_else(is_known, notes[model], notes[NOT_YET])
        columns[f"{model}_note"] = pc.if_else(
            rows.is_valid(), pa.scalar(None, pa.string()), why_none
        )
        columns[f"{model}_model_version"] = pa.repeat(pa.scalar(version), len(customers))
    return pa.table(columns)


def positions(ids: pa.ChunkedArray, customers: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return where each id stands among the customers.

    Raises:
        DataError: an id is not among them.
    """
    found = pc.index_in(ids, value_set=customers)
    if found.null_count:
        stranger = ids.filter(found.is_null())[0].as_py()
        raise DataError(
            "scores of valid customers only",
            f"{found.null_count} of customers that are not valid, such as {stranger!r}",
            "Run the score stage again.",
        )
    return np.asarray(found, dtype=np.int64)


def _best_rows(customers: pa.ChunkedArray, scores: pa.Table) -> pa.Array:
    """Return for each customer the row of the highest propensity, or null."""
    category = scores["category"].combine_chunks().dictionary_encode()
    alphabetical = pc.rank(category.dictionary).take(category.indices)
    best_last = np.lexsort((np.asarray(alphabetical), -np.asarray(scores["propensity"])))[::-1]
    rows = np.full(len(customers), -1)
    # Of several values assigned to one place the last stays: the best.
    rows[positions(scores["customer_id"], customers)[best_last]] = best_last
    return pa.array(rows, mask=rows < 0)


def check_days(rows: pa.Table, as_of_date: date, stage: str) -> None:
    """Refuse rows of another as-of date."""
    days: Sequence[date] = pc.unique(rows["as_of_date"]).to_pylist()
    if any(day != as_of_date for day in days):
        raise DataError(
            f"what the {stage} stage wrote for {as_of_date}",
            ", ".join(str(day) for day in sorted(days)),
            f"Run the {stage} stage again.",
        )
