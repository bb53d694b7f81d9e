"""What comes back from a wave: the responses of the simulated customers, as a company exports them.

They are the orders that the company's books have of the period (`simulation`), and what became of
the wave's messages, so that the records of the day after tell the same.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.responses import CLICKED, OPENED, ORDERED, REDEEMED, UNSUBSCRIBED
from pipeline.sources.simulated import ledger
from pipeline.sources.simulated.arrays import Whole
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.timeline import NEVER, to_moments
from pipeline.sources.simulated.wave import Asked, ask, send, with_contacts

_REDEEMED_SHARE = 0.6


def respond(scene: Scene, offers: pd.DataFrame) -> pd.DataFrame:
    """Return what comes back from a wave: the columns of the contract's responses, as text.

    Args:
        scene: the start of the period after the records.
        offers: the wave's rows with an arm; only the treated are contacted.
    """
    return number_responses([answer(scene, offers)], str(offers["wave"].iloc[0]))


def answer(scene: Scene, offers: pd.DataFrame) -> pd.DataFrame:
    """Return what comes back from the customers of one block, without numbers; as `respond`."""
    treated = offers[offers["arm"] == TREATED]
    orders = _orders(with_contacts(scene, ask(scene, treated)), offers, ask(scene, offers))
    rng = scene.random("redemptions")
    coded = treated[treated["offer_code"].notna()]
    rows = [orders, _redemptions(rng, coded, orders), _reactions(scene, treated)]
    return pd.concat(rows, ignore_index=True)


def number_responses(parts: Sequence[pd.DataFrame], wave: str) -> pd.DataFrame:
    """Return the responses of all blocks in the order of time, as `respond`.

    An id tells its wave: one that another wave's response has too would count as the same response.
    """
    found = pd.concat(parts, ignore_index=True)
    found = found.sort_values(["occurred_at", "customer_id", "kind"], kind="stable")
    moments = found["occurred_at"].dt.strftime("%Y-%m-%d %H:%M:%S")
    numbers = [f"{wave}-R{number:08d}" for number in range(len(found))]
    code_only = found["customer_id"].where(found["kind"] != REDEEMED, "")
    return found.assign(response_id=numbers, occurred_at=moments, customer_id=code_only)[
        ["response_id", "customer_id", "offer_code", "kind", "occurred_at", "amount"]
    ].fillna("")


def _orders(scene: Scene, offers: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return the orders that answer the wave's questions, whoever makes them."""
    rng = scene.random("ledger")
    orders = ledger.acquisitions(rng, scene, ledger.draw_outcome(rng, scene))
    bought = pd.DataFrame(
        {
            "customer": orders.customer.astype(np.int64),
            "category": scene.catalogue.category[orders.product],
            "tier": scene.catalogue.tier[orders.product],
            "occurred_at": _moments(orders.occurred),
            "amount": [f"{cents // 100}.{cents % 100:02d}" for cents in orders.amount.tolist()],
        }
    )
    held = scene.held.top[asked.customer, asked.category]
    questions = pd.DataFrame(
        {
            "customer_id": offers["customer_id"].to_numpy(),
            "customer": asked.customer,
            "category": asked.category,
            "above": np.where(asked.is_up_sell, held, 0),
        }
    )
    found = questions.merge(bought, on=["customer", "category"])
    is_answer = found["tier"] > found["above"]
    answers = found.loc[is_answer, ["customer_id", "occurred_at", "amount"]]
    told: pd.DataFrame = answers.assign(kind=ORDERED)
    return told


def _redemptions(
    rng: np.random.Generator, coded: pd.DataFrame, orders: pd.DataFrame
) -> pd.DataFrame:
    """Return the codes that are used with the first order, which not everybody thinks of."""
    codes = coded[["customer_id", "offer_code"]]
    first = orders.groupby("customer_id", as_index=False)["occurred_at"].min()
    used = first.merge(codes, on="customer_id")
    redeemed: pd.DataFrame = used[rng.random(len(used)) < _REDEEMED_SHARE].assign(kind=REDEEMED)
    return redeemed


def _reactions(scene: Scene, treated: pd.DataFrame) -> pd.DataFrame:
    """Return what the treated do with the messages; an offer on the web has none."""
    sent = send(scene, treated)
    ids = treated["customer_id"].to_numpy()[sent.is_sent]
    moments = {
        OPENED: sent.reactions.opened,
        CLICKED: sent.reactions.clicked,
        UNSUBSCRIBED: sent.reactions.unsubscribed,
    }
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "customer_id": ids[at != NEVER],
                    "kind": kind,
                    "occurred_at": _moments(at[at != NEVER]),
                }
            )
            for kind, at in moments.items()
        ],
        ignore_index=True,
    )


def _moments(seconds: Whole) -> "pd.Series[pd.Timestamp]":
    moments: pd.Series[pd.Timestamp] = pa.table({"at": to_moments(seconds)}).to_pandas()["at"]
    return moments
