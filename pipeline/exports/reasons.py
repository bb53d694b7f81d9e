"""Reasons in a marketer's words: the strongest contributions, one column a position."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.best_candidates import positions

Sentence = Callable[[str, str | None, str], str]
"""From a feature's name, its value as text and the candidate to one sentence."""


def add_reasons(
    customers: pa.Table, reasons: pa.Table, models: Sequence[str], count: int, sentence: Sentence
) -> pa.Table:
    """Append `{model}_reason_{position}` for each model and position.

    Args:
        customers: what `best_candidates` returned.
        reasons: `data/scores/reasons.parquet`; a reason for another category than the customer's
            best one is left out.
        models: the models.
        count: how many positions.
        sentence: puts a feature, its value and the candidate into words.
    """
    sentences = worded(reasons, sentence)
    for model in models:
        of_model = sentences.filter(pc.equal(sentences["model"], model))
        place = positions(of_model["customer_id"], customers["customer_id"])
        best = customers[f"{model}_category"].take(pa.array(place))
        of_best = pc.fill_null(pc.equal(of_model["category"], best), fill_value=False)
        for position in range(1, count + 1):
            chosen = pc.and_(of_best, pc.equal(of_model["position"], position))
            rows = np.full(len(customers), -1)
            rows[place[np.asarray(chosen)]] = np.flatnonzero(np.asarray(chosen))
            texts = of_model["sentence"].take(pa.array(rows, mask=rows < 0))
            customers = customers.append_column(f"{model}_reason_{position}", texts)
    return customers


def worded(reasons: pa.Table, sentence: Sentence) -> pa.Table:
    """Return the reasons with each one's `sentence`."""
    return reasons.append_column("sentence", _sentences(reasons, sentence))


def _sentences(reasons: pa.Table, sentence: Sentence) -> pa.DictionaryArray:
    """Word and keep each feature, value and candidate once, however many customers share them."""
    reasons_given = reasons.select(["feature", "value", "category"])
    distinct = reasons_given.group_by(reasons_given.column_names, use_threads=False).aggregate([])
    columns = (distinct[name].to_pylist() for name in reasons_given.column_names)
    texts = pa.array(map(sentence, *columns), pa.string())
    which = pc.index_in(_keys(reasons_given), value_set=_keys(distinct))
    return pa.DictionaryArray.from_arrays(which, texts)


def _keys(reasons_given: pa.Table) -> pa.Array:
    """Join feature, value and candidate into one key; a missing value is not an empty one."""
    values = pc.fill_null(pc.binary_join_element_wise("=", reasons_given["value"], ""), "")
    joined = pc.binary_join_element_wise(
        reasons_given["feature"], values, reasons_given["category"], "\n"
    )
    return joined.combine_chunks()
