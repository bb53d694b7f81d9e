"""The decision of one wave: at most one offer a customer, and for everybody else the reason.

1. The contact policy says which candidates and channels stand (`permission`).
2. Standing candidates are priced and weighed (`scored_candidates`, `weighing`).
3. Candidate × channel, with effects, costs and priorities, is one table (`wave_options`).
4. Arbitration leaves at most one option a customer, within the limits (`settling`).
5. A share of the offers is drawn at random among what is permitted (`exploration`).
6. Offers get validity, arm, hour and code (`completing`); the rest keep their reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.foundation.config import ContactPolicyParams, DecideParams, ExperimentParams
from pipeline.foundation.contracts.hand_overs.funnel_report import PrioritySensitivity
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.engines import Engine
from pipeline.offers.allocation import check_limits
from pipeline.offers.arbitration import REASON, Settlement
from pipeline.offers.completing import date_and_draw, time_and_code
from pipeline.offers.experiment import universal_control
from pipeline.offers.exploration import contacts_to_explore, explore_offers, log_contacts
from pipeline.offers.local_time import unused_places
from pipeline.offers.next_best_offers import decide_on_everybody, name_wave
from pipeline.offers.permission import permit
from pipeline.offers.policy_application import PolicyOutcome
from pipeline.offers.scored_candidates import price_candidates
from pipeline.offers.sensitivity import BY_EFFECT, BY_PROPENSITY, leave_parts_out
from pipeline.offers.settling import limits_of, settle_wave
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.offers.wave_options import list_wave_options
from pipeline.offers.weighing import count_unpriced, weigh_candidates


@dataclass(frozen=True)
class WaveDecision:
    """What was decided, and what it was decided from."""

    decided: pd.DataFrame
    """NEXT_BEST_OFFERS."""
    offers: pd.DataFrame
    """The rows of `decided` that have an offer, sent or not."""
    decided_by: str
    """`decide.value`: effect or propensity."""
    candidates: pd.DataFrame
    """What `weigh_candidates` returns."""
    sensitivity: Mapping[str, PrioritySensitivity]
    """What `leave_parts_out` returns."""
    logged: pd.DataFrame
    """What `log_contacts` returns."""
    settlement: Settlement
    outcome: PolicyOutcome
    unpriced_products: int
    """Products without a price, for which the default counts."""
    unused_places: list[str]
    """What `unused_places` returns."""


def decide_wave(
    engine: Engine,
    inputs: WaveInputs,
    decide: DecideParams,
    *,
    policy: ContactPolicyParams,
    experiment: ExperimentParams,
    key: bytes | None,
) -> WaveDecision:
    """Decide on every customer known on the day.

    Args:
        engine: computes what is too large for memory.
        inputs: the tables of the day.
        decide: what an offer is worth, what a contact costs, and how many there may be.
        policy: who may be contacted.
        experiment: who is left alone.
        key: of the offer codes; without one there are none.
    """
    costs = decide.contact_costs_cents
    limits = limits_of(decide)
    outcome = permit(engine, inputs, sorted(costs), policy)
    priced = price_candidates(engine, inputs.past, inputs.held, outcome.candidates).to_pandas()
    candidates, unpriced = (
        weigh_candidates(priced, decide, inputs.day.month),
        count_unpriced(priced),
    )
    del priced  # as large as the candidates
    products = engine.arrow(inputs.past.products.select("category").distinct())
    check_limits(
        limits,
        models=set(inputs.populations),
        categories=set(products["category"].to_pylist()),
        channels=set(costs),
    )
    permitted = outcome.permitted.select(*CUSTOMER_CHANNEL_KEYS)
    weighed = list_wave_options(
        engine, inputs, candidates, engine.arrow(permitted).to_pandas(), decide
    )
    sensitivity = (
        leave_parts_out(weighed.contacts, BY_EFFECT)
        if decide.value == "effect"
        else leave_parts_out(candidates, BY_PROPENSITY)
    )
    customers = list_customers(engine, inputs, experiment)
    settlement = settle_wave(engine, weighed.options, customers, policy, limits)
    explorable = contacts_to_explore(weighed.contacts, settlement.offers)
    del weighed  # more than all that follows
    share, salt = experiment.exploration_share, f"{experiment.salt}|{name_wave(inputs.day)}"
    explored = explore_offers(settlement.offers, explorable, limits, share=share, salt=salt)
    drawn = date_and_draw(explored, customers, inputs.day, decide.valid_days, experiment)
    offers = time_and_code(engine, inputs, drawn, decide, key)
    reasons = all_reasons(engine, outcome, settlement)
    return WaveDecision(
        decided=decide_on_everybody(customers, offers, reasons, inputs.day),
        offers=offers,
        decided_by=decide.value,
        candidates=candidates,
        sensitivity=sensitivity,
        logged=log_contacts(settlement.offers, explorable, share=share, salt=salt),
        settlement=settlement,
        outcome=outcome,
        unpriced_products=unpriced,
        unused_places=unused_places(engine, inputs.people, decide.timezone),
    )


def list_customers(
    engine: Engine, inputs: WaveInputs, experiment: ExperimentParams
) -> pd.DataFrame:
    """Return customer_id, household_id and is_universal_control of everybody known, sorted."""
    known = inputs.people.select("customer_id", "household_id").order_by("customer_id")
    customers: pd.DataFrame = engine.arrow(known).to_pandas()
    waves = [
        wave.filter(wave.as_of_date < inputs.day).select("customer_id", "is_universal_control")
        for wave in inputs.earlier_waves
    ]
    earlier = [engine.arrow(wave.order_by("customer_id")).to_pandas() for wave in waves]
    return customers.assign(
        is_universal_control=universal_control(
            customers,
            share=experiment.universal_share,
            salt=experiment.salt,
            earlier=pd.concat(earlier) if earlier else None,
        )
    )


def all_reasons(engine: Engine, outcome: PolicyOutcome, settlement: Settlement) -> pd.Series:
    """Return customer_id -> why there is no offer: the policy's reasons and the arbitration's."""
    fallen = engine.arrow(outcome.fallen).to_pandas().set_index("customer_id")
    reasons: pd.Series = pd.concat([fallen[REASON].astype("object"), settlement.reasons])
    return reasons
