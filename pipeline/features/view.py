"""What a family looks at: the only way to the tables that `families/<family>/compute.py` has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from pipeline.features.purchase_aggregates import purchases
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.population.history import History
from pipeline.population.returns import net_of_returns
from pipeline.population.sequence import in_sequence


@dataclass(frozen=True)
class View:
    """What a family looks at: the known history, and who is asked about which category."""

    engine: Engine
    """For what several expressions of a family read, or what no expression says."""
    history: History
    asked: ir.Table
    """as_of_date × customer_id × category, each once."""
    customers: ir.Table
    """What `History.customers` returns, computed once for all families."""
    held: ir.Table
    """What `held_products` returns, computed once for all families."""
    bought: ir.Table
    """What `purchases` returns, computed once for all families."""

    def known(
        self,
        table: str,
        where: Callable[[ir.Table], ir.BooleanValue] | None = None,
        days: int | None = None,
        marks: Callable[[ir.Table], Mapping[str, ir.Value]] | None = None,
    ) -> ir.Table:
        """Return the known rows of a table, or those of them that are looked for.

        Rows are chosen and marked before every as-of date multiplies them. Each call reads the table anew,
        which costs less than keeping all its rows for whoever looks a second time.

        Args:
            table: its name.
            where: a condition on what was first written.
            days: back from the as-of date that the rows may have occurred.
            marks: further columns, of what was first written too.
        """
        rows = self.history.tables[table].view()
        chosen = rows if where is None else rows.filter(where(rows))
        if marks is not None:
            chosen = chosen.mutate(**marks(chosen))
        return self.history.with_table(table, chosen).known(table, days)

    def at(self, days: Sequence[date]) -> "View":
        """Return what is seen from some of the as-of dates: each is answered alone as beside others."""
        chosen = [ibis.date(day.isoformat()) for day in days]
        asked, customers, held, bought = (
            table.filter(table.as_of_date.isin(chosen))
            for table in (self.asked, self.customers, self.held, self.bought)
        )
        seen = self.history.at(self.engine, days)
        return View(self.engine, seen, asked, customers, held, bought)

    def parts(self, most_rows: int) -> "list[View]":
        """Return views of following as-of dates that ask no more than so many rows each.

        A date is not divided: one that asks more is a part of its own.
        """
        counts = self.engine.arrow(self.asked.group_by("as_of_date").aggregate(rows=_.count()))
        asked = dict(zip(*(column.to_pylist() for column in counts.columns), strict=True))
        return [self.at(days) for days in group_dates(asked, most_rows)]


def group_dates(rows: Mapping[date, int], most_rows: int) -> list[list[date]]:
    """Divide dates, in their order, into groups of no more than so many rows, or of one date.

    Of 4, 3, 3 and 9 rows, at most 7 together: the first two, the third, the fourth.
    """
    groups: list[list[date]] = []
    room = 0
    for day, count in sorted(rows.items()):
        if not groups or count > room:
            groups.append([])
            room = most_rows
        groups[-1].append(day)
        room -= count
    return groups


def look(
    engine: Engine, past: History, asked: ir.Table, customers: ir.Table, held: ir.Table
) -> View:
    """Prepare what the families look at.

    Args:
        engine: computes once what several families read.
        past: what was known.
        asked: as_of_date × customer_id × category; it may repeat itself.
        customers: as `History.customers`.
        held: as `held_products`.
    """
    net = net_of_returns(past)
    in_order = past.with_table("product_events", in_sequence(net))
    return View(
        engine,
        past,
        engine.materialize(asked.select(*CANDIDATE_KEYS).distinct(), near=CANDIDATE_KEYS),
        engine.materialize(customers, near=CUSTOMER_KEYS),
        engine.materialize(held, near=CUSTOMER_KEYS),
        engine.materialize(purchases(in_order), near=CANDIDATE_KEYS),
    )
