"""The decision of one wave: at most one offer a customer, and for everybody else the reason.

1. The contact policy says which candidates and channels stand (`permission`).
2. Standing candidates are priced and weighed (`scored_candidates`, `weighing`).
3. Candidate × channel, with effects, costs and priorities, is one table (`wave_contacts`).
4. Arbitration leaves at most one option a customer, within the limits (`settling`).
5. A share of the offers is drawn at random among what is permitted (`exploration`).
6. Offers get validity, arm, hour and code (`completing`); the rest keep their reason.

What has more rows than there are customers stays with the engine. In memory are the options that
are worth their cost, by their keys, and the offers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation.config import ContactPolicyParams, DecideParams, ExperimentParams
from pipeline.foundation.contracts.frame_rows import to_rows
from pipeline.foundation.contracts.hand_overs.funnel_report import PrioritySensitivity
from pipeline.foundation.engines import Engine
from pipeline.offers.allocation import check_limits
from pipeline.offers.arbitration import NOT_WORTH_IT, REASON, Settlement
from pipeline.offers.completing import date_and_draw, time_and_code
from pipeline.offers.decided_customers import OFFERED, count_reasons, decide_on_everybody
from pipeline.offers.exploration import explore_offers, log_contacts, read_chosen
from pipeline.offers.local_time import unused_places
from pipeline.offers.next_best_offers import name_wave
from pipeline.offers.permission import permit
from pipeline.offers.policy_application import PolicyOutcome
from pipeline.offers.runners_up import list_runners_up
from pipeline.offers.scored_candidates import count_unpriced, price_candidates
from pipeline.offers.sensitivity import BY_EFFECT, BY_PROPENSITY, measure_sensitivity
from pipeline.offers.settling import limits_of, settle_wave
from pipeline.offers.wave_contacts import list_contacts, on_channels, standing_options
from pipeline.offers.wave_customers import list_customers
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.offers.weighing import weigh_candidates


@dataclass(frozen=True)
class WaveDecision:
    """What was decided, and what it was decided from."""

    day: date
    decided: ir.Table
    """NEXT_BEST_OFFERS."""
    reasons: Mapping[str | None, int]
    """Reason why a customer is not contacted, None of those who are -> customers."""
    offers: pd.DataFrame
    """The rows of `decided` that have an offer, sent or not."""
    decided_by: str
    """`decide.value`: effect or propensity."""
    candidates: ir.Table
    """WEIGHED: those that stand."""
    customers: ir.Table
    """CUSTOMERS."""
    sensitivity: Mapping[str, PrioritySensitivity]
    """What `measure_sensitivity` returns."""
    logged: ir.Table
    """LOGGED."""
    runners_up: ir.Table
    """What `list_runners_up` returns."""
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
    _check_limits(engine, inputs, decide)
    outcome = permit(engine, inputs, sorted(decide.contact_costs_cents), policy)
    priced = engine.materialize(
        price_candidates(engine, inputs.past, inputs.held, outcome.candidates)
    )
    candidates = weigh_candidates(engine, priced, decide, inputs.day.month)
    contacts = list_contacts(engine, inputs, candidates, outcome.permitted, decide)
    standing = standing_options(contacts)
    customers = list_customers(engine, inputs, experiment)
    settlement = settle_wave(engine, standing, customers, policy, limits_of(decide))
    chosen = engine.table(settlement.chosen)
    share, salt = experiment.exploration_share, f"{experiment.salt}|{name_wave(inputs.day)}"
    logged = log_contacts(engine, contacts, chosen, share=share, salt=salt)
    explored = explore_offers(
        read_chosen(engine, standing, chosen, logged),
        engine.arrow(logged.filter(logged.is_drawn)).to_pandas(),
        limits_of(decide),
        salt=salt,
    )
    drawn = date_and_draw(
        engine,
        explored,
        customers,
        day=inputs.day,
        valid_days=decide.valid_days,
        experiment=experiment,
    )
    offers = time_and_code(engine, inputs, drawn, decide, key)
    decided = decide_on_everybody(
        engine,
        customers,
        engine.table(to_rows(offers, OFFERED)),
        all_reasons(engine, outcome, candidates.anti_join(standing, "customer_id"), settlement),
        inputs.day,
    )
    return WaveDecision(
        day=inputs.day,
        decided=decided,
        reasons=count_reasons(engine, decided),
        offers=offers,
        decided_by=decide.value,
        candidates=candidates,
        customers=customers,
        sensitivity=(
            measure_sensitivity(engine, on_channels(contacts), BY_EFFECT)
            if decide.value == "effect"
            else measure_sensitivity(engine, candidates, BY_PROPENSITY)
        ),
        logged=logged,
        runners_up=list_runners_up(standing, chosen),
        settlement=settlement,
        outcome=outcome,
        unpriced_products=count_unpriced(engine, priced),
        unused_places=unused_places(engine, inputs.people, decide.timezone),
    )


def _check_limits(engine: Engine, inputs: WaveInputs, decide: DecideParams) -> None:
    products = engine.arrow(inputs.past.products.select("category").distinct())
    check_limits(
        limits_of(decide),
        models=set(inputs.populations),
        categories=set(products["category"].to_pylist()),
        channels=set(decide.contact_costs_cents),
    )


def all_reasons(
    engine: Engine, outcome: PolicyOutcome, unworthy: ir.Table, settlement: Settlement
) -> ir.Table:
    """Return customer_id and suppression_reason of whoever is offered nothing.

    Args:
        engine: holds what arbitration says.
        outcome: of the contact policy.
        unworthy: candidates of customers who have no option that is worth its cost.
        settlement: what arbitration says of those who have.
    """
    names = ("customer_id", REASON)
    unoffered = unworthy.select("customer_id").distinct()
    schema = pa.schema([(name, pa.string()) for name in names])
    return ibis.union(
        outcome.fallen.select(*names),
        unoffered.mutate(suppression_reason=ibis.literal(NOT_WORTH_IT)),
        engine.table(pa.Table.from_pandas(settlement.reasons, schema, preserve_index=False)),
    )
