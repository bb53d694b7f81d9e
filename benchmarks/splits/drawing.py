"""The offers of any number of customers as the export stage completes them, drawn block by block.

A block is the same whoever draws it, so that what was written can be held against it without keeping
it. Of the customers 43 in 100 are to be contacted, as in the simulated company; ids and phones are
everybody's own, one e-mail in a hundred is a neighbour's, one phone in a hundred is none.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.outputs import NEXT_BEST_OFFERS

BLOCK = 250_000
"""Customers drawn at a time."""
REASONS = 3
_SEED = 1810
_WAVE, _DAY = "w20260301", date(2026, 3, 1)
_MODELS = ("up_sell", "cross_sell")
_CATEGORIES = ("internet", "mobile", "tv", "smartphones", "insurance", "coffee_machines")
_NAMES = (
    "Lumo {} Plus",
    'Alba {} 32"',
    "Norte {}, two years",
    "+5 GB {} extra",
    "Café {} São João",
)
_SENTENCES = (
    "Current products point to {}",
    "Looked at {} 32 days ago",
    "Has never needed service, and buys {} every 15 days",
    "Has {} in 40% of purchases",
    "Last bought {} 12 months ago",
)
_CHANNELS = ("email", "push", "sms", "mail", "phone")
_SUPPRESSED = ("frequency_cap", "household_duplicates", "cool_off_after_purchase", "consent")
_PHONES = ("+34 6{} {} {}", "6{}{}{}", "0034 6{}-{}-{}")
_SCHEMA = pa.schema(NEXT_BEST_OFFERS.columns)


def draw(customers: int) -> pa.Table:
    """Return the completed offers of so many customers, a block a chunk."""
    return pa.concat_tables(blocks(customers))


def blocks(customers: int) -> Iterator[pa.Table]:
    """Yield the completed offers of so many customers, some at a time."""
    for first in range(0, customers, BLOCK):
        yield _block(first, min(BLOCK, customers - first))


def _block(first: int, length: int) -> pa.Table:
    random = np.random.default_rng((_SEED, first))
    numbers = np.arange(first, first + length)
    is_treated = random.random(length) < 0.43
    model, category = random.integers(0, len(_MODELS), length), _drawn(random, _CATEGORIES, length)
    names = [name.format(one) for one in _CATEGORIES for name in _NAMES]
    product = category * len(_NAMES) + random.integers(0, len(_NAMES), length)
    columns = {
        "customer_id": _numbered("C", numbers, 8),
        "household_id": _numbered("H", numbers // 2, 8),
        "as_of_date": pa.repeat(pa.scalar(_DAY), length),
        "wave": pa.repeat(_WAVE, length),
        "arm": _named((TREATED,), np.zeros(length, np.int64), is_treated),
        "is_universal_control": pa.repeat(pa.scalar(value=False), length),
        "suppression_reason": _named(_SUPPRESSED, _drawn(random, _SUPPRESSED, length), ~is_treated),
        "model": _named(_MODELS, model, is_treated),
        "category": _named(_CATEGORIES, category, is_treated),
        "product_id": _named([f"P{n:08d}" for n in range(len(names))], product, is_treated),
        "product_name": _named(names, product, is_treated),
        "effect_origin": _named(("observational",), np.zeros(length, np.int64), is_treated),
        "channel": _named(_CHANNELS, _drawn(random, _CHANNELS, length), is_treated),
        "device": _named(("phone", "desktop"), random.integers(0, 2, length), is_treated),
        "campaign": _named([f"{_WAVE}-{one}" for one in _MODELS], model, is_treated),
        "offer_code": _only(_numbered("K7QX", numbers, 8), is_treated),
        "valid_from": _only(pa.repeat(pa.scalar(_DAY), length), is_treated),
        "valid_until": _only(pa.repeat(pa.scalar(date(2026, 3, 28)), length), is_treated),
    }
    known = pa.table(
        [
            columns[one.name] if one.name in columns else _figure(random, one, is_treated)
            for one in _SCHEMA
        ],
        schema=_SCHEMA,
    )
    return _complete(known, random, numbers, {"product_name": columns["product_name"]}, category)


def _complete(
    offers: pa.Table,
    random: np.random.Generator,
    numbers: npt.NDArray[np.int64],
    more: dict[str, pa.Array],
    category: npt.NDArray[np.int64],
) -> pa.Table:
    """Append what the export stage does: names, reasons, segments, contact details with consent."""
    length, is_treated = len(numbers), pc.is_valid(offers["arm"]).to_numpy()
    sentences = [text.format(one) for one in _CATEGORIES for text in _SENTENCES]
    for position in range(1, REASONS + 1):
        told = category * len(_SENTENCES) + random.integers(0, len(_SENTENCES), length)
        more[f"reason_{position}"] = _named(sentences, told, is_treated & (told % 7 != position))
    more["is_sendable"] = pa.array(is_treated)
    stages, segments = ("repeat", "loyal", "inactive"), ("champions", "loyal_small_baskets", "lost")
    more["lifecycle_stage"] = _named(stages, _drawn(random, stages, length))
    more["rfm_segment"] = _named(segments, _drawn(random, segments, length))
    email, phone = _emails(random, numbers), _phones(random, numbers)
    mails, texts, calls = (random.random(length) < share for share in (0.7, 0.5, 0.3))
    more |= {
        "email": _only(email, mails),
        "phone": _only(phone, texts | calls),
        "sms_phone": _only(phone, texts),
        "call_phone": _only(phone, calls),
        "phone_country": pa.repeat("ES", length),
    }
    for name, values in more.items():
        offers = offers.append_column(name, values)
    return offers


def _emails(random: np.random.Generator, numbers: npt.NDArray[np.int64]) -> pa.Array:
    """Return an address each; one in a hundred has that of the customer before."""
    owners = numbers - (random.random(len(numbers)) < 0.01)
    return pc.binary_join_element_wise(
        _numbered("Maria.Silva-", np.maximum(owners, 0), 8), "example.org", "@"
    )


def _phones(random: np.random.Generator, numbers: npt.NDArray[np.int64]) -> pa.Array:
    """Return a Spanish mobile number each, as people write it; one in a hundred is too short."""
    digits = _numbered("", numbers, 8)
    parts = [pc.utf8_slice_codeunits(digits, *ends) for ends in ((0, 2), (2, 5), (5, 8))]
    kinds = random.integers(0, len(_PHONES), len(numbers))
    kinds[random.random(len(numbers)) < 0.01] = len(_PHONES)
    written = [_filled(form, parts) for form in _PHONES]
    return pc.choose(pa.array(kinds), *written, _filled("6{} {}", parts[:2]))


def _filled(form: str, parts: Sequence[pa.Array]) -> pa.Array:
    texts = form.split("{}")
    pieces = [piece for pair in zip(texts, [*parts, ""], strict=True) for piece in pair]
    return pc.binary_join_element_wise(*pieces, "")


def _numbered(prefix: str, numbers: npt.NDArray[np.int64], digits: int) -> pa.Array:
    padded = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width=digits, padding="0")
    return pc.binary_join_element_wise(prefix, padded, "")


def _drawn(random: np.random.Generator, names: Sequence[str], length: int) -> npt.NDArray[np.int64]:
    return random.integers(0, len(names), length)


def _named(
    names: Sequence[str],
    places: npt.NDArray[np.int64],
    mask: npt.NDArray[np.bool_] | None = None,
) -> pa.Array:
    """Return names by their places, empty where the mask does not hold."""
    values = pa.array(names, pa.string()).take(pa.array(places))
    return values if mask is None else _only(values, mask)


def _only(values: pa.Array, mask: npt.NDArray[np.bool_]) -> pa.Array:
    return pc.if_else(pa.array(mask), values, pa.scalar(None, values.type))


def _figure(random: np.random.Generator, field: pa.Field, mask: npt.NDArray[np.bool_]) -> pa.Array:
    """Return figures of a column that is told of offers alone."""
    drawn = random.integers(1, 8, len(mask))
    values = (
        drawn / 100 + random.random(len(mask)) / 100 if pa.types.is_floating(field.type) else drawn
    )
    return _only(pa.array(values).cast(field.type), mask)
