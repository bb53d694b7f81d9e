"""The contacts of a wave: candidate × permitted channel, and which of them compete.

`decide.value: effect` weighs a contact by its effect (`incremental_options`); `propensity`, the old
way, by the propensity and the channel's usual response (`contact_options`). Effects stand beside
either, and the contacts that exploration may draw are the same. Customers are weighed where their
rows are, some thousands at a time: of many, this is the largest table of the stage.
"""

import ibis
import ibis.expr.types as ir

from pipeline.foundation.config import DecideParams
from pipeline.foundation.contracts.frame_rows import OnFrames
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS, OFFER_KEYS
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import DataError
from pipeline.offers.channels import learn_responses
from pipeline.offers.customer_contacts import CONTACTS, Terms, WeighByEffect, WeighByPropensity
from pipeline.offers.incremental_options import CONTACT_KEYS, EFFECT
from pipeline.offers.message_counts import count_customers, messages_by_channel
from pipeline.offers.settling import limits_of
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.population.joins import left_join

BY_CUSTOMER = ("customer_id", "model", "category", "channel")
_LISTED = 2
"""Times the candidates that compete: so many are weighed on every channel."""


def list_contacts(
    engine: Engine,
    inputs: WaveInputs,
    candidates: ir.Table,
    permitted: ir.Table,
    decide: DecideParams,
) -> ir.Table:
    """Return CONTACTS: each customer's best candidates on every permitted channel.

    Args:
        engine: weighs them where they are.
        inputs: of the wave.
        candidates: WEIGHED.
        permitted: customer_id, channel: what the contact policy leaves open.
        decide: what decides, what a contact costs, and how many candidates compete.

    Raises:
        DataError: a permitted contact has no effect.
    """
    channels = permitted.select(*CUSTOMER_CHANNEL_KEYS)
    effects = inputs.effects.select(*CONTACT_KEYS, *EFFECT)
    terms = Terms(
        decide.contact_costs_cents, decide.confidence, limits_of(decide), decide.candidates
    )
    if decide.value == "effect":
        listed = _likeliest_to_change(candidates, effects, _LISTED * decide.candidates)
        weigh: WeighByEffect | WeighByPropensity = WeighByEffect(terms)
    else:
        listed = _first(candidates, candidates.gross_cents, decide.candidates)
        messages = messages_by_channel(engine, inputs.past)
        channels = left_join(channels, messages, CUSTOMER_CHANNEL_KEYS)
        weigh = WeighByPropensity(terms, learn_responses(count_customers(engine, messages)))
    pairs = left_join(left_join(listed, channels, ["customer_id"]), effects, CONTACT_KEYS)
    contacts = engine.map_groups(OnFrames(weigh, CONTACTS), pairs, CONTACTS, BY_CUSTOMER)
    _check_effects(engine, contacts)
    return contacts


def on_channels(contacts: ir.Table) -> ir.Table:
    """Leave out the options without a channel."""
    return contacts.filter(contacts.channel.notnull())


def standing_options(contacts: ir.Table) -> ir.Table:
    """Return the contacts that compete and are worth their cost."""
    return contacts.filter(contacts.option.notnull() & (contacts.priority_cents > 0))


def _likeliest_to_change(candidates: ir.Table, effects: ir.Table, most: int) -> ir.Table:
    """Keep the candidates of each customer that a contact could add most to, on any channel."""
    greatest = effects.group_by([*OFFER_KEYS]).aggregate(greatest=effects.effect.max())
    known = left_join(candidates, greatest, OFFER_KEYS)
    stake = known.value_cents.cast("float64") * known.context * known.lever
    return _first(known, known.greatest.fill_null(0.0) * stake, most).drop("greatest")


def _first(candidates: ir.Table, worth: ir.NumericValue, most: int) -> ir.Table:
    """Keep so many candidates of each customer that are worth most, of equal ones the first."""
    order = [ibis.desc(worth), candidates.model, candidates.category]
    window = ibis.window(group_by="customer_id", order_by=order)
    placed = candidates.mutate(place=ibis.row_number().over(window))
    return placed.filter(placed.place < most).drop("place")


def _check_effects(engine: Engine, contacts: ir.Table) -> None:
    without = contacts.filter(contacts.channel.notnull() & contacts.effect.isnull())
    if missing := int(engine.arrow(without.aggregate(rows=without.count()))["rows"][0].as_py()):
        raise DataError(
            "an effect of every permitted contact",
            f"none for {missing:,} candidates and channels",
            "Run the stage effects again: `dvc repro effects`.",
        )
