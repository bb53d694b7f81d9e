"""The source tables that the columns of profiles name, from what other stages wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.best_candidates import add_lift, best_candidates, check_days
from pipeline.exports.completed_offers import (
    add_decision,
    add_segment,
    add_standing,
    complete_offers,
    look_up,
)
from pipeline.exports.profile import SourceTable
from pipeline.exports.reasons import Sentence, add_reasons
from pipeline.foundation.config import Language


@dataclass(frozen=True)
class DeliveryInputs:
    """What other stages wrote of some customers or all: candidates, offers and products."""

    as_of_date: date
    versions: Mapping[str, str]
    """Model → version of what scored."""
    customers: pa.ChunkedArray
    """Ids of valid customers, each once."""
    segments: pa.Table
    """customer_id and `SEGMENT`, of those the company knew at the as-of date."""
    known: pa.ChunkedArray
    """Ids of those the company knew at the as-of date."""
    scores: pa.Table
    """`data/scores/propensities.parquet`."""
    score_reasons: pa.Table
    """`data/scores/reasons.parquet`."""
    offers: pa.Table
    """`data/offers/next_best_offers.parquet`."""
    offer_reasons: pa.Table
    """`data/offers/reasons.parquet`."""
    products: pa.Table
    """product_id, name."""
    recommendations: Mapping[SourceTable, pa.Table]
    """Product lists and associations, those of them that there are."""
    contacts: pa.Table | None
    """customer_id and `DETAILS`, each only with consent; None where no profile asks for them."""


def delivery_tables(
    inputs: DeliveryInputs, sentence: Sentence, reasons: int, language: Language = "en"
) -> dict[SourceTable, pa.Table]:
    """Return the source tables.

    Args:
        inputs: what other stages wrote.
        sentence: puts a feature, its value and the candidate into words.
        reasons: how many reasons are told of each score and offer.
        language: of the notes; the sentence has its own.

    Raises:
        DataError: scores or offers of another as-of date.
    """
    check_days(inputs.offers, inputs.as_of_date, "decide")
    scores = add_lift(inputs.scores)
    best = best_candidates(
        inputs.customers,
        inputs.known,
        scores,
        inputs.versions,
        inputs.as_of_date,
        language=language,
    )
    models = tuple(inputs.versions)
    customers = add_reasons(best, inputs.score_reasons, models, reasons, sentence)
    offers = complete_offers(
        inputs.offers, inputs.products, inputs.offer_reasons, reasons, sentence
    )
    offers = add_segment(offers, inputs.segments)
    return {
        "customers": add_segment(add_decision(customers, offers, reasons), inputs.segments),
        "propensities": scores,
        "offers": offers if inputs.contacts is None else _add_contacts(offers, inputs.contacts),
        **{
            name: add_standing(rows, offers) if "customer_id" in rows.schema.names else rows
            for name, rows in inputs.recommendations.items()
        },
    }


def wave_of(offers: pa.Table) -> str:
    """Return the wave that the offers belong to."""
    return str(pc.max(pc.unique(offers["wave"]).cast(pa.string())).as_py())


def _add_contacts(offers: pa.Table, contacts: pa.Table) -> pa.Table:
    for name in contacts.column_names[1:]:
        values = look_up(offers["customer_id"], contacts["customer_id"], contacts[name])
        offers = offers.append_column(name, values)
    return offers
