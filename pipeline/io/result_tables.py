"""What goes back into the company's own database: four tables a wave, with types and keys.

Grain and columns are those of the delivery packages, in the same words; nothing that it takes to
send an offer stands beside somebody who is not to be contacted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.delivery_tables import wave_of
from pipeline.exports.profile import SourceTable
from pipeline.foundation.contracts.keys import CUSTOMER_POSITION_KEYS, SCORE_KEYS


@dataclass(frozen=True)
class ResultTable:
    """One table of results of one wave."""

    name: str
    keys: tuple[str, ...]
    """Beside the wave."""
    rows: pa.Table


_DAY = ("as_of_date", "wave", "customer_id")
_OFFER = ("model", "category", "product_id")
_SCORE = (
    *_DAY,
    *("model", "category", "score", "propensity", "propensity_low", "propensity_high"),
    *("rank", "top_percent", "decile", "base_rate", "lift", "model_version"),
)
_EFFECT = ("effect", "effect_low", "effect_high", "effect_origin")
_OFFERED = (
    *_DAY,
    *("campaign", "channel", "weekday", "hour", "device", "offer_code", "valid_from"),
    *("valid_until", *_OFFER, "product_name", "propensity", *_EFFECT, "value_cents"),
    *("contact_cost_cents", "priority_cents"),
)
_DECISION = (
    *_DAY,
    *("household_id", "arm", "is_universal_control", "suppression_reason", *_OFFER),
    *("propensity", *_EFFECT, "value_cents", "contact_cost_cents", "priority_cents", "channel"),
    *("is_explored", "action_probability"),
)
_LISTED = (*_DAY, "position", "product_id", "category", "list", "is_sendable")


def result_tables(tables: Mapping[SourceTable, pa.Table], reasons: int) -> list[ResultTable]:
    """Return the tables of one wave.

    Args:
        tables: what the delivery packages are made from.
        reasons: how many reasons an offer has.
    """
    wave, offers = wave_of(tables["offers"]), tables["offers"]
    to_send = offers.filter(offers["is_sendable"])
    in_words = tuple(f"reason_{position}" for position in range(1, reasons + 1))
    of_each = {
        "scores": (tables["propensities"], _SCORE, SCORE_KEYS),
        "offers": (to_send, (*_OFFERED, *in_words), ("customer_id",)),
        "decisions": (offers, _DECISION, ("customer_id",)),
    }
    if "product_lists" in tables:
        lists = tables["product_lists"]
        of_each["product_lists"] = (lists, _LISTED, CUSTOMER_POSITION_KEYS)
    return [
        ResultTable(name, keys, _of_wave(rows, wave).select(columns))
        for name, (rows, columns, keys) in of_each.items()
    ]


def _of_wave(rows: pa.Table, wave: str) -> pa.Table:
    """Return rows with their wave, and texts as texts where the memory keeps each once."""
    if "wave" not in rows.column_names:
        rows = rows.append_column("wave", pa.repeat(pa.scalar(wave), len(rows)))
    for place, field in enumerate(rows.schema):
        if pa.types.is_dictionary(field.type):
            rows = rows.set_column(place, field.name, pc.cast(rows[field.name], pa.string()))
    return rows
