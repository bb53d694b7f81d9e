"""Marks of persons: their ids, and what else leads to them wherever the id itself does not stand.

An audience file holds a hashed e-mail and no id, a response an offer code. Contact details that two
customers share mark neither of them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.contracts.erased import KEY
from pipeline.foundation.contracts.phones import to_e164

_DETAILS = ("email", "phone")
_LEAST_DETAIL = 6
"""A shorter one says nothing: `n/a`, `-`, `12345`."""


@dataclass(frozen=True)
class Marks:
    """What is searched for. It lives in memory alone."""

    ids: frozenset[str]
    others: frozenset[str] = field(default_factory=frozenset)
    """E-mail, phone, either of them hashed as targets want it, and offer codes."""

    @property
    def texts(self) -> list[str]:
        """Return all of them, in a fixed order."""
        return sorted(self.ids | self.others)


def read_marks(ids: Collection[str], country_code: str | None) -> Marks:
    """Return the marks that the project's own tables still tell.

    Args:
        ids: of the customers.
        country_code: as `exports.country_code`, of phones that bring none.
    """
    wanted = frozenset(ids)
    details = _details(wanted)
    phones = {text for text in details if "@" not in text}
    written = set(_e164(phones, country_code))
    mails = {variant for text in details if "@" in text for variant in _mail_variants(text)}
    numbers = phones | written | {text.removeprefix("+") for text in written}
    plain = mails | numbers | details
    hashed = {sha256(text.encode()).hexdigest() for text in plain}
    return Marks(wanted, frozenset(plain | hashed | _codes(wanted)))


def _details(ids: frozenset[str]) -> set[str]:
    """Return the contact details of these customers that no other customer has."""
    own: set[str] = set()
    shared: set[str] = set()
    for folder in (paths.RAW, paths.VALIDATED, paths.QUARANTINE, paths.PULLED_TABLES):
        for table in _read(paths.table(folder, "customers"), _DETAILS):
            is_own = pc.is_in(_texts(table[KEY]), value_set=pa.array(sorted(ids)))
            for name in set(_DETAILS) & set(table.column_names):
                own |= _values(table.filter(is_own)[name])
                found = pc.is_in(_texts(table[name]), value_set=pa.array(sorted(own), pa.string()))
                others = table.filter(pc.and_(pc.invert(is_own), found))
                shared |= _values(others[name])
    return {text for text in own - shared if len(text) >= _LEAST_DETAIL}


def _codes(ids: frozenset[str]) -> set[str]:
    """Return the offer codes that these customers were given, sent or not."""
    places = [paths.table(paths.OFFERS, "next_best_offers"), *sorted(paths.WAVES.glob("*.parquet"))]
    return {
        code
        for place in places
        for table in _read(place, ("offer_code",))
        if "offer_code" in table.column_names
        for code in _values(
            table.filter(pc.is_in(_texts(table[KEY]), value_set=pa.array(sorted(ids))))[
                "offer_code"
            ]
        )
    }


def _read(path: Path, names: Iterable[str]) -> list[pa.Table]:
    """Return the id and those of the columns that a file has; nothing where there is no file."""
    if not path.exists():
        return []
    found = stored_tables.read_schema(path).names
    columns = [name for name in (KEY, *names) if name in found]
    return [stored_tables.read_table(path, columns=columns)] if KEY in columns else []


def _texts(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_trim_whitespace(values.cast(pa.string()))


def _values(values: pa.ChunkedArray) -> set[str]:
    return {text for text in pc.unique(_texts(values)).to_pylist() if text}


def _e164(phones: Collection[str], country_code: str | None) -> list[str]:
    ordered = pa.array(sorted(phones), pa.string())
    written = to_e164(ordered, pa.nulls(len(ordered), pa.string()), country_code)
    return [text for text in written.to_pylist() if text]


def _mail_variants(mail: str) -> set[str]:
    """Return an e-mail as it stands and as targets want it."""
    lower = mail.lower()
    name, _, domain = lower.partition("@")
    without_dots = f"{name.replace('.', '')}@{domain}"
    return {mail, lower, without_dots} if domain in _GMAIL else {mail, lower}


_GMAIL = ("gmail.com", "googlemail.com")
