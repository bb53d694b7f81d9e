"""decide: scores -> at most one offer a customer, and for everybody else the reason why not."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, TREATED, UNIVERSAL_CONTROL
from pipeline.foundation.contracts.keys import (
    CUSTOMER_CATEGORY_KEYS,
    CUSTOMER_CHANNEL_KEYS,
    OFFER_KEYS,
)
from pipeline.foundation.contracts.outputs import (
    NEXT_BEST_OFFERS,
    PROPENSITIES,
    REASONS,
    RUNNERS_UP,
    SEGMENTS,
    check,
)
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.decision_inputs import (
    read_contacts,
    read_customers,
    read_frame,
    read_habits,
    read_messages,
    read_segments,
)
from pipeline.io.explaining import explain, untold_measures
from pipeline.io.matrices import read_matrix
from pipeline.io.outputs import write_output
from pipeline.io.snapshots import scoring_date
from pipeline.io.tables import read_folder, write_json
from pipeline.models.scorers import load_scorer
from pipeline.offers import arbitration, funnel, funnel_report, next_best_offers, priority
from pipeline.offers.allocation import Limits, check_limits
from pipeline.offers.arbitration import Settlement
from pipeline.offers.candidates import list_candidates, price_candidates
from pipeline.offers.channels import rank_channels
from pipeline.offers.codes import find_key, issue_codes
from pipeline.offers.contact_policy import Situation
from pipeline.offers.fallbacks import keep_useful
from pipeline.offers.product_choice import choose_products
from pipeline.offers.send_time import choose_send_time
from pipeline.offers.sensitivity import leave_parts_out
from pipeline.population.history import History, history
from pipeline.population.holdings import held_products

log = logging.getLogger(__name__)

KEY_VARIABLE = "PROPENSITY_OFFER_KEY"


@dataclass(frozen=True)
class Decision:
    """What the stage writes and reports, but for the reasons of the models."""

    decided: pd.DataFrame
    """NEXT_BEST_OFFERS."""
    offers: pd.DataFrame
    candidates: pd.DataFrame
    settlement: Settlement
    verdict: funnel.Verdict


def main() -> None:
    """Decide on every customer who is known on the scoring day."""
    params = config.load()
    funnel.check_rules(params.contact_policy.rules, params.contact_policy.limits)
    day = scoring_date()
    check(paths.table(paths.SCORES, "propensities"), PROPENSITIES)
    check(paths.SEGMENTS, SEGMENTS)
    with open_engine(params.engine) as engine:
        decision = decide(engine, params, day)
        reasons = tell_reasons(engine, params, decision.offers, day)
    decided, runners_up = decision.decided, decision.settlement.runners_up
    write_output(decided, paths.table(paths.OFFERS, "next_best_offers"), NEXT_BEST_OFFERS)
    write_output(runners_up, paths.table(paths.OFFERS, "runners_up"), RUNNERS_UP)
    write_output(reasons, paths.table(paths.OFFERS, "reasons"), REASONS)
    write_json(describe(params, decision), paths.FUNNEL)
    log.info(
        "%s: %s customers in; %s with an offer, of whom %s are to be contacted",
        next_best_offers.name_wave(day),
        f"{len(decided):,}",
        f"{len(decision.offers):,}",
        f"{(decided['arm'] == TREATED).sum():,}",
    )


def decide(engine: Engine, params: Params, day: date) -> Decision:
    """Return the decision on every customer known on the day."""
    past = history(engine, read_folder(engine, paths.VALIDATED), [day])
    people = engine.materialize(past.customers)
    held = engine.materialize(held_products(past))
    verdict = judge(engine, params, past, people, held, day=day)
    candidates = weigh(
        params, price_candidates(engine, past, held, verdict.candidates).to_pandas(), day
    )
    customers = read_customers(engine, params.experiment, people, day)
    charged = contact(engine, params, past, verdict, candidates)
    settlement = settle(engine, params, past, charged, customers)
    offers = complete(engine, params, past, draw(params, settlement, customers, day))
    decided = next_best_offers.decide_on_everybody(
        customers, offers, all_reasons(engine, verdict, settlement), day
    )
    return Decision(decided, offers, candidates, settlement, verdict)


def judge(
    engine: Engine, params: Params, past: History, people: ir.Table, held: ir.Table, *, day: date
) -> funnel.Verdict:
    """Let the contact policy say who and what stands."""
    scores = engine.read(paths.table(paths.SCORES, "propensities"))
    populations: dict[str, ir.Table] = {
        model: engine.read(paths.table(paths.POPULATION, model)) for model in params.models
    }
    candidates = engine.materialize(list_candidates(scores, populations, past))
    channels = engine.table(pa.table({"channel": sorted(params.decide.contact_costs_cents)}))
    policy = params.contact_policy
    days = funnel.longest_window(policy.rules, policy.limits)
    situation = Situation(
        history=past,
        customers=people,
        candidates=engine.materialize(choose_products(engine, past, people, held, candidates)),
        reachable=engine.materialize(people.select("customer_id").cross_join(channels)),
        contacts=engine.materialize(read_contacts(engine, past, day, days)),
    )
    verdict = funnel.apply_rules(engine, situation, policy.rules, policy.limits)
    for name in verdict.switched_off:
        log.warning("contact policy: %s excludes nobody, the source lacks its table", name)
    for remedy in verdict.remedies.values():
        log.warning("contact policy: %s", remedy)
    return verdict


def weigh(params: Params, priced: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return every standing candidate with the parts of its priority."""
    decide = params.decide
    unpriced = priced.loc[priced["price_cents"].isna(), "product_id"].nunique()
    if unpriced:
        log.warning("%d products have no price: decide.default_price counts for them", unpriced)
    value = priority.value_offers(
        priced,
        default_price_cents=int(decide.default_price * 100),
        default_margin_rate=decide.default_margin_rate,
        subscription_payments=decide.subscription_payments,
    )
    context = priority.weigh_seasons(priced["category"], day.month, decide.seasons)
    lever = priority.weigh_levers(priced, decide.levers)
    offered = priced[["customer_id", "model", "category", "product_id", "propensity"]]
    weighed = offered.assign(value_cents=value, context=context, lever=lever)
    return weighed.assign(gross_cents=priority.prioritise(weighed))


