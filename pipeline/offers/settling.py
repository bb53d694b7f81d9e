"""Settling a wave: offers of one household compared, then arbitration within the wave's limits."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from pipeline.foundation.config import ContactPolicyParams, DecideParams
from pipeline.foundation.engines import Engine
from pipeline.offers.allocation import Limits
from pipeline.offers.arbitration import Settlement, settle
from pipeline.offers.contact_options import best_of_each
from pipeline.offers.policy_application import apply_offer_rules


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
    options: pd.DataFrame,
    customers: pd.DataFrame,
    policy: ContactPolicyParams,
    limits: Limits,
) -> Settlement:
    """Decide who is offered what.

    Args:
        engine: runs the rules that compare offers.
        options: what `list_contact_options` returns.
        customers: customer_id, household_id of everybody known.
        policy: the rules that compare offers.
        limits: capacities and budget.
    """
    return settle(options, _compare_offers(engine, options, customers, policy), limits)


def _compare_offers(
    engine: Engine, options: pd.DataFrame, customers: pd.DataFrame, policy: ContactPolicyParams
) -> Mapping[str, str]:
    """Return who is left out once offers are compared, and by which rule."""
    best = best_of_each(options)
    best = best.loc[best["priority_cents"] > 0, ["customer_id", "priority_cents"]]
    offers = best.merge(customers[["customer_id", "household_id"]], on="customer_id")
    table = pa.table(
        {
            "customer_id": pa.array(offers["customer_id"], pa.string(), from_pandas=True),
            "household_id": pa.array(offers["household_id"], pa.string(), from_pandas=True),
            "priority_cents": pa.array(offers["priority_cents"], pa.float64()),
        }
    )
    return apply_offer_rules(engine, table, policy.rules, policy.limits)
