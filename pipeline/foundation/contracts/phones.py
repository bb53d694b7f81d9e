"""Phone numbers in E.164: read by the numbering plan of their country, or not read at all.

The plans are those of Google's libphonenumber (the package `phonenumbers`), which knows each country's
trunk prefix, lengths and ranges. What is no valid number of a plan comes back null: a number that
was written wrongly must never become another person's. So do an extension, since E.164 has none and
the number without it is the switchboard's, words, and two numbers in one cell.
"""

import re

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from phonenumbers import PhoneNumberFormat

_WRITTEN = re.compile(r"\+?[0-9(][0-9 ().\-/\u00a0\u2010-\u2015\u202f]*")
_FLOAT = re.compile(r"(\d+)\.0")  # a spreadsheet's number, written out with a decimal
_BETWEEN_TWO = re.compile(r" {2,}|\s[/\-]\s")
_UNKNOWN = "ZZ"


def to_e164(texts: pa.Array, countries: pa.Array, default: str | None) -> pa.Array:
    """Return `+`, country calling code and national number; null where the text is no such number.

    Args:
        texts: as people write them, `0471/12.34.56` or `+44 (0)20 7946 0958`.
        countries: the country of each, as ISO 3166 letters (`BE`) or calling code (`32`); null
            where none is known, and `default` holds. One that does not exist is not replaced.
        default: as the countries; None: a number must then bring its own code.
    """
    pairs = pa.table(
        {"text": texts, "country": pc.coalesce(countries, pa.scalar(default, pa.string()))}
    )
    distinct = pairs.group_by(["text", "country"]).aggregate([]).to_pylist()
    written = {
        (row["text"], row["country"]): _read(row["text"], row["country"]) for row in distinct
    }
    return pa.array(
        [written[pair] for pair in zip(*(column.to_pylist() for column in pairs), strict=True)],
        pa.string(),
    )


def region_of(country: str | None) -> str | None:
    """Return ISO 3166 letters of a country given as letters or calling code; None if unknown."""
    if country is None:
        return None
    plain = country.strip().lstrip("+").upper()
    if plain.isascii() and plain.isdigit():
        region = phonenumbers.region_code_for_country_code(int(plain))
        return None if region == _UNKNOWN else str(region)
    return plain if plain in phonenumbers.SUPPORTED_REGIONS else None


def _read(text: str | None, country: str | None) -> str | None:
    if text is None:
        return None
    plain = _FLOAT.sub(r"\1", text.strip()) if _FLOAT.fullmatch(text.strip()) else text.strip()
    if not _WRITTEN.fullmatch(plain):
        return None
    region = region_of(country)
    if _holds_two(plain, region) or _may_bring_its_code(plain, region):
        return None
    return _parse(plain, region) or _parse(re.sub(r"^00", "+", plain), region)


def _parse(text: str, region: str | None) -> str | None:
    """Return a valid number; `00` before a calling code is no prefix everywhere, so it comes second."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _may_bring_its_code(text: str, region: str | None) -> bool:
    """Say whether a number without `+` is valid both with its country's code and after it.

    `4930123456` in Germany is 030 123456 with its 49, or 04930 123456 without its 0.
    """
    code = phonenumbers.country_code_for_region(region) if region else 0
    if not code or not text.startswith(str(code)):
        return False
    readings = {_parse(f"+{text}", region), _parse(f"+{code} {text}", region)}
    return None not in readings and len(readings) > 1


def _holds_two(text: str, region: str | None) -> bool:
    """Say whether a cell that can be read as one number may as well be two."""
    parts = [part for part in _BETWEEN_TWO.split(text) if part]
    return len(parts) > 1 and all(_parse(part, region) is not None for part in parts)
