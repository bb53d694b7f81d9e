"""why: say of one customer what the last wave decided, and why.

Called as `python -m pipeline.commands.why <customer_id>`; no DVC stage.
"""

import logging
import sys
from pathlib import Path
from typing import Any

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.foundation.running import run
from pipeline.offers.answers import answer

log = logging.getLogger(__name__)


def main() -> None:
    """Answer for the one customer that is named; exit with 1 where nobody has that id."""
    given = sys.argv[1:]
    if len(given) != 1:
        raise ConfigurationError(
            "one argument, a customer_id", " ".join(given) or "none", "Name one."
        )
    decided = _rows_of(paths.table(paths.OFFERS, "next_best_offers"), given[0])
    others = _rows_of(paths.table(paths.OFFERS, "runners_up"), given[0])
    log.info("%s", answer(given[0], decided[0] if decided else None, others))
    if not decided:
        sys.exit(1)


def _rows_of(path: Path, customer_id: str) -> list[dict[str, Any]]:
    if not path.exists():
        raise DataError(f"the offers in {path}", "no such file", "Run dvc repro first.")
    rows: list[dict[str, Any]] = stored_tables.read_table(
        path, filters=[("customer_id", "=", customer_id)]
    ).to_pylist()
    return rows


if __name__ == "__main__":
    run(main)
