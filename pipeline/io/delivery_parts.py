"""The source tables of the packages, some customers at a time: a package needs no table whole."""

from collections.abc import Iterator, Mapping
from datetime import date

import pyarrow as pa

from pipeline.exports.best_candidates import add_lift
from pipeline.exports.delivery_tables import delivery_tables
from pipeline.exports.profile import SourceTable
from pipeline.exports.reasons import Sentence
from pipeline.foundation.config import Language
from pipeline.foundation.contracts.hand_overs.package_manifest import ManifestModel
from pipeline.io.delivery_inputs import (
    check_inputs,
    everybody,
    parts_of,
    read_delivery_inputs,
    read_scores,
)

CUSTOMERS = 250_000
"""Whose rows are in memory at once."""
ROWS = 2_000_000
"""Of scores: they lie by model and category, and their file does too."""
_ONCE: tuple[SourceTable, ...] = ("propensities", "product_associations")
Tables = Mapping[SourceTable, pa.Table]


def delivery_parts(
    as_of_date: date,
    models: Mapping[str, ManifestModel],
    sentence: Sentence,
    reasons: int,
    language: Language,
    *,
    with_contacts: bool,
) -> Iterator[Tables]:
    """Yield rows of the source tables; under each other they are what `delivery_tables` returns.

    Args:
        as_of_date: the one that is scored and decided for.
        models: who scores.
        sentence: puts a feature, its value and the candidate into words.
        reasons: how many reasons are told of each score and offer.
        language: of the notes.
        with_contacts: whether a profile asks for e-mail or phone.
    """
    check_inputs()
    for scores in read_scores(ROWS):
        yield {"propensities": add_lift(scores)}
    for number, among in enumerate(parts_of(everybody(), CUSTOMERS)):
        inputs = read_delivery_inputs(among, as_of_date, models, with_contacts=with_contacts)
        tables = delivery_tables(inputs, sentence, reasons, language)
        if number == 0 and "product_associations" in tables:
            yield {"product_associations": tables["product_associations"]}
        yield {name: rows for name, rows in tables.items() if name not in _ONCE}
