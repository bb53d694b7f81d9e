"""The decision of one wave: at most one offer a customer, and for everybody else the reason.

1. The contact policy says which candidates and channels stand (`permission`).
2. Standing candidates are priced and weighed (`scored_candidates`, `weighing`).
3. Candidate × channel, with costs and priorities, is one table (`contact_options`).
4. Arbitration leaves at most one option a customer, within the limits (`settling`).
5. Offers get validity, arm, hour and code (`completing`); the rest keep their reason.
"""

from dataclasses import dataclass

import pandas as pd

from pipeline.foundation.config import ContactPolicyParams, DecideParams, ExperimentParams
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.engines import Engine
from pipeline.offers.allocation import check_limits
from pipeline.offers.arbitration import REASON, Settlement
from pipeline.offers.completing import date_and_draw, time_and_code
from pipeline.offers.contact_options import list_contact_options
from pipeline.offers.experiment import universal_control
from pipeline.offers.message_counts import messages_by_channel
from pipeline.offers.next_best_offers import decide_on_everybody
from pipeline.offers.permission import permit
from pipeline.offers.policy_application import PolicyOutcome
from pipeline.offers.scored_candidates import price_candidates
from pipeline.offers.settling import limits_of, settle_wave
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.offers.weighing import count_unpriced, weigh_candidates


@dataclass(frozen=True)
class WaveDecision:
    """What was decided, and what it was decided from."""

    decided: pd.DataFrame
    """NEXT_BEST_OFFERS."""
    offers: pd.DataFrame
    """The rows of `decided` that have an offer, sent or not."""
    candidates: pd.DataFrame
    """What `weigh_candidates` returns."""
    settlement: Settlement
    outcome: PolicyOutcome
    unpriced_products: int
    """Products without a price, for which the default counts."""


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
    candidates = weigh_candidates(priced, decide, inputs.day.month)
    products = engine.arrow(inputs.past.products.select("category").distinct())
    check_limits(
        limits,
        models=set(inputs.populations),
        categories=set(products["category"].to_pylist()),
        channels=set(costs),
    )
    permitted = outcome.permitted.select(*CUSTOMER_CHANNEL_KEYS)
    options = list_contact_options(
        candidates,
        engine.arrow(permitted).to_pandas(),
        messages_by_channel(engine, inputs.past),
        costs,
        limits,
        candidates_each=decide.candidates,
    )
    customers = list_customers(engine, inputs, experiment)
    settlement = settle_wave(engine, options, customers, policy, limits)
    drawn = date_and_draw(settlement.offers, customers, inputs.day, decide.valid_days, experiment)
    offers = time_and_code(engine, inputs, drawn, decide, key)
    reasons = all_reasons(engine, outcome, settlement)
    return WaveDecision(
        decided=decide_on_everybody(customers, offers, reasons, inputs.day),
        offers=offers,
        candidates=candidates,
        settlement=settlement,
        outcome=outcome,
        unpriced_products=count_unpriced(priced),
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
