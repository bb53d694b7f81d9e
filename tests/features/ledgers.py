"""Small random ledgers whose moments crowd around the edges of windows, months and as-of dates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import numpy as np
import pyarrow as pa

from pipeline.foundation.contracts.tables import RAW_TABLES, Table
from tests.ledger import table

Value = TypeVar("Value")
Row = dict[str, object]
Ledger = Mapping[str, list[Row]]
AS_OF_DATES = (
    date(2024, 2, 29),  # on a leap day
    date(2024, 3, 1),  # after one
    date(2024, 3, 31),  # on a month's last day, when clocks change in Europe
    date(2024, 12, 31),
    date(2025, 3, 1),  # 365 days after 1 March, 366 after the leap day
)
DAYS_BACK = (-40, -1, 0, 1, 7, 30, 60, 90, 120, 335, 365, 400)
SHARE_LATER = 0.6
SECONDS = (-1, 0, 1, 43_200)
PEOPLE = tuple(f"c{number}" for number in range(8))
PRODUCTS: list[Row] = [
    {"product_id": "tea1", "category": "tea", "tier": 1, "price": "2.00", "brand": "alba"},
    {"product_id": "tea2", "category": "tea", "tier": 2, "price": "4.00", "brand": "acme"},
    {"product_id": "tv1", "category": "tv", "tier": 1, "price": "90.00", "brand": "acme"},
    {"product_id": "tv2", "category": "tv", "tier": 2, "price": "150.00", "brand": "best"},
    {"product_id": "mug1", "category": "mug", "tier": 1, "price": "8.00"},
]
LIFE: Mapping[str, Row] = {
    "tea1": {"repurchase_days": 30},
    "tea2": {"repurchase_days": 60, "launched_on": "2024-03-01"},
    "tv2": {"launched_on": "2024-02-29"},
    "mug1": {"retired_on": "2024-12-31"},
}
CUSTOMERS: list[Row] = [
    {
        "customer_id": name,
        "household_id": f"h{number // 3}",
        "customer_type": "consumer",
        "gender": ("f", "m", None)[number % 3],
        "language": "es",
        "household_size": 3,
        "birth_date": "2000-02-29" if number % 2 else "1970-12-31",
        "region": ("north", "south", None)[number % 3],
        "income_band": ("low", "high")[number % 2],
        # Of half of them only the facts say since when they are known.
        "signed_up_on": ("2023-06-30", None, "2024-02-29", None)[number % 4],
    }
    for number, name in enumerate(PEOPLE)
]

CATEGORIES = ("tea", "tv", "mug", None)
NAMES = tuple(str(row["product_id"]) for row in PRODUCTS)
COLUMNS: Mapping[str, Mapping[str, Sequence[object]]] = {
    "product_events": {
        "product_id": NAMES,
        "kind": ("acquired", "acquired", "acquired", "cancelled", "returned"),
        "amount": ("1.99", "20.00", None),
        "discount": ("0.50", None),
        "quantity": (1, 3, None),
        "order_id": ("o1", "o2", None),
    },
    "interactions": {
        "channel": ("web", "app", "store", "call_centre"),
        "kind": (
            "visit",
            "product_view",
            "search",
            "cart_add",
            "cart_abandon",
            "incident",
            "complaint",
        ),
        "product_id": (*NAMES, None),
        "device": ("mobile", None),
        "duration_seconds": (1, 600, None),
    },
    "surveys": {"instrument": ("nps", "csat", "ces"), "score": (None, 0, 3, 5)},
    "messages": {
        "campaign_id": ("spring",),
        "channel": ("email", "sms", "push", "mail", "phone"),
        "category": CATEGORIES,
    },
    "consents": {"channel": ("email", "sms"), "granted": (True, False)},
}
FACTS = {one.name: one for one in RAW_TABLES if one.name in COLUMNS}


def ledger_of(seed: int, rows: int = 100) -> Ledger:
    """Draw so many facts a table, all from one seed: thousands of separate draws take minutes."""
    random = np.random.default_rng(seed)
    return {name: [_fact(random, one) for _ in range(rows)] for name, one in FACTS.items()}


def _fact(random: np.random.Generator, one: Table) -> Row:
    """Draw a fact; whatever is known or filled in later comes no earlier than it."""
    occurred = _moment(random)
    later = [name for name in (*one.later_moments, "known_at") if name in one.names]
    choices = {"customer_id": PEOPLE, **COLUMNS[one.name]}
    return {
        str(one.occurred_at): occurred,
        **{name: _pick(random, among) for name, among in choices.items()},
        **{
            name: max(occurred, _moment(random)) if random.random() < SHARE_LATER else None
            for name in later
        },
    }


def _moment(random: np.random.Generator) -> datetime:
    back = timedelta(days=-_pick(random, DAYS_BACK), seconds=_pick(random, SECONDS))
    return datetime.combine(_pick(random, AS_OF_DATES), time()) + back


def _pick(random: np.random.Generator, among: Sequence[Value]) -> Value:
    return among[int(random.integers(len(among)))]


def late(ledger: Ledger, day: date) -> Ledger:
    """Return the facts with a moment of knowing, as if each had come to light at or after a date.

    They occurred before it; a customer of whom nothing else is known is known no earlier.
    """
    midnight = datetime.combine(day, time())
    return {
        name: [
            {**row, "known_at": max(midnight, known) if isinstance(known, datetime) else midnight}
            for row in rows
            if isinstance(occurred := row[str(FACTS[name].occurred_at)], datetime)
            and occurred < midnight
            for known in [row["known_at"]]
        ]
        for name, rows in ledger.items()
        if "known_at" in FACTS[name].names
    }


def tables_of(*ledgers: Ledger) -> dict[str, pa.Table]:
    """Return the contract tables of a company with the facts of all ledgers."""
    products = [{**row, **LIFE.get(str(row["product_id"]), {})} for row in PRODUCTS]
    found = {"customers": table("customers", CUSTOMERS), "products": table("products", products)}
    for name, one in FACTS.items():
        rows = [row for ledger in ledgers for row in ledger.get(name, [])]
        keyed = [{**row, **_key(one, number)} for number, row in enumerate(rows)]
        found[name] = table(name, keyed) if keyed else one.schema.empty_table()
    return found


def _key(one: Table, number: int) -> Row:
    return {name: f"{number:04d}" for name in one.key if name in {"survey_id", "message_id"}}
