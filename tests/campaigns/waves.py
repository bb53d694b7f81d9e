"""Small waves and their responses, written by hand or drawn."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.responses import RESPONSES
from pipeline.foundation.contracts.tables import UNPARSED

WAVE = "w20250301"


def wave(arms: Sequence[str | None], **columns: Any) -> pd.DataFrame:
    """Return a sealed wave: customers c0, c1, … in the arms, each with its code CODE<number>."""
    count = len(arms)
    rows = pd.DataFrame({"customer_id": [f"c{number}" for number in range(count)]}).assign(
        as_of_date=date(2025, 3, 1),
        wave=WAVE,
        household_id=[f"h{number}" for number in range(count)],
        has_households=True,
        arm=pd.Series(arms, dtype="str"),
        model="cross_sell",
        category="tea",
        product_id="tea1",
        campaign=f"{WAVE}-cross_sell",
        propensity=0.1,
        value_cents=1000,
        contact_cost_cents=10,
        channel="email",
        offer_code=[f"CODE{number}" for number in range(count)],
        valid_from=date(2025, 3, 2),
        valid_until=date(2025, 3, 29),
    )
    rows = rows.assign(**columns)
    offer = [
        "model",
        "category",
        "product_id",
        "campaign",
        "channel",
        "offer_code",
        "valid_from",
        "valid_until",
    ]
    rows[offer] = rows[offer].where(rows["arm"].notna())
    return rows


def responses(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Return responses as they are read; what a row does not say is empty or usual."""
    usual = {"kind": "ordered", "occurred_at": "2025-03-10 12:00:00"}
    given = pd.DataFrame([usual | dict(row) for row in rows])
    names = [name for name in RESPONSES.names if name != "amount"]
    full = given.reindex(columns=[*names, "amount_cents", UNPARSED])
    return full.assign(
        **{name: full[name].astype("str") for name in (*names, UNPARSED) if name != "occurred_at"},
        occurred_at=pd.to_datetime(full["occurred_at"], format="ISO8601"),
        amount_cents=full["amount_cents"].astype("Int64"),
    )


def drawn(
    seed: int, count: int, *, uplift: float, slope: float = 1.0, control_share: float = 0.3
) -> pd.DataFrame:
    """Return drawn outcomes: take-up follows the propensity, contact adds the uplift.

    Args:
        seed: of the draw.
        count: customers.
        uplift: what a contact adds to the probability.
        slope: 1 takes the propensity as it is, 0 gives everybody the mean.
        control_share: of all customers.
    """
    random = np.random.default_rng(seed)
    propensity = random.beta(1, 9, count)
    treated = random.random(count) >= control_share
    mean = float(propensity.mean())
    chance = np.clip(mean + slope * (propensity - mean) + uplift * treated, 0, 1)
    took = (random.random(count) < chance).astype(np.int64)
    rows = wave(np.where(treated, "treated", "campaign_control").tolist(), propensity=propensity)
    return rows.assign(
        household=rows["customer_id"],
        take_up=took,
        revenue_cents=took * 2000,
        profit_cents=took * 1000 - 10 * treated,
        redeemed=False,
        opened=False,
        clicked=False,
        ordered=took == 1,
        unsubscribed=False,
    )
