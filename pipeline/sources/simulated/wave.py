"""What the simulated customers do with a wave, and what the wave truly causes.

A wave goes out at the start of the period that follows the records. What a contact does stands in
`contact_effect`; here it is only lived through. Every message arrives. An order answers the
question that the model was asked: anything of the category, or a higher tier of it.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.responses import CLICKED, OPENED, ORDERED, REDEEMED, UNSUBSCRIBED
from pipeline.foundation.errors import DataError
from pipeline.sources.simulated import campaigns, ledger
from pipeline.sources.simulated.arrays import NONE, Flags, Floats, Whole
from pipeline.sources.simulated.campaigns import Sendings
from pipeline.sources.simulated.catalogue import CATEGORIES, COUNT
from pipeline.sources.simulated.contacts import CHANNELS, Contacts, add_up
from pipeline.sources.simulated.hazards import Chances
from pipeline.sources.simulated.ledger import Outcome
from pipeline.sources.simulated.scene import Scene, with_and_without_contact
from pipeline.sources.simulated.timeline import DAY, NEVER, PERIOD_DAYS, START, date_of, to_moments
from pipeline.sources.simulated.visible import customer_ids

_REDEEMED_SHARE = 0.6
_MORNING = 9 * 3600


@dataclass(frozen=True)
class Asked:
    """The offers of a wave, one a customer, as the simulation counts customers and categories."""

    customer: Whole
    category: Whole
    channel: Whole
    """NONE for an offer that no message carries, such as one on the web."""
    is_up_sell: Flags

    def of(self, chances: Chances) -> Floats:
        """Return the probability that each offer is taken up within the period."""
        place = (self.customer, self.category)
        return np.where(self.is_up_sell, chances.up_sell()[place], chances.cross_sell()[place])

    def taken(self, scene: Scene, outcome: Outcome) -> Flags:
        """Say which offers were taken up within the period."""
        tier = outcome.tier[self.customer, self.category]
        held = scene.held.top[self.customer, self.category]
        return np.where(self.is_up_sell, tier > held, tier > 0)

    def contacts(self, scene: Scene, is_chosen: Flags) -> Contacts:
        """Return what the messages with the chosen offers add up to, each on its own channel."""
        return add_up(
            scene.people,
            COUNT,
            customer=self.customer[is_chosen],
            category=self.category[is_chosen],
            channel=self.channel[is_chosen],
        )


def ask(scene: Scene, offers: pd.DataFrame) -> Asked:
    """Return the offers as the simulation counts.

    Raises:
        DataError: the offers are of another day or of another company.
    """
    days = {str(day) for day in offers["as_of_date"]}
    today = date_of(scene.period).isoformat()
    customer = pd.Index(customer_ids(len(scene.people)).to_pylist()).get_indexer(
        pd.Index(offers["customer_id"])
    )
    category = pd.Index([c.name for c in CATEGORIES]).get_indexer(pd.Index(offers["category"]))
    if days - {today} or min(customer, default=0) < 0 or min(category, default=0) < 0:
        raise DataError(
            f"a wave of {today} of the company that source.simulated describes",
            f"one of {', '.join(sorted(days))}, with customers or categories that it may not know",
            "Seal a wave that was decided with these parameters.",
        )
    is_up_sell = (offers["model"] == "up_sell").to_numpy(bool)
    return Asked(
        customer.astype(np.int64), category.astype(np.int64), channels_of(offers), is_up_sell
    )


def channels_of(offers: pd.DataFrame) -> Whole:
    """Return the place of each offer's channel in CHANNELS, or NONE."""
    return pd.Index(CHANNELS).get_indexer(pd.Index(offers["channel"])).astype(np.int64)


def true_uplift(scene: Scene, asked: Asked) -> Floats:
    """Return how much likelier each offer is taken up within the period with its contact."""
    everybody = asked.contacts(scene, np.ones(len(asked.customer), dtype=bool))
    with_contact, without = with_and_without_contact(scene, everybody)
    uplift: Floats = asked.of(with_contact) - asked.of(without)
    return uplift