def contact(
    engine: Engine,
    params: Params,
    past: History,
    verdict: funnel.Verdict,
    candidates: pd.DataFrame,
) -> pd.DataFrame:
    """Return the best offers of each customer on the channels that could reach them, less the cost."""
    listed = arbitration.shortlist(candidates, params.decide.candidates)
    best = arbitration.best_of_each(listed)
    permitted = read_frame(engine, verdict.permitted.select(*CUSTOMER_CHANNEL_KEYS))
    costs = params.decide.contact_costs_cents
    ranked = rank_channels(
        best[["customer_id", "propensity", "value_cents"]],
        arbitration.affordable(permitted, best, costs),
        read_messages(engine, past),
        costs,
    )
    return arbitration.charge(listed, keep_useful(ranked, read_limits(params)))


def settle(
    engine: Engine, params: Params, past: History, charged: pd.DataFrame, customers: pd.DataFrame
) -> Settlement:
    """Compare offers, and keep to capacities and budget."""
    categories = read_frame(engine, past.products.select("category").distinct())["category"]
    limits = read_limits(params)
    check_limits(
        limits,
        models=set(params.models),
        categories=set(categories),
        channels=set(params.decide.contact_costs_cents),
    )
    return arbitration.settle(charged, compare_offers(engine, params, customers, charged), limits)


def read_limits(params: Params) -> Limits:
    """Return what a wave may not exceed."""
    capacities, budget = params.decide.capacities, params.decide.budget
    return Limits(
        models=capacities.models,
        categories=capacities.categories,
        channels=capacities.channels,
        budget_cents=None if budget is None else int(budget * 100),
    )


def compare_offers(
    engine: Engine, params: Params, customers: pd.DataFrame, charged: pd.DataFrame
) -> Mapping[str, str]:
    """Return who is left out once offers are compared, and by which rule."""
    best = arbitration.best_of_each(charged)
    best = best.loc[best["priority_cents"] > 0, ["customer_id", "priority_cents"]]
    offers = best.merge(customers[["customer_id", "household_id"]], on="customer_id")
    table = pa.table(
        {
            "customer_id": pa.array(offers["customer_id"], pa.string(), from_pandas=True),
            "household_id": pa.array(offers["household_id"], pa.string(), from_pandas=True),
            "priority_cents": pa.array(offers["priority_cents"], pa.float64()),
        }
    )
    policy = params.contact_policy
    return funnel.apply_offer_rules(engine, table, policy.rules, policy.limits)


