"""The options of a wave: candidate × channel, by what a contact changes or by what happens anyway.

`decide.value: effect` weighs an option by its effect (`incremental_options`); `propensity`, the old
way, by the propensity and the channel's usual response (`contact_options`). Effects stand beside
either, and the contacts that exploration may draw are the same.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.foundation.config import DecideParams
from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.offers.contact_options import list_contact_options, shortlist
from pipeline.offers.incremental_options import (
    CONTACT_KEYS,
    EFFECT,
    likeliest_to_change,
    list_incremental_options,
    weigh_contacts,
)
from pipeline.offers.message_counts import messages_by_channel
from pipeline.offers.priority import group_codes
from pipeline.offers.settling import limits_of
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.statistics.stacking import stack_frames

CUSTOMERS = 100_000
"""Whose candidates are weighed at once: every one of them stands on every channel there."""


@dataclass(frozen=True)
class WaveOptions:
    """What arbitration chooses from, and what exploration may draw."""

    options: pd.DataFrame
    """Each customer's together, the best first; see `settle`."""
    contacts: pd.DataFrame
    """What `weigh_contacts` returns."""


def list_wave_options(
    engine: Engine,
    inputs: WaveInputs,
    candidates: pd.DataFrame,
    permitted: pd.DataFrame,
    decide: DecideParams,
) -> WaveOptions:
    """Weigh the candidates that compete on every permitted channel, so many customers at a time.

    Args:
        engine: reads effects and counts messages.
        inputs: of the wave.
        candidates: what `weigh_candidates` returns, by customer.
        permitted: customer_id, channel: what the contact policy leaves open.
        decide: what decides, what a contact costs, and how many candidates compete.
    """
    parts = [
        _list_part(engine, inputs, some, permitted, decide)
        for some in parts_of_customers(candidates, CUSTOMERS)
    ]
    return WaveOptions(
        *(stack_frames([getattr(part, name) for part in parts]) for name in ("options", "contacts"))
    )


def parts_of_customers(rows: pd.DataFrame, customers: int) -> list[pd.DataFrame]:
    """Return rows in parts of so many customers, at least one; all of a customer stand together."""
    number = group_codes(rows["customer_id"])
    starts = np.searchsorted(number, np.arange(0, number.max(initial=0) + 1, customers))
    return [rows.iloc[start:end] for start, end in pairwise([*starts, len(rows)])]


def _list_part(
    engine: Engine,
    inputs: WaveInputs,
    candidates: pd.DataFrame,
    permitted: pd.DataFrame,
    decide: DecideParams,
) -> WaveOptions:
    by_effect = decide.value == "effect"
    listed = (
        likeliest_to_change(engine, candidates, inputs.effects, candidates_each=decide.candidates)
        if by_effect
        else shortlist(candidates, decide.candidates)
    )
    contacts = weigh_contacts(
        listed,
        permitted[permitted["customer_id"].isin(listed["customer_id"])],
        _effects_of(engine, inputs, listed),
        decide.contact_costs_cents,
        confidence=decide.confidence,
    )
    options = (
        list_incremental_options(
            contacts, listed, limits_of(decide), candidates_each=decide.candidates
        )
        if by_effect
        else _by_propensity(engine, inputs, candidates, permitted, decide).merge(
            contacts[[*CONTACT_KEYS, *EFFECT, "is_explorable"]], on=[*CONTACT_KEYS], how="left"
        )
    )
    return WaveOptions(options, contacts)


def _effects_of(engine: Engine, inputs: WaveInputs, listed: pd.DataFrame) -> pd.DataFrame:
    keys = engine.table(pa.Table.from_pandas(listed[[*OFFER_KEYS]], preserve_index=False))
    effects: pd.DataFrame = engine.arrow(
        inputs.effects.semi_join(keys, [*OFFER_KEYS]).select(*CONTACT_KEYS, *EFFECT)
    ).to_pandas()
    return effects


def _by_propensity(
    engine: Engine,
    inputs: WaveInputs,
    candidates: pd.DataFrame,
    permitted: pd.DataFrame,
    decide: DecideParams,
) -> pd.DataFrame:
    return list_contact_options(
        candidates,
        permitted,
        messages_by_channel(engine, inputs.past),
        decide.contact_costs_cents,
        limits_of(decide),
        candidates_each=decide.candidates,
    )
