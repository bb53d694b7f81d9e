"""Aggregates for campaign planning: the contacts of a wave in groups, with sums by channel.

A group shares its permitted channels, the channel that was chosen and its place in the order of
priority, so that with the wave's own costs each group's best channel is the one that was chosen.
An explored contact has the channel that was drawn, and no other.
"""

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS, OFFER_KEYS
from pipeline.offers.campaign_plan import PlanGroup

_TIERS = 12
_OFFER = [*OFFER_KEYS, "channel", "propensity", "value_cents", "priority_cents", "is_explored"]
_GROUP_KEYS = ["permitted", "is_explored", "tier", "channel"]


def group_contacts(
    decided: pd.DataFrame, permitted: pd.DataFrame, effects: pd.DataFrame
) -> list[PlanGroup]:
    """Return the contacts of a wave in groups, in the order of their keys.

    Args:
        decided: NEXT_BEST_OFFERS.
        permitted: PERMITTED_CHANNELS.
        effects: EFFECTS, of the offers at least.
    """
    contacts = _contacts(decided)
    options = _options(contacts, permitted, effects)
    sets = options.sort_values("option").groupby("customer_id")["option"].agg(" ".join)
    contacts = contacts.assign(permitted=contacts["customer_id"].map(sets))
    contacts = contacts[contacts["permitted"].notna()]
    contacts["group"] = contacts.groupby(_GROUP_KEYS, sort=True).ngroup()
    sums = contacts.groupby("group")[["propensity", "predicted_cents"]].sum()
    sizes = contacts.groupby("group").size()
    numbered = options.merge(contacts[["customer_id", "group"]], on="customer_id")
    by_option = numbered.groupby(["group", "option"])[["effect", "gained_cents"]].sum()
    return [
        PlanGroup(
            customers=int(sizes[group]),
            take_ups=round(float(sums.loc[group, "propensity"]), 4),
            value_cents=round(float(sums.loc[group, "predicted_cents"]), 2),
            caused={str(name): round(float(one), 5) for name, one in rows["effect"].items()},
            gained_cents={
                str(name): round(float(one), 2) for name, one in rows["gained_cents"].items()
            },
        )
        for group, rows in ((one, by_option.xs(one)) for one in sizes.index)
    ]


def _contacts(decided: pd.DataFrame) -> pd.DataFrame:
    """Return those who are to be contacted, with their twelfth of the order of priority."""
    sent = decided.loc[decided["arm"] == TREATED, _OFFER]
    ordered = sent.sort_values(["priority_cents", "customer_id"], ascending=[False, True])
    numbers = {name: ordered[name].astype("float64") for name in ("propensity", "value_cents")}
    return ordered.assign(
        **numbers,
        predicted_cents=numbers["propensity"] * numbers["value_cents"],
        is_explored=ordered["is_explored"].astype("bool"),
        tier=np.arange(len(ordered)) * _TIERS // max(len(ordered), 1),
    )


def _options(
    contacts: pd.DataFrame, permitted: pd.DataFrame, effects: pd.DataFrame
) -> pd.DataFrame:
    """Return a row for every contact and channel that it may be made on."""
    may = permitted.loc[permitted["is_permitted"], list(CUSTOMER_CHANNEL_KEYS)]
    found = effects[[*OFFER_KEYS, "channel", "effect"]].rename(columns={"channel": "option"})
    options = contacts.merge(found, on=[*OFFER_KEYS]).merge(
        may.rename(columns={"channel": "option"}), on=["customer_id", "option"]
    )
    options = options[~options["is_explored"] | (options["option"] == options["channel"])]
    return options.assign(gained_cents=options["effect"] * options["value_cents"])
