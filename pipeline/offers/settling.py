"""Settling a wave: offers of one household compared, then arbitration within the wave's limits."""

import ibis.expr.types as ir

from pipeline.foundation.config import ContactPolicyParams, DecideParams
from pipeline.foundation.engines import Engine
from pipeline.offers.allocation import Limits
from pipeline.offers.arbitration import Settlement, settle
from pipeline.offers.incremental_options import CONTACT_KEYS
from pipeline.offers.policy_application import apply_offer_rules
from pipeline.population.joins import left_join


def limits_of(decide: DecideParams) -> Limits:
    """Return what a wave may not exceed."""
    capacities, budget = decide.capacities, decide.budget
    return Limits(
        models=capacities.models,
        categories=capacities.categories,
        channels=capacities.channels,
        budget_cents=None if budget is None else int(budget * 100),
    )


def settle_wave(
    engine: Engine,
    standing: ir.Table,
    customers: ir.Table,
    policy: ContactPolicyParams,
    limits: Limits,
) -> Settlement:
    """Decide who is offered what; of each option its keys, worth and cost are in memory.

    Args:
        engine: runs the rules that compare offers.
        standing: CONTACTS that compete and are worth their cost.
        customers: customer_id, household_id of everybody known.
        policy: the rules that compare offers.
        limits: capacities and budget.
    """
    ordered = standing.order_by("customer_id", "option")
    options = engine.arrow(
        ordered.select(*CONTACT_KEYS, "priority_cents", "contact_cost_cents")
    ).to_pandas()
    best = left_join(standing.filter(standing.option == 0), customers, ["customer_id"])
    offers = best.select("customer_id", "household_id", "priority_cents")
    excluded = apply_offer_rules(engine, offers, policy.rules, policy.limits)
    return settle(options, excluded, limits)
