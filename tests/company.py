"""A small random company with every table, for tests of laws that hold on any data."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import UNPARSED
from tests.ledger import CONTRACT, table

START = pd.Timestamp("2024-01-01")
DAYS = 420
CATEGORIES = ("tv", "tea", "phone")


def company(seed: int, customers: int = 40, facts: int = 300) -> Mapping[str, pa.Table]:
    """Return validated tables; a tenth of the facts become known days after they occurred."""
    random = np.random.default_rng(seed)
    people = [f"c{number:03d}" for number in range(customers)]
    products = _products(random)
    names = [str(product["product_id"]) for product in products]
    events = _facts(random, people, facts) | {
        "product_id": random.choice(names, facts),
        "kind": random.choice(["acquired", "cancelled", "returned"], facts, p=[0.8, 0.15, 0.05]),
        "amount": np.round(random.uniform(1, 90, facts), 2),
        "discount": np.round(random.uniform(0, 9, facts), 2),
    }
    touches = _facts(random, people, 3 * facts)
    touches |= {
        "channel": random.choice(["web", "app", "store", "call_centre"], 3 * facts),
        "kind": random.choice(
            ["visit", "product_view", "search", "cart_add", "login", "incident"], 3 * facts
        ),
        "product_id": random.choice([*names, ""], 3 * facts),
        "device": random.choice(["mobile", "desktop", ""], 3 * facts),
        "duration_seconds": random.integers(1, 900, 3 * facts),
        "resolved_at": _later(random, touches["occurred_at"], 0.5),
    }
    return {
        "customers": table("customers", _people(random, people)),
        "products": table("products", products),
        "product_events": _table("product_events", events),
        "interactions": _table("interactions", touches),
        "surveys": _table("surveys", _surveys(random, people, facts)),
        "messages": _table("messages", _messages(random, people, facts)),
    }


def _table(name: str, columns: Mapping[str, object]) -> pa.Table:
    return conform(pd.DataFrame(columns), CONTRACT[name]).drop_columns([UNPARSED])


def _people(random: np.random.Generator, people: list[str]) -> list[dict[str, object]]:
    return [
        {
            "customer_id": name,
            "household_id": f"h{number // 2}",
            "customer_type": "consumer",
            "gender": str(random.choice(["f", "m"])),
            "income_band": str(random.choice(["low", "high"])),
            "language": "es",
            "birth_date": f"{random.integers(1940, 2005)}-03-01",
            "region": str(random.choice(["north", "south"])),
            "household_size": int(random.integers(1, 5)),
            "signed_up_on": (START + pd.Timedelta(days=int(random.integers(-300, 300))))
            .date()
            .isoformat()
            if random.random() < 0.7
            else None,
        }
        for number, name in enumerate(people)
    ]


def _products(random: np.random.Generator) -> list[dict[str, object]]:
    return [
        {
            "product_id": f"{category}{tier}",
            "category": category,
            "tier": tier,
            "price": f"{random.integers(1, 90)}.50",
            "brand": str(random.choice(["acme", "best"])),
            "repurchase_days": 60 if category == "tea" else None,
            "launched_on": "2024-09-01" if tier == 3 else "2020-01-01",
        }
        for category in CATEGORIES
        for tier in (1, 2, 3)
    ]


def _facts(random: np.random.Generator, people: list[str], count: int) -> dict[str, object]:
    occurred = START + pd.to_timedelta(random.uniform(0, DAYS, count), unit="D").floor("s")
    delay = np.where(random.random(count) < 0.1, random.uniform(0, 60, count), 0)
    return {
        "customer_id": random.choice(people, count),
        "occurred_at": occurred,
        "known_at": (occurred + pd.to_timedelta(delay, unit="D")).floor("s"),
    }


def _later(random: np.random.Generator, moments: object, share: float) -> pd.Series:
    base = pd.Series(pd.DatetimeIndex(moments))  # type: ignore[arg-type]  # always moments here
    later = base + pd.to_timedelta(random.exponential(6, len(base)), unit="D")
    return later.dt.floor("s").where(random.random(len(base)) < share)


def _sent(random: np.random.Generator, people: list[str], count: int) -> dict[str, object]:
    facts = _facts(random, people, count)
    return {"sent_at": facts.pop("occurred_at")} | facts


def _surveys(random: np.random.Generator, people: list[str], count: int) -> dict[str, object]:
    sent = _sent(random, people, count)
    answered = _later(random, sent["sent_at"], 0.6)
    score = pd.Series(random.integers(1, 6, count).astype(float)).where(answered.notna())
    return sent | {
        "survey_id": [f"s{number}" for number in range(count)],
        "instrument": random.choice(["nps", "csat", "ces"], count),
        "answered_at": answered,
        "score": score,
    }


def _messages(random: np.random.Generator, people: list[str], count: int) -> dict[str, object]:
    sent = _sent(random, people, count)
    return sent | {
        "message_id": [f"m{number}" for number in range(count)],
        "campaign_id": random.choice(["spring", "autumn"], count),
        "channel": random.choice(["email", "sms", "mail"], count),
        "category": random.choice([*CATEGORIES, ""], count),
        "delivered_at": _later(random, sent["sent_at"], 0.95),
        "opened_at": _later(random, sent["sent_at"], 0.5),
        "clicked_at": _later(random, sent["sent_at"], 0.3),
        "responded_at": _later(random, sent["sent_at"], 0.2),
    }
