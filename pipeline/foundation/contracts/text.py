"""Text as it is compared: composed (NFC), without characters that nobody sees, without outer spaces.

`Café` may be written with one character or two, and exports carry zero-width spaces, soft hyphens
and byte-order marks inside e-mails and names: two texts that look alike are one text.
"""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

# Soft hyphen, zero-width characters, direction marks, word joiner and its kind, byte-order mark.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def plain_text(texts: pa.Array) -> pa.Array:
    """Return the texts as they are compared, null where nothing is left.

    Each different text is written once, by Python: Arrow's own normaliser decomposes under "NFC".
    """
    if not pc.all(pc.string_is_ascii(texts), min_count=0).as_py():
        coded = texts.dictionary_encode()
        plain = pa.array([plain_name(text) for text in coded.dictionary.to_pylist()], pa.string())
        texts = pc.take(plain, coded.indices)
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def plain_name(name: str) -> str:
    """Return one text, such as a column's name, as it is compared."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", name)).strip()
