"""E-mail and phone as each target wants them, and only of those who consent to be reached so."""

import hashlib
from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.profile import FileColumn, Normaliser
from pipeline.foundation.contracts.phones import to_e164

DETAILS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "email": ("email", ("email",)),
    "phone": ("phone", ("sms", "phone")),
    "sms_phone": ("phone", ("sms",)),
    "call_phone": ("phone", ("phone",)),
}
"""By contact detail its column among the customers, and the channels whose consent, any of them,
lets it leave the house: who may be called must not be sent a text message for that reason."""
PHONE_COUNTRY = "phone_country"
_ROWS_AT_ONCE = 200_000


def contact_details(customers: pa.Table, consenting: pa.Table) -> pa.Table:
    """Return customer_id and `DETAILS` of every customer, each detail only with consent.

    Args:
        customers: customer_id, email, phone, [country, which goes along as `PHONE_COUNTRY`].
        consenting: customer_id, channel, as `decide` found consent to stand on the scoring day.
    """
    ids = customers["customer_id"]
    columns = {"customer_id": ids}
    for detail, (source, channels) in DETAILS.items():
        on_channel = pc.is_in(consenting["channel"], value_set=pa.array(channels))
        may = pc.is_in(ids, value_set=consenting.filter(on_channel)["customer_id"].combine_chunks())
        columns[detail] = pc.if_else(may, customers[source], pa.scalar(None, pa.string()))
    if "country" in customers.column_names:
        columns[PHONE_COUNTRY] = customers["country"]
    return pa.table(columns)


def normalised(
    values: pa.ChunkedArray,
    column: FileColumn,
    country_code: str | None,
    countries: pa.ChunkedArray | None = None,
) -> pa.ChunkedArray:
    """Return a contact detail as the column declares it, null where it cannot be so written.

    Some rows at a time: numbers are read, and texts hashed, as Python's own.

    Args:
        values: text.
        column: says how to normalise and whether to hash.
        country_code: calling code or ISO letters, of phones that bring none; None: such a phone
            cannot be written.
        countries: each row's own country, as `country_code`; it goes before that.
    """
    slices = range(0, max(len(values), 1), _ROWS_AT_ONCE)
    return pa.chunked_array(
        [
            _written(
                values.slice(start, _ROWS_AT_ONCE),
                column,
                country_code,
                None if countries is None else countries.slice(start, _ROWS_AT_ONCE),
            )
            for start in slices
        ],
        pa.string(),
    )


def _written(
    values: pa.ChunkedArray,
    column: FileColumn,
    country_code: str | None,
    countries: pa.ChunkedArray | None,
) -> pa.Array:
    texts = values.combine_chunks().cast(pa.string())
    match column.normalise:
        case "phone" | "phone_digits":
            written = to_e164(texts, _own(countries, len(texts)), country_code)
        case "email" | "email_without_gmail_dots":
            written = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
        case None:
            written = texts
    return _hash(_VARIANTS.get(column.normalise, _same)(written), is_hashed=column.is_hashed)


def _own(countries: pa.ChunkedArray | None, length: int) -> pa.Array:
    return pa.nulls(length, pa.string()) if countries is None else countries.combine_chunks()


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