def draw(
    params: Params, settlement: Settlement, customers: pd.DataFrame, day: date
) -> pd.DataFrame:
    """Add campaign, validity and arm to the offers."""
    offers = next_best_offers.date_offers(settlement.offers, day, params.decide.valid_days)
    experiment = params.experiment
    arms = next_best_offers.draw_arms(
        offers, customers, share=experiment.campaign_share, salt=experiment.salt
    )
    return offers.assign(arm=arms)


def complete(
    engine: Engine,
    params: Params,
    past: History,
    offers: pd.DataFrame,
) -> pd.DataFrame:
    """Add the hour, the device and the code to the offers."""
    hours, devices = read_habits(engine, past, offers["customer_id"])
    segments = read_segments(engine, offers["customer_id"])
    contact_hours = params.decide.contact_hours
    times = choose_send_time(offers.assign(segment=segments), hours, devices, contact_hours)
    offers = offers.join(times)
    key = find_key(os.environ.get(KEY_VARIABLE), params.decide.offer_key)
    is_sent = offers["arm"] == TREATED
    codes = None if key is None else issue_codes(offers[is_sent], key).reindex(offers.index)
    return offers.assign(offer_code=codes)


def all_reasons(engine: Engine, verdict: funnel.Verdict, settlement: Settlement) -> pd.Series:
    """Return customer_id -> why there is no offer: the policy's reasons and the arbitration's."""
    fallen = read_frame(engine, verdict.fallen).set_index("customer_id")
    reasons: pd.Series = pd.concat(
        [fallen["suppression_reason"].astype("object"), settlement.reasons]
    )
    return reasons


def tell_reasons(engine: Engine, params: Params, offers: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return why each offer is likely to be taken up, told by the model that scored it.

    What `score` has told of each customer's best candidates is not worked out again.
    """
    untold = untold_measures(params.exports.sensitive_attributes)
    keys = [*OFFER_KEYS]
    known = pd.read_parquet(paths.table(paths.SCORES, "reasons"))
    told = [known.merge(offers[keys], on=keys)]
    offered = pd.MultiIndex.from_frame(offers[keys])
    untold_offers = offers[~offered.isin(pd.MultiIndex.from_frame(known[keys]))]
    for model in params.models:
        mine = untold_offers.loc[untold_offers["model"] == model, [*CUSTOMER_CATEGORY_KEYS]]
        if mine.empty:
            continue
        wanted = pa.Table.from_pandas(mine.assign(as_of_date=day), preserve_index=False)
        matrix = read_matrix(engine, model, splits=["scoring"], among=wanted)
        champion = load_scorer(paths.champion(params.source.name, model))
        rows = pd.RangeIndex(len(matrix.features)).to_numpy()
        count = params.exports.reasons
        told.append(explain(model, champion, matrix, rows, count=count, untold=untold))
    return pd.concat(told)


def describe(params: Params, decision: Decision) -> dict[str, Any]:
    """Return reports/funnel.json."""
    decided, verdict = decision.decided, decision.verdict
    rules = params.contact_policy.rules
    order = [
        funnel.NOTHING_ELIGIBLE,
        *(rule for rule in rules if rule in verdict.touched),
        arbitration.NOT_WORTH_IT,
        *(rule for rule in rules if rule not in verdict.touched),
        arbitration.OVER_CAPACITY,
        UNIVERSAL_CONTROL,
        CAMPAIGN_CONTROL,
    ]
    experiment = params.experiment
    return {
        "wave": str(decided["wave"].iloc[0]),
        "as_of_date": str(decided["as_of_date"].iloc[0]),
        "customers": len(decided),
        "funnel": funnel_report.count_falls(decided["suppression_reason"], order),
        "touched_by_rule": dict(verdict.touched),
        "rules_switched_off": list(verdict.switched_off),
        "remedies": dict(verdict.remedies),
        "offers": funnel_report.count_offers(decided),
        "allocation": funnel_report.describe_allocation(decision.settlement.allocation),
        "sensitivity": leave_parts_out(decision.candidates),
        "sample_size": funnel_report.advise_sample_sizes(
            decided, power=experiment.power, confidence=experiment.confidence
        ),
    }


if __name__ == "__main__":
    run(main)