def share_of_period(scene: Scene, offers: pd.DataFrame) -> Floats:
    """Return the share of the period's days on which each offer is valid."""
    first = (pd.to_datetime(offers["valid_from"]) - pd.Timestamp(date_of(scene.period))).dt.days
    last = (pd.to_datetime(offers["valid_until"]) - pd.Timestamp(date_of(scene.period))).dt.days
    days = np.minimum(last + 1, PERIOD_DAYS) - np.maximum(first, 0)
    return np.asarray(np.maximum(days, 0) / PERIOD_DAYS, dtype=np.float64)


def live_through(rng: np.random.Generator, scene: Scene, asked: Asked, treated: Flags) -> Outcome:
    """Draw the period after a wave in which the treated were contacted."""
    with_contact, _ = with_and_without_contact(scene, asked.contacts(scene, treated))
    return ledger.draw_outcome(rng, replace(scene, chances=with_contact))


def respond(rng: np.random.Generator, scene: Scene, offers: pd.DataFrame) -> pd.DataFrame:
    """Return what comes back from a wave: the columns of the contract's responses, as text.

    Args:
        rng: the wave's randomness.
        scene: the start of the period after the records.
        offers: the wave's rows with an arm; only the treated are contacted.
    """
    asked = ask(scene, offers)
    treated = (offers["arm"] == TREATED).to_numpy(bool)
    outcome = live_through(rng, scene, asked, treated)
    rows = [_orders(scene, offers, asked, outcome)]
    rows.append(_redemptions(rng, offers[treated & offers["offer_code"].notna()], rows[0]))
    rows.append(_reactions(rng, scene, offers[treated]))
    found = pd.concat(rows, ignore_index=True)
    found = found.sort_values(["occurred_at", "customer_id", "kind"], kind="stable")
    moments = found["occurred_at"].dt.strftime("%Y-%m-%d %H:%M:%S")
    numbers = [f"R{number:08d}" for number in range(len(found))]
    code_only = found["customer_id"].where(found["kind"] != REDEEMED, "")
    return found.assign(response_id=numbers, occurred_at=moments, customer_id=code_only)[
        ["response_id", "customer_id", "offer_code", "kind", "occurred_at", "amount"]
    ].fillna("")


def _orders(scene: Scene, offers: pd.DataFrame, asked: Asked, outcome: Outcome) -> pd.DataFrame:
    """Return the orders that answer the wave's questions, whoever makes them."""
    taken = asked.taken(scene, outcome)
    place = (asked.customer[taken], asked.category[taken])
    product = scene.offer.choose(place[1], outcome.tier[place], scene.people.brand[place])
    price = scene.catalogue.price[product]
    off = np.round(price * scene.market.discount[place[1]].astype(float)).astype(np.int64)
    cents, moments = price - off, outcome.at
    return pd.DataFrame(
        {
            "customer_id": offers["customer_id"].to_numpy()[taken],
            "kind": ORDERED,
            "occurred_at": _moments(moments[place]),
            "amount": [f"{amount // 100}.{amount % 100:02d}" for amount in cents.tolist()],
        }
    )


def _redemptions(
    rng: np.random.Generator, coded: pd.DataFrame, orders: pd.DataFrame
) -> pd.DataFrame:
    """Return the codes that are used with the first order, which not everybody thinks of."""
    codes = coded[["customer_id", "offer_code"]]
    used = orders[["customer_id", "occurred_at"]].merge(codes, on="customer_id")
    used = used[rng.random(len(used)) < _REDEEMED_SHARE]
    return used.assign(kind=REDEEMED)


def _reactions(rng: np.random.Generator, scene: Scene, treated: pd.DataFrame) -> pd.DataFrame:
    """Return what the treated do with the messages; an offer on the web has none."""
    start = pd.to_datetime(treated["valid_from"]) - pd.Timestamp(START)
    sent = np.asarray(start.dt.days, dtype=np.int64) * DAY + _MORNING
    asked = ask(scene, treated)
    is_sent = asked.channel != NONE
    sendings = Sendings(asked.customer, asked.category, asked.channel, sent).pick(is_sent)
    ids = treated["customer_id"].to_numpy()[is_sent]
    reactions = campaigns.react(rng, scene, sendings)
    moments = {
        OPENED: reactions.opened,
        CLICKED: reactions.clicked,
        UNSUBSCRIBED: reactions.unsubscribed,
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
