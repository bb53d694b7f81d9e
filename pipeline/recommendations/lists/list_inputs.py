"""What some customers' lists are made from: their own rows, beside what all have in common.

All rows of a customer come in one table, so that they can be found where they are:

    customer_id  what       product  times  recency  customer_type  lifecycle_stage
    C1           customer                            consumer       repeat
    C1           bought     4        2      31
    C1           held       4
    C1           visited    9        5      -86400
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.recommendations.coded import Coded, Codes
from pipeline.recommendations.lists.assembly import Flags
from pipeline.recommendations.lists.ranked import favourite
from pipeline.recommendations.lists.satisfied_customers import dissatisfied
from pipeline.recommendations.lists.shelf import Shelf

YEAR_DAYS = 365
VISIT_DAYS = 90
KINDS = ("customer", "bought", "held", "visited", "returned", "dissatisfied")
"""What a row says, by the number that stands for it."""
_COLUMNS: Mapping[str, str] = {
    "product": "int32",
    "times": "int64",
    "recency": "int64",
    "customer_type": "string",
    "lifecycle_stage": "string",
}


@dataclass(frozen=True)
class ListInputs:
    """What the lists of some customers are made from; customers and products are codes."""

    shelf: Shelf
    customers: pd.DataFrame
    """customer_id, customer_type and lifecycle_stage; the row's place is the code."""
    is_satisfied: Flags
    """By customer: may be asked for a review."""
    bought: pd.DataFrame
    """customer, product, purchases and age_days of the last one, within the year."""
    held: pd.DataFrame
    """customer and product."""
    visited: pd.DataFrame
    """customer, product, touches and recency."""
    returned: pd.DataFrame
    """customer and product of what was ever sent back."""

    @classmethod
    def of(cls, rows: pd.DataFrame, shelf: Shelf) -> "ListInputs":
        """Take the rows of whole customers apart; those of nobody known are left out.

        Args:
            rows: as `rows_by_customer` returns them, sorted by customer_id.
            shelf: what all customers have in common.
        """
        what = rows["what"].to_numpy()
        codes, ids = pd.factorize(rows["customer_id"])
        known = np.full(len(ids), -1, dtype=np.int64)
        people = rows[what == KINDS.index("customer")].reset_index(drop=True)
        known[codes[what == KINDS.index("customer")]] = np.arange(len(people))
        theirs = rows.assign(customer=known[codes])[known[codes] >= 0]
        parts = {
            kind: theirs[theirs["what"] == number].reset_index(drop=True)
            for number, kind in enumerate(KINDS)
        }
        is_satisfied = np.ones(len(people), dtype=bool)
        is_satisfied[parts["dissatisfied"]["customer"]] = False
        bought = {"times": "purchases", "recency": "age_days"}
        return cls(
            shelf,
            people[["customer_id", "customer_type", "lifecycle_stage"]],
            is_satisfied,
            parts["bought"].rename(columns=bought),
            parts["held"],
            parts["visited"].rename(columns={"times": "touches"}),
            parts["returned"],
        )

    @cached_property
    def count(self) -> int:
        """Return the number of customers."""
        return len(self.customers)

    def favourite_of(self, rows: pd.DataFrame, keys: Codes, *by: str) -> Codes:
        """Return the key of the products that each customer has most of."""
        keyed = rows.assign(key=keys[rows["product"].to_numpy(np.int64)])
        return favourite(keyed, "key", list(by), self.count)


def rows_by_customer(coded: Coded, review_days: int) -> ir.Table:
    """Return all rows that lists are made from: customer_id, what and the columns above.

    Args:
        coded: customers and products known at the as-of date.
        review_days: in which nothing may speak against asking for a review.
    """
    bought, visited = coded.bought_lately(YEAR_DAYS), coded.visited(VISIT_DAYS)
    parts: dict[str, ir.Table | None] = {
        "customer": coded.customers.select("customer_id", "customer_type", "lifecycle_stage"),
        "bought": bought.rename(times="purchases", recency="age_days"),
        "held": coded.held,
        "visited": None if visited is None else visited.rename(times="touches"),
        "returned": coded.returned(),
        "dissatisfied": dissatisfied(coded.history, review_days),
    }
    return ibis.union(
        *(
            _with_all_columns(table, KINDS.index(kind))
            for kind, table in parts.items()
            if table is not None
        )
    )


def _with_all_columns(table: ir.Table, what: int) -> ir.Table:
    """Return rows with every column; numbers that say nothing are 0, so that they stay whole."""
    columns = {
        name: table[name].cast(kind)
        if name in table.columns
        else (ibis.null(kind) if kind == "string" else ibis.literal(0, kind))
        for name, kind in _COLUMNS.items()
    }
    return table.select("customer_id", what=ibis.literal(what, "int32"), **columns)
