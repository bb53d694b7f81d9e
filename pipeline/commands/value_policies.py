"""value_policies: what targeting policies truly earn on the simulated company of this folder.

    python -m pipeline.commands.value_policies

Reads what the stages up to `effects` have made, writes `reports/policies.json`. `study policy`
calls it for each of its companies.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.features.matrix import Matrix
from pipeline.foundation import config, paths, stored_tables
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.errors import DataError
from pipeline.foundation.running import run
from pipeline.io.decision_inputs import read_wave_inputs
from pipeline.io.matrices import read_matrix
from pipeline.io.policy_options import estimated_effects, features_of, list_options
from pipeline.io.snapshots import scoring_date
from pipeline.io.tables import write_json
from pipeline.offers.wave_claim import claimed_totals
from pipeline.offers.wave_decision import WaveDecision, decide_wave
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.statistics.arrays import Floats
from pipeline.studies.policy_comparison import (
    AVERAGE,
    AVERAGE_BY_CHANNEL,
    ESTIMATED,
    PROPENSITY,
    TOLD_BY_TRUTH,
    TOLD_OWN,
    Claim,
    compare_policies,
)
from pipeline.studies.policy_truth import Known, average_effect, predict_told_by_truth
from pipeline.studies.policy_value import (
    OPTION_KEYS,
    Options,
    contacts_of_own_candidates,
    find_offers,
    take_best,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Market:
    """The permitted contacts, what an estimator may see of them, and what `decide` offers."""

    options: Options
    known: Known
    effects: Floats
    """Estimated, of each option."""
    offers: Mapping[str, pd.DataFrame]
    """NEXT_BEST_OFFERS, rows with an offer, of the decision by propensity and of that by effect."""


def main() -> None:
    """Value every policy on the permitted contacts."""
    params = config.load()
    if not paths.TRUE_EFFECTS.is_file():
        raise DataError(
            f"the true effects in {paths.TRUE_EFFECTS}",
            "no such file",
            "Only the simulated company knows them: source.name simulated, then dvc repro.",
        )
    with open_engine(params.engine) as engine:
        market = read_market(engine, params)
    found = value_policies(market, params.train.threads)
    write_json(found, paths.POLICIES_REPORT)
    log.info(
        "%d permitted contacts of %d customers: %s",
        len(market.options.customers),
        found["customers"],
        ", ".join(
            f"{name} {policy['profit']['value'] / 100:.2f}"
            for name, policy in found["policies"].items()
        ),
    )


def value_policies(market: Market, threads: int) -> dict[str, Any]:
    """Return what each policy truly earns, and what it claimed.

    An offer counts whether the experiment's draw would send or withhold it.
    """
    options, offers = market.options, market.offers
    taken = {name: find_offers(options, made[list(OPTION_KEYS)]) for name, made in offers.items()}
    claims = {
        PROPENSITY: Claim(float(offers[PROPENSITY]["priority_cents"].sum())),
        ESTIMATED: claim_profit(offers[ESTIMATED]),
    }
    is_own = contacts_of_own_candidates(options, taken[ESTIMATED], options.gain(market.effects))
    for name, effect in reference_effects(market, threads).items():
        gain = options.gain(effect)
        taken[name] = take_best(options, gain)
        claims[name] = Claim(float(gain[taken[name]].sum()))
        if name == TOLD_BY_TRUTH:
            taken[TOLD_OWN] = take_best(options, np.where(is_own, gain, -np.inf))
    return compare_policies(options, taken, claims, is_own)


def claim_profit(offers: pd.DataFrame) -> Claim:
    """Return the claim of a wave that sends every offer, as `decide` makes it."""
    profit = claimed_totals(offers)[1]
    return Claim(float(profit.value or 0.0), profit.low, profit.high)


def reference_effects(market: Market, threads: int) -> dict[str, Floats]:
    """Return the effects, learnt from the truth, by which the policies of comparison go."""
    channels = pd.factorize(market.options.keys["channel"], sort=True)[0].astype(np.int64)
    return {
        AVERAGE: average_effect(market.known, np.zeros_like(channels)),
        AVERAGE_BY_CHANNEL: average_effect(market.known, channels),
        TOLD_BY_TRUTH: predict_told_by_truth(market.known, threads),
    }


def read_market(engine: Engine, params: Params) -> Market:
    """List the contacts that `decide` may choose from, with their truth and their features."""
    inputs = read_wave_inputs(engine, params.models, scoring_date())
    decisions = {
        PROPENSITY: decide_by(engine, inputs, params, "propensity"),
        ESTIMATED: decide_by(engine, inputs, params, "effect"),
    }
    decision = decisions[PROPENSITY]
    permitted = decision.outcome.permitted.select(*CUSTOMER_CHANNEL_KEYS)
    options, propensity = list_options(
        engine.arrow(decision.candidates).to_pandas(),
        engine.arrow(permitted).to_pandas(),
        engine.arrow(decision.customers).to_pandas(),
        stored_tables.read_frame(paths.TRUE_EFFECTS),
        pd.Series(params.decide.contact_costs_cents, dtype="float64"),
    )
    matrices: dict[str, Matrix] = {
        model: read_matrix(engine, model, splits=["scoring"]) for model in params.models
    }
    features = features_of(options, propensity, matrices)
    known = Known(features, propensity, options.true_effect, options.households)
    effects = estimated_effects(options, stored_tables.read_frame(paths.EFFECTS))
    offers = {name: made.offers for name, made in decisions.items()}
    return Market(options, known, effects, offers)


def decide_by(
    engine: Engine, inputs: WaveInputs, params: Params, value: Literal["propensity", "effect"]
) -> WaveDecision:
    """Decide the wave as `decide` does, but for what it weighs by, and without exploration.

    What exploration costs is the price of learning, and no part of what a policy earns.
    """
    return decide_wave(
        engine,
        inputs,
        params.decide.model_copy(update={"value": value}),
        policy=params.contact_policy,
        experiment=params.experiment.model_copy(update={"exploration_share": 0.0}),
        key=None,
    )


if __name__ == "__main__":
    run(main)
