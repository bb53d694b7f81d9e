"""Offers as the decide stage writes them, for tests: a few customers, one row each."""

from datetime import date
from typing import Any

import pyarrow as pa

from pipeline.foundation.contracts.outputs import NEXT_BEST_OFFERS

DAY = date(2026, 3, 1)
SCHEMA = pa.schema(NEXT_BEST_OFFERS.columns)


def offer(customer: str, model: str, category: str, arm: str, **other: Any) -> dict[str, Any]:
    """Return an offer; whoever is not treated has the arm for a reason."""
    return {
        "customer_id": customer,
        "as_of_date": DAY,
        "wave": "w20260301",
        "arm": arm,
        "is_universal_control": arm == "universal_control",
        "suppression_reason": None if arm == "treated" else arm,
        "model": model,
        "category": category,
        "product_id": f"{category}1",
        "propensity": 0.1,
        "value_cents": 12050,
        "context": 1.0,
        "lever": 1.0,
        "contact_cost_cents": 5,
        "priority_cents": 1200.0,
        "channel": "email",
        "weekday": 2,
        "hour": 18,
        "device": "phone",
        "campaign": f"w20260301-{model}",
        "offer_code": f"CODE-{customer}",
        "valid_from": date(2026, 3, 2),
        "valid_until": date(2026, 3, 29),
    } | other


def no_offer(customer: str, reason: str) -> dict[str, Any]:
    """Return the row of a customer whom nothing is offered."""
    known = {"customer_id": customer, "as_of_date": DAY, "wave": "w20260301"}
    return known | {"is_universal_control": False, "suppression_reason": reason}


def offers(*rows: dict[str, Any]) -> pa.Table:
    """Return rows as a table; what a row does not name is empty."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)
