"""Suppression list: the customers who were erased, which every source is read without.

The list names nobody: it holds keyed digests (BLAKE2b, RFC 7693), and the key is a random salt of the
project's own beside it. Who has both can ask whether an id that they know is listed, and no more.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation import paths
from pipeline.foundation.errors import DataError

KEY = "customer_id"
_SALT_BYTES = 32
_DIGEST_BYTES = 32
_DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class ErasedCustomers:
    """The list, as it is asked."""

    salt: bytes
    digests: frozenset[str]

    def __len__(self) -> int:
        """Return the number of customers."""
        return len(self.digests)

    def holds(self, customer_id: object) -> bool:
        """Say whether a customer was erased."""
        return _digest(customer_id, self.salt) in self.digests

    def without(self, rows: pa.Table) -> pa.Table:
        """Return the rows of everybody else; the same table where it is about none of the listed.

        Args:
            rows: with or without a column `customer_id`, of any type.
        """
        if not self.digests or KEY not in rows.column_names:
            return rows
        is_listed = self.are_listed(rows[KEY])
        return rows.filter(pc.invert(is_listed)) if pc.any(is_listed).as_py() else rows

    def are_listed(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """Say of each id whether its customer was erased."""
        known = pc.unique(ids)
        is_known_one = [one is not None and self.holds(one) for one in known.to_pylist()]
        listed = known.filter(pa.array(is_known_one, pa.bool_()))
        return pc.is_in(ids, value_set=listed)


def read_erased() -> ErasedCustomers:
    """Return the list; nobody is on it where nobody was ever erased.

    Raises:
        DataError: the list is there and its salt is not, or either is not as it was written: nobody
            could then be told from it, and the erased would come back.
    """
    if not paths.ERASED_LIST.exists():
        return ErasedCustomers(b"", frozenset())
    lines = paths.ERASED_LIST.read_text(encoding="utf-8").split()
    salt = paths.ERASED_SALT.read_text(encoding="ascii").strip() if _has_salt() else ""
    for name, texts, length in (
        (paths.ERASED_SALT, [salt], 2 * _SALT_BYTES),
        (paths.ERASED_LIST, lines, 2 * _DIGEST_BYTES),
    ):
        if not all(len(text) == length and set(text) <= _DIGITS for text in texts):
            raise DataError(
                f"in {name} what `make erase` wrote, {length} hexadecimal digits a line",
                "something else, or nothing",
                f"Put a copy of the folder {paths.ERASED} back, or remove {paths.ERASED_LIST} and "
                "erase the customers anew: who is not on the list comes back with the next run.",
            )
    return ErasedCustomers(bytes.fromhex(salt), frozenset(lines))


def add_erased(customer_ids: Collection[str]) -> int:
    """Put customers on the list; return how many were not on it. The salt is made with the first."""
    before = read_erased()
    if not before.digests and not _has_salt():
        with paths.replacing(paths.ERASED_SALT) as partial:
            partial.write_text(f"{secrets.token_hex(_SALT_BYTES)}\n", encoding="ascii")
    salt = bytes.fromhex(paths.ERASED_SALT.read_text(encoding="ascii").strip())
    digests = before.digests | {_digest(one, salt) for one in customer_ids}
    if digests != before.digests:
        with paths.replacing(paths.ERASED_LIST) as partial:
            partial.write_text("".join(f"{one}\n" for one in sorted(digests)), encoding="ascii")
    return len(digests) - len(before.digests)


def _has_salt() -> bool:
    return paths.ERASED_SALT.exists()


def _digest(customer_id: object, salt: bytes) -> str:
    text = str(customer_id).strip().encode()
    return blake2b(text, key=salt, digest_size=_DIGEST_BYTES).hexdigest()
