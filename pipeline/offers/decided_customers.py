"""The decision on every customer: an offer and its arm, or the reason why there is none."""

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.outputs import NEXT_BEST_OFFERS
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import BrokenCheckError
from pipeline.offers.arbitration import REASON
from pipeline.offers.next_best_offers import name_wave
from pipeline.offers.wave_customers import CUSTOMERS
from pipeline.population.joins import left_join

_OF_WAVE = ("as_of_date", "wave", REASON)
OFFERED = pa.schema(
    [
        (name, kind)
        for name, kind in NEXT_BEST_OFFERS.columns
        if name not in {*CUSTOMERS.names[1:], *_OF_WAVE}
    ]
)
"""What an offer says of a customer."""


def decide_on_everybody(
    engine: Engine, customers: ir.Table, offers: ir.Table, reasons: ir.Table, as_of_date: date
) -> ir.Table:
    """Return NEXT_BEST_OFFERS, one row a customer: the offer and its arm, or the reason for none.

    Args:
        engine: joins.
        customers: CUSTOMERS.
        offers: OFFERED, one row for each customer with an offer.
        reasons: customer_id, suppression_reason of everybody else.
        as_of_date: of the decision.

    Raises:
        BrokenCheckError: a customer has neither an offer nor a reason, or both.
    """
    why_not = reasons.select("customer_id", why_not=REASON)
    rows = left_join(left_join(customers, offers, ["customer_id"]), why_not, ["customer_id"])
    decided = engine.materialize(
        rows.mutate(
            as_of_date=ibis.date(as_of_date.isoformat()),
            wave=ibis.literal(name_wave(as_of_date)),
            suppression_reason=ibis.coalesce(rows.why_not, rows.arm.nullif(TREATED)),
        )
    )
    odd = decided.filter(decided.why_not.isnull() == decided.arm.isnull())
    counts = {
        name: engine.arrow(some.aggregate(rows=some.count()))["rows"][0].as_py()
        for name, some in (("odd", odd), ("out", decided), ("in", customers))
    }
    if counts["odd"] or counts["out"] != counts["in"]:
        raise BrokenCheckError(
            "an offer or a reason for every customer",
            f"{counts['odd']} with both or neither",
            "Report it.",
        )
    return decided.select(*NEXT_BEST_OFFERS.names)


def count_reasons(engine: Engine, decided: ir.Table) -> Mapping[str | None, int]:
    """Return why how many customers are not contacted; those who are stand under None.

    Args:
        engine: counts.
        decided: NEXT_BEST_OFFERS.
    """
    counts = engine.arrow(decided.group_by(REASON).aggregate(customers=decided.count()))
    return dict(zip(*(counts[name].to_pylist() for name in (REASON, "customers")), strict=True))
