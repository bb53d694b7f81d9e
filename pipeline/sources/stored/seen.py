"""What was seen of the user's own tables, in data/pulled/tables until the next `make pull`."""

import json
from collections.abc import Mapping
from hashlib import sha256

from pydantic import ValidationError

from pipeline.foundation import paths
from pipeline.foundation.config import SourceParams, StoredTable
from pipeline.foundation.contracts.hand_overs.document import Document
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.foundation.stored_tables import Manifest

RECORD = paths.PULLED_TABLES / "stored.json"


class Seen(Document):
    """All tables, as they were seen."""

    asked: str
    """Of the parameters, all that says which tables and columns were looked at."""
    tables: dict[str, Manifest]


def asked_of(params: SourceParams) -> str:
    """Return which tables and columns the parameters ask for."""
    tables = {name: [one.path, one.columns] for name, one in params.stored.tables.items()}
    return json.dumps([tables, dict(params.customer_attributes)], sort_keys=True)


def digest_of(seen: Seen) -> str:
    """Return the digest of all tables: another one if a value of any differs."""
    lines = [f"{name} {table.digest}" for name, table in sorted(seen.tables.items())]
    return sha256("\n".join(lines).encode()).hexdigest()


def find_seen() -> Seen | None:
    """Return what was seen last; nothing if nobody looked yet."""
    try:
        return Seen.model_validate_json(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None


def read_seen() -> Seen:
    """Return what was seen last.

    Raises:
        DataError: nobody looked yet.
    """
    seen = find_seen()
    if seen is None:
        raise DataError(
            f"what `make pull` saw of source.stored.tables in {RECORD}",
            "nothing",
            "Run `make pull`; `make repro` does so before it runs the stages.",
        )
    return seen


def check_asked_for(params: SourceParams, seen: Seen) -> None:
    """Refuse what was seen of other tables or columns than the parameters ask for.

    Raises:
        DataError: the parameters changed since.
    """
    if seen.asked != asked_of(params):
        raise DataError(
            f"in {RECORD} the tables and columns that source.stored asks for",
            "others: the parameters changed since `make pull`",
            "Run `make pull`; `make repro` does so before it runs the stages.",
        )


def check_tables(tables: Mapping[str, StoredTable]) -> None:
    """Refuse parameters that name no table.

    Raises:
        ConfigurationError: nothing to look at.
    """
    if not tables:
        raise ConfigurationError(
            "your tables in source.stored.tables",
            "none",
            "Name the parquet of customers, products and product_events at least; see "
            "docs/scale.md.",
        )
