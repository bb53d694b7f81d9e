"""Suspicions about a file as a whole: every row is sound, and all of them together cannot be.

One category under two spellings, amounts and discounts that changed places.
"""

import logging
from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation.config import FileMapping
from pipeline.foundation.contracts.tables import PRODUCT_EVENTS, PRODUCTS, Table
from pipeline.foundation.errors import DataError
from pipeline.sources.base import BatchedTable

log = logging.getLogger(__name__)

DEAR_SHARE = 0.2
"""Of the discounts that exceed the amount that was paid."""


def check_whole(rows: BatchedTable, mapping: FileMapping, table: Table) -> None:
    """Refuse or warn of what only all rows of a file together show.

    Raises:
        DataError: categories differ by case alone.
    """
    if table.name == PRODUCT_EVENTS.name:
        _warn_of_discounts(rows, mapping)
    if table.name == PRODUCTS.name:
        _check_spellings(rows.whole(), mapping, table)


def _warn_of_discounts(rows: BatchedTable, mapping: FileMapping) -> None:
    """Say that discounts are implausible; one may be larger than what was left to pay."""
    given = larger = 0
    for batch in rows.batches():
        discounted = batch.filter(pc.greater(batch["discount"], 0))
        given += discounted.num_rows - discounted["amount"].null_count
        larger += pc.sum(pc.greater(discounted["discount"], discounted["amount"])).as_py() or 0
    if larger > DEAR_SHARE * given:
        log.warning(
            "%s: %s of %s discounts are larger than the amount: are the two columns swapped?",
            mapping.origin,
            f"{larger:,}",
            f"{given:,}",
        )


def _check_spellings(rows: pa.Table, mapping: FileMapping, table: Table) -> None:
    spelt: dict[str, list[str]] = defaultdict(list)
    for category in pc.unique(rows["category"]).drop_null().to_pylist():
        spelt[category.casefold()].append(category)
    several = [sorted(names) for names in spelt.values() if len(names) > 1]
    if several:
        told = "; ".join(" and ".join(names) for names in sorted(several))
        raise DataError(
            f"in {mapping.origin} each category in one spelling",
            told,
            f"Correct the file, or write them alike with {mapping.setting(table.name)}.values.",
        )
