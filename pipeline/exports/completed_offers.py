"""The offers in the words of the hand-over: product names, reasons, and nothing to send by mistake."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.offer_columns import OFFERED, SENDING, TO_SEND
from pipeline.exports.reasons import Sentence, worded
from pipeline.foundation.contracts.arms import CONTROLS, TREATED
from pipeline.foundation.contracts.keys import OFFER_KEYS

_UNKNOWN = "not_yet_a_customer"
SEGMENT = (
    "lifecycle_stage",
    "rfm_segment",
    "value_12m_cents",
    "next_purchase_on",
    "return_rate",
)
"""Of `data/segments/customers.parquet`, what a CRM team is told of a customer."""
# Of the offers, what the wide table of customers takes over under its own name.
_DECISION = ("arm", "suppression_reason", *SENDING)


def complete_offers(
    offers: pa.Table, products: pa.Table, reasons: pa.Table, count: int, sentence: Sentence
) -> pa.Table:
    """Return the offers with `product_name`, `reason_{position}` and `is_sendable`.

    What it takes to send an offer is emptied for whoever is not to be contacted.

    Args:
        offers: `data/offers/next_best_offers.parquet`.
        products: product_id, name.
        reasons: `data/offers/reasons.parquet`.
        count: how many reasons.
        sentence: puts a feature, its value and the candidate into words.
    """
    offers = empty_unsent(offers)
    offers = offers.append_column("is_sendable", _is_sendable(offers))
    names = look_up(offers["product_id"], products["product_id"], products["name"])
    offers = offers.append_column("product_name", names)
    return _add_reasons(offers, reasons, count, sentence)


def empty_unsent(offers: pa.Table) -> pa.Table:
    """Return the offers without what it takes to send them to whoever is not to be contacted."""
    is_sendable = _is_sendable(offers)
    for name in (name for name in TO_SEND if name in offers.column_names):
        place = offers.column_names.index(name)
        none = pa.scalar(None, offers[name].type)
        offers = offers.set_column(place, name, pc.if_else(is_sendable, offers[name], none))
    return offers


def _is_sendable(offers: pa.Table) -> pa.ChunkedArray:
    return pc.fill_null(pc.equal(offers["arm"], TREATED), fill_value=False)


def add_decision(customers: pa.Table, offers: pa.Table, reasons: int) -> pa.Table:
    """Return the wide table of customers with the decision on each of them.

    Args:
        customers: one row a customer.
        offers: what `complete_offers` returned.
        reasons: how many.
    """
    reason_names = [f"reason_{position}" for position in range(1, reasons + 1)]
    renamed = {name: f"offer_{name}" for name in (*OFFERED, *reason_names)}
    ids = customers["customer_id"]
    for name in (*_DECISION, *renamed):
        values = look_up(ids, offers["customer_id"], offers[name])
        if name == "suppression_reason":
            is_known = pc.is_in(ids, value_set=offers["customer_id"].combine_chunks())
            values = pc.if_else(is_known, values, pa.scalar(_UNKNOWN))
        customers = customers.append_column(renamed.get(name, name), values)
    is_sendable = look_up(ids, offers["customer_id"], offers["is_sendable"])
    return customers.append_column("is_sendable", pc.fill_null(is_sendable, fill_value=False))


def add_segment(rows: pa.Table, segments: pa.Table) -> pa.Table:
    """Return rows of customers with `SEGMENT`, empty for whom the company did not know."""
    for name in SEGMENT:
        values = look_up(rows["customer_id"], segments["customer_id"], segments[name])
        rows = rows.append_column(name, values)
    return rows


def add_standing(rows: pa.Table, offers: pa.Table) -> pa.Table:
    """Return rows of customers with `is_sendable` and `is_control`, as the offers have them."""
    in_an_arm = pc.is_in(offers["arm"], value_set=pa.array(CONTROLS))
    is_control = pc.or_(in_an_arm, offers["is_universal_control"])
    for name, values in {"is_sendable": offers["is_sendable"], "is_control": is_control}.items():
        found = look_up(rows["customer_id"], offers["customer_id"], values)
        rows = rows.append_column(name, pc.fill_null(found, fill_value=False))
    return rows


def look_up(
    wanted: pa.ChunkedArray, keys: pa.ChunkedArray, values: pa.ChunkedArray
) -> pa.ChunkedArray:
    """Return for each wanted key its value, null where it has none."""
    return values.take(pc.index_in(wanted, value_set=keys.combine_chunks()))


def _add_reasons(offers: pa.Table, reasons: pa.Table, count: int, sentence: Sentence) -> pa.Table:
    """Append `reason_{position}`, the reasons for what is offered and for nothing else."""
    names: Sequence[str] = OFFER_KEYS
    given = worded(reasons, sentence)
    for position in range(1, count + 1):
        of_position = given.filter(pc.equal(given["position"], position))
        keys, wanted = _joined(of_position, names), _joined(offers, names)
        texts = look_up(wanted, keys, of_position["sentence"])
        offers = offers.append_column(f"reason_{position}", texts)
    return offers


def _joined(table: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*(table[name] for name in names), "\n")
