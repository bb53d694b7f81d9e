"""Incremental contact options: candidate × channel, weighed by what the contact changes.

priority = effect × value × context × lever − contact cost, in cents: what a contact is expected to
add, not what would happen anyway. An option stands where that is above zero at the confidence asked
for: at 0.5 its expectation decides (risk-neutral), at 0.9 nine in ten of its possible values must.

Three options of one candidate that brings 60.00 if taken up, at a confidence of 0.8 (z = 0.84):

    channel  effect  error  cost   priority  at the confidence                              stands
    email     0.004  0.002  0.01       0.23  (0.004 − 0.84 × 0.002) × 60 − 0.01 = 0.13      yes
    mail      0.015  0.004  0.75       0.15  (0.015 − 0.84 × 0.004) × 60 − 0.75 = −0.05     no
    phone     0.040  0.010  4.50      −2.10                                                 no
"""

from collections.abc import Mapping

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from scipy.stats import norm

from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS, OFFER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import DataError
from pipeline.offers.allocation import Limits
from pipeline.offers.fallbacks import is_useful
from pipeline.offers.priority import group_codes

CONTACT_KEYS = (*OFFER_KEYS, "channel")
EFFECT = ("effect", "effect_error", "effect_low", "effect_high", "effect_origin")
_LISTED = 2
"""Times the candidates that compete: so many are weighed on every channel."""


def likeliest_to_change(
    engine: Engine, candidates: pd.DataFrame, effects: ir.Table, *, candidates_each: int
) -> pd.DataFrame:
    """Keep the candidates of each customer that a contact could add most to, on any channel.

    Args:
        engine: looks for the greatest effect of each candidate.
        candidates: what `weigh_candidates` returns; all of a customer together.
        effects: EFFECTS.
        candidates_each: how many candidates of a customer compete.
    """
    keys = engine.table(pa.Table.from_pandas(candidates[[*OFFER_KEYS]], preserve_index=False))
    asked = effects.semi_join(keys, [*OFFER_KEYS])
    greatest = asked.group_by([*OFFER_KEYS]).aggregate(greatest=asked.effect.max())
    known = engine.arrow(greatest).to_pandas()
    weighed = candidates.merge(known, on=[*OFFER_KEYS], how="left")
    weighed = weighed.assign(most_cents=weighed["greatest"].fillna(0.0) * stake_cents(weighed))
    order = weighed.sort_values(
        ["customer_id", "most_cents", "model", "category"], ascending=[True, False, True, True]
    )
    place = order.groupby("customer_id").cumcount()
    kept = order[place < _LISTED * candidates_each]
    return kept.drop(columns=["greatest", "most_cents"]).reset_index(drop=True)


def weigh_contacts(
    candidates: pd.DataFrame,
    permitted: pd.DataFrame,
    effects: pd.DataFrame,
    costs: Mapping[str, int],
    *,
    confidence: float,
) -> pd.DataFrame:
    """Return every candidate on every permitted channel with its effect, cost and priority.

    Args:
        candidates: what `weigh_candidates` returns.
        permitted: customer_id, channel: what the contact policy leaves open.
        effects: CONTACT_KEYS and EFFECT.
        costs: cents of a contact, by channel.
        confidence: from 0.5 up, with which an option must add something.

    Returns:
        The candidates' columns, channel, EFFECT, contact_cost_cents, priority_cents (at most 0
        where an option does not stand), and `is_explorable`: the contact would pay if it caused
        every take-up that is predicted.

    Raises:
        DataError: a permitted contact has no effect.
    """
    pairs = candidates.merge(permitted[[*CUSTOMER_CHANNEL_KEYS]], on="customer_id")
    weighed = pairs.merge(
        effects[[*CONTACT_KEYS, *EFFECT]], on=[*CONTACT_KEYS], how="left", validate="one_to_one"
    )
    if missing := int(weighed["effect"].isna().sum()):
        raise DataError(
            "an effect of every permitted contact",
            f"none for {missing:,} candidates and channels",
            "Run the stage effects again: `dvc repro effects`.",
        )
    stake = stake_cents(weighed)
    cost = weighed["channel"].map(costs).to_numpy(np.int64)
    priority = weighed["effect"].to_numpy(np.float64) * stake - cost
    doubt = float(norm.ppf(confidence)) * weighed["effect_error"].to_numpy(np.float64) * stake
    stands = priority - doubt > 0
    return weighed.assign(
        contact_cost_cents=cost,
        priority_cents=np.where(stands, priority, np.minimum(priority, 0.0)),
        is_explorable=stands | (cost < weighed["propensity"].to_numpy(np.float64) * stake),
    )


def stake_cents(candidates: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return what each candidate brings if it is taken up: value × context × lever."""
    stake = candidates["value_cents"] * candidates["context"] * candidates["lever"]
    return np.asarray(stake, dtype=np.float64)


def list_incremental_options(
    weighed: pd.DataFrame, candidates: pd.DataFrame, limits: Limits, *, candidates_each: int
) -> pd.DataFrame:
    """Return each customer's best candidates on the channels that an allocation could want.

    Each customer's options stand together, the best first, and the options of a candidate too. A
    customer without a permitted channel is in it once, without one.

    Args:
        weighed: what `weigh_contacts` returns.
        candidates: what it was given.
        limits: of the wave: without them no candidate needs a second channel.
        candidates_each: how many candidates of a customer compete.
    """
    ordered = _best_first(weighed)
    is_next = ~ordered.duplicated([*OFFER_KEYS])
    place = is_next.groupby(ordered["customer_id"]).cumsum()
    listed = ordered[place <= candidates_each]
    useful = listed[is_useful(listed, group_codes(_names(listed)), limits)]
    left = candidates[~candidates["customer_id"].isin(weighed["customer_id"])]
    lonely = left.drop_duplicates("customer_id").assign(priority_cents=0.0)
    if lonely.empty:
        return useful.reset_index(drop=True)
    options = pd.concat([useful, lonely.reindex(columns=useful.columns)], ignore_index=True)
    return options.sort_values("customer_id", kind="stable", ignore_index=True)


def _best_first(weighed: pd.DataFrame) -> pd.DataFrame:
    """Sort by customer, by the best option of each candidate, then the candidate's own options."""
    best = weighed.groupby([*OFFER_KEYS])["priority_cents"].transform("max")
    ascending = {
        "customer_id": True,
        "best": False,
        "model": True,
        "category": True,
        "priority_cents": False,
        "contact_cost_cents": True,
        "channel": True,
    }
    ordered = weighed.assign(best=best).sort_values([*ascending], ascending=[*ascending.values()])
    return ordered.drop(columns="best")


def _names(options: pd.DataFrame) -> "pd.Series[str]":
    """Return one name for each candidate of each customer."""
    return options["customer_id"] + "|" + options["model"] + "|" + options["category"]
