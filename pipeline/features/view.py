"""What a family looks at: the only way to the tables that `families/<family>/compute.py` has."""

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir

from pipeline.features.feature import KEYS
from pipeline.features.purchase_aggregates import purchases
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
    ) -> ir.Table:
        """Return the known rows of a table, or those of them that are looked for.

        Rows are chosen before every as-of date multiplies them. Each call reads the table anew,
        which costs less than keeping all its rows for whoever looks a second time.

        Args:
            table: its name.
            where: a condition on what was first written.
            days: back from the as-of date that the rows may have occurred.
        """
        rows = self.history.tables[table].view()
        chosen = rows if where is None else rows.filter(where(rows))
        return self.history.with_table(table, chosen).known(table, days)


def look(
    engine: Engine, history: History, asked: ir.Table, customers: ir.Table, held: ir.Table
) -> View:
    """Prepare what the families look at.

    Args:
        engine: computes once what several families read.
        history: what was known.
        asked: as_of_date × customer_id × category; it may repeat itself.
        customers: as `History.customers`.
        held: as `held_products`.
    """
    net = net_of_returns(history)
    in_order = history.with_table("product_events", in_sequence(net))
    return View(
        engine,
        history,
        engine.materialize(asked.select(*KEYS["candidate"]).distinct()),
        engine.materialize(customers),
        engine.materialize(held),
        engine.materialize(purchases(in_order)),
    )
