"""Whether there is anything to validate: the raw files, with the contract's columns."""

from collections.abc import Collection, Mapping

import pyarrow as pa

from pipeline.foundation.contracts.tables import Table
from pipeline.foundation.errors import DataError


def check_present(present: Collection[str], contract: Mapping[str, Table]) -> None:
    """Refuse to go on without the required tables."""
    required = [table.name for table in contract.values() if table.is_required]
    missing = [name for name in required if name not in present]
    if missing:
        raise DataError(
            f"the raw tables {', '.join(required)}",
            f"no {', '.join(missing)}",
            "Run the ingest stage; `dvc repro` runs every stage that is due.",
        )


def check_schema(name: str, found: pa.Schema, expected: pa.Schema, remedy: str) -> None:
    """Refuse a file whose columns are not the contract's, in its order and types."""
    wanted, given = _listed(expected), _listed(found)
    if given == wanted:
        return
    differences = [f"no {column}" for column in wanted if column not in given]
    differences += [column for column in given if column not in wanted]
    raise DataError(
        f"in table {name!r} the contract's columns: {', '.join(wanted)}",
        ", ".join(differences) or f"another order: {', '.join(given)}",
        remedy,
    )


def _listed(schema: pa.Schema) -> list[str]:
    return [f"{field.name} ({field.type})" for field in schema]
