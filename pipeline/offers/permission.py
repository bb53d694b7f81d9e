"""Who may be contacted about what, and on which channel: the contact policy on scored candidates."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from pipeline.foundation.config import ContactPolicyParams
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.contracts.outputs import PERMITTED_CHANNELS
from pipeline.foundation.engines import Engine
from pipeline.offers.contact_history import known_contacts
from pipeline.offers.contact_policy import ContactFacts
from pipeline.offers.policy_application import PolicyOutcome, apply_rules
from pipeline.offers.policy_settings import longest_window
from pipeline.offers.product_choice import choose_products
from pipeline.offers.scored_candidates import list_candidates
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.population.consents import standing_consents


def permit(
    engine: Engine, inputs: WaveInputs, channels: Sequence[str], policy: ContactPolicyParams
) -> PolicyOutcome:
    """Let the contact policy say which candidates and channels stand.

    Args:
        engine: computes.
        inputs: of the wave.
        channels: those that can be used at all, sorted: each has a cost.
        policy: which rules hold, in which order, within which limits.
    """
    past, people = inputs.past, inputs.people
    candidates = engine.materialize(list_candidates(inputs.scores, inputs.populations, past))
    used = engine.table(pa.table({"channel": channels}))
    days = longest_window(policy.rules, policy.limits)
    contacts = known_contacts(past, inputs.earlier_waves, inputs.day, days)
    facts = ContactFacts(
        history=past,
        customers=people,
        candidates=engine.materialize(
            choose_products(engine, past, people, inputs.held, candidates)
        ),
        reachable=engine.materialize(people.select("customer_id").cross_join(used)),
        contacts=engine.materialize(contacts),
    )
    return apply_rules(engine, facts, policy.rules, policy.limits)


def permitted_channels(inputs: WaveInputs, outcome: PolicyOutcome) -> ir.Table:
    """Return PERMITTED_CHANNELS: customer_id × channel with a consent, or left open by the policy.

    Both are said, for they differ: a rule may close a channel that the customer consents to, and
    the policy may use a channel that needs no consent, but no contact detail leaves without one.
    """
    yes = ibis.literal(True)
    permitted = outcome.permitted.select(*CUSTOMER_CHANNEL_KEYS, is_permitted=yes)
    consents = standing_consents(inputs.past)
    if consents is None:
        none = permitted.mutate(has_consent=ibis.literal(False))
        return none.select(*PERMITTED_CHANNELS.names)
    both = consents.mutate(has_consent=yes).outer_join(permitted, CUSTOMER_CHANNEL_KEYS)
    no = ibis.literal(False)
    return both.select(
        **{key: ibis.coalesce(both[key], both[f"{key}_right"]) for key in CUSTOMER_CHANNEL_KEYS},
        has_consent=both.has_consent.fill_null(no),
        is_permitted=both.is_permitted.fill_null(no),
    )
