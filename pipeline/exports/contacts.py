"""E-mail and phone as each target wants them, and only of those who consent to be reached so."""

import hashlib
from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.profile import FileColumn, Normaliser

DETAILS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "email": ("email", ("email",)),
    "phone": ("phone", ("sms", "phone")),
    "sms_phone": ("phone", ("sms",)),
    "call_phone": ("phone", ("phone",)),
}
"""By contact detail its column among the customers, and the channels whose consent, any of them,
lets it leave the house: who may be called must not be sent a text message for that reason."""

_KEEP_TRUNK_ZERO = ("39", "378")  # Italian numbers begin with a zero that belongs to them


def contact_details(customers: pa.Table, consenting: pa.Table) -> pa.Table:
    """Return customer_id and `DETAILS` of every customer, each detail only with consent.

    Args:
        customers: customer_id, email, phone.
        consenting: customer_id, channel, as `decide` found consent to stand on the scoring day.
    """
    ids = customers["customer_id"]
    columns = {"customer_id": ids}
    for detail, (source, channels) in DETAILS.items():
        on_channel = pc.is_in(consenting["channel"], value_set=pa.array(channels))
        may = pc.is_in(ids, value_set=consenting.filter(on_channel)["customer_id"].combine_chunks())
        columns[detail] = pc.if_else(may, customers[source], pa.scalar(None, pa.string()))
    return pa.table(columns)


def normalised(values: pa.ChunkedArray, column: FileColumn, country_code: str | None) -> pa.Array:
    """Return a contact detail as the column declares it, null where it cannot be so written.

    Args:
        values: text.
        column: says how to normalise and whether to hash.
        country_code: digits, of phones that bring none; None: such a phone cannot be written.
    """
    texts = values.combine_chunks().cast(pa.string())
    match column.normalise:
        case "phone" | "phone_digits":
            written = _e164(texts, country_code)
        case "email" | "email_without_gmail_dots":
            written = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
        case None:
            written = texts
    return _hash(_VARIANTS.get(column.normalise, _same)(written), is_hashed=column.is_hashed)


def _e164(texts: pa.Array, country_code: str | None) -> pa.Array:
    """Return `+` and 8 to 15 digits."""
    plain = pc.replace_substring_regex(texts, r"[ ().-]", "")
    plain = pc.replace_substring_regex(plain, r"^00", "+")
    if country_code is not None:
        trunk = "" if country_code in _KEEP_TRUNK_ZERO else "0?"
        plain = pc.replace_substring_regex(plain, f"^{trunk}([0-9])", rf"+{country_code}\1")
    fits = pc.match_substring_regex(plain, r"^\+[1-9][0-9]{7,14}$")
    return pc.if_else(fits, plain, pa.scalar(None, pa.string()))


def _without_gmail_dots(emails: pa.Array) -> pa.Array:
    """Drop the dots before the @ of gmail.com and googlemail.com."""
    is_gmail = pc.match_substring_regex(emails, r"@(gmail|googlemail)\.com$")
    before = pc.replace_substring(pc.replace_substring_regex(emails, r"@.*$", ""), ".", "")
    after = pc.replace_substring_regex(emails, r"^[^@]*", "")
    return pc.if_else(is_gmail, pc.binary_join_element_wise(before, after, ""), emails)


def _without_plus(phones: pa.Array) -> pa.Array:
    return pc.replace_substring(phones, "+", "")


def _same(texts: pa.Array) -> pa.Array:
    return texts


_VARIANTS: Mapping[Normaliser | None, Callable[[pa.Array], pa.Array]] = {
    "email_without_gmail_dots": _without_gmail_dots,
    "phone_digits": _without_plus,
}


def _hash(texts: pa.Array, *, is_hashed: bool) -> pa.Array:
    if not is_hashed:
        return texts
    digests = [
        None if text is None else hashlib.sha256(text.encode()).hexdigest()
        for text in texts.to_pylist()
    ]
    return pa.array(digests, pa.string())
