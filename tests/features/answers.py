"""What a family says of one customer in a ledger written by hand; each family is compiled once."""

import atexit
from collections.abc import Mapping
from datetime import date
from functools import cache

from pipeline.features.family import load
from pipeline.features.feature import Grain
from tests.features.replay import Replay
from tests.ledger import Rows, table

Answers = dict[tuple[str, str | None], dict[str, object]]


@cache
def compiled(family: str) -> Replay:
    """Return a family for any ledger, held until the tests end."""
    atexit.register(compiled.cache_clear)
    return Replay(load([family]))


def answer(
    family: str,
    ledger: Mapping[str, Rows],
    day: str,
    customer: str,
    *,
    category: str | None = None,
) -> dict[str, object] | None:
    """Return a family's features, without its prefix, for one customer or customer × category.

    None where the family has no row for them.
    """
    grain: Grain = "candidate" if category else "customer"
    return answers(family, ledger, day, grain).get((customer, category))


def answers(family: str, ledger: Mapping[str, Rows], day: str, *grains: Grain) -> Answers:
    """Return a family's features, without its prefix, by customer and category, if it is asked."""
    tables = {name: table(name, rows) for name, rows in ledger.items()}
    found = compiled(family).rows(tables, [date.fromisoformat(day)], grains)
    return {
        (str(row["customer_id"]), row.get("category")): {
            column.removeprefix(f"{family}__"): value
            for column, value in row.items()
            if column.startswith(f"{family}__")
        }
        for row in found
    }


def with_row(
    ledger: Mapping[str, Rows], name: str, row: Mapping[str, object], **changes: object
) -> dict[str, Rows]:
    """Return a ledger with one more row of a table."""
    return {**ledger, name: [*ledger[name], {**row, **changes}]}
