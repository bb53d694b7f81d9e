"""value_policies: what targeting policies truly earn on the simulated company of this folder.

    python -m pipeline.commands.value_policies

Reads what the stages up to `effects` have made, writes `reports/policies.json`. `study policy`
calls it for each of its companies.
"""

import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.features.matrix import Matrix
from pipeline.foundation import config, paths
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
from pipeline.offers.wave_decision import WaveDecision, decide_wave, list_customers
from pipeline.offers.wave_inputs import WaveInputs
from pipeline.statistics.arrays import Floats, Ints
from pipeline.studies.policy_comparison import (
    AVERAGE,
    AVERAGE_BY_CHANNEL,
    ESTIMATED,
    PROPENSITY,
    TOLD_BY_TRUTH,
    Claim,
    compare_policies,
)
from pipeline.studies.policy_truth import Known, average_effect, predict_told_by_truth
from pipeline.studies.policy_value import OPTION_KEYS, Options, find_offers, take_best

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Market:
    """The permitted contacts, what an estimator may see of them, and the decision by propensity."""

    options: Options
    known: Known
    by_propensity: pd.DataFrame
    """NEXT_BEST_OFFERS, rows with an offer."""


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
    """Return what each policy truly earns, and what it claimed."""
    options, offers = market.options, market.by_propensity
    taken: dict[str, Ints] = {PROPENSITY: find_offers(options, offers[list(OPTION_KEYS)])}
    claims = {PROPENSITY: Claim(float(offers["priority_cents"].sum()))}
    for name, effect in effects_of(market, threads).items():
        gain = options.gain(effect)
        taken[name] = take_best(options, gain)
        claims[name] = Claim(float(gain[taken[name]].sum()))
    return compare_policies(options, taken, claims)


def effects_of(market: Market, threads: int) -> dict[str, Floats]:
    """Return the effects that policies go by, besides those of the oracle."""
    channels = pd.factorize(market.options.keys["channel"], sort=True)[0].astype(np.int64)
    found = {
        AVERAGE: average_effect(market.known, np.zeros_like(channels)),
        AVERAGE_BY_CHANNEL: average_effect(market.known, channels),
        TOLD_BY_TRUTH: predict_told_by_truth(market.known, threads),
    }
    if paths.EFFECTS.is_file():
        found[ESTIMATED] = estimated_effects(market.options, pd.read_parquet(paths.EFFECTS))
    return found


def read_market(engine: Engine, params: Params) -> Market:
    """List the contacts that `decide` may choose from, with their truth and their features."""
    inputs = read_wave_inputs(engine, params.models, scoring_date())
    decision = decide_by_propensity(engine, inputs, params)
    permitted = decision.outcome.permitted.select(*CUSTOMER_CHANNEL_KEYS)
    options, propensity = list_options(
        decision.candidates,
        engine.arrow(permitted).to_pandas(),
        list_customers(engine, inputs, params.experiment),
        pd.read_parquet(paths.TRUE_EFFECTS),
        pd.Series(params.decide.contact_costs_cents, dtype="float64"),
    )
    matrices: dict[str, Matrix] = {
        model: read_matrix(engine, model, splits=["scoring"]) for model in params.models
    }
    features = features_of(options, propensity, matrices)
    known = Known(features, propensity, options.true_effect, options.households)
    return Market(options, known, decision.offers)


def decide_by_propensity(engine: Engine, inputs: WaveInputs, params: Params) -> WaveDecision:
    """Decide the wave by propensity × value, whatever the parameters decide by."""
    return decide_wave(
        engine,
        inputs,
        params.decide.model_copy(update={"value": "propensity"}),
        policy=params.contact_policy,
        experiment=params.experiment.model_copy(update={"exploration_share": 0.0}),
        key=None,
    )


if __name__ == "__main__":
    run(main)
