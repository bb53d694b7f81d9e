"""decide: scores -> at most one offer a customer, and for everybody else the reason why not."""

import logging
import os
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow.compute as pc

from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.foundation.contracts.outputs import (
    CONTACT_LOG,
    NEXT_BEST_OFFERS,
    PERMITTED_CHANNELS,
    PROPENSITIES,
    REASONS,
    RUNNERS_UP,
    SEGMENTS,
    check,
)
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.decision_inputs import read_wave_inputs
from pipeline.io.outputs import write_rows
from pipeline.io.row_reasons import explain_rows, keys_of
from pipeline.io.snapshots import scoring_date
from pipeline.io.wave_reports import write_wave_report
from pipeline.models.scorers import load_scorer
from pipeline.offers.codes import find_key
from pipeline.offers.decision_funnel import report_decision, tell_sample_sizes
from pipeline.offers.permission import permitted_channels
from pipeline.offers.policy_settings import check_rules
from pipeline.offers.wave_decision import WaveDecision, decide_wave

log = logging.getLogger(__name__)

KEY_VARIABLE = "PROPENSITY_OFFER_KEY"


def main() -> None:
    """Decide on every customer who is known on the scoring day."""
    params = config.load()
    check_rules(params.contact_policy.rules, params.contact_policy.limits)
    check(paths.table(paths.SCORES, "propensities"), PROPENSITIES)
    check(paths.SEGMENTS, SEGMENTS)
    day = scoring_date()
    with open_engine(params.engine) as engine:
        decision = decide(engine, params, day)
        reasons = give_reasons(engine, params, decision.offers, day)
        for name, rows, contract in (
            ("reasons", reasons, REASONS),
            ("runners_up", decision.runners_up, RUNNERS_UP),
            ("contact_log", decision.logged, CONTACT_LOG),
            # Last: what can be sealed is whole.
            ("next_best_offers", decision.decided, NEXT_BEST_OFFERS),
        ):
            write_rows(engine, rows, paths.table(paths.OFFERS, name), contract)
    report = report_decision(decision, params.contact_policy.rules, params.experiment)
    write_wave_report(report)
    counts = (report.customers, len(decision.offers), report.offers.sent)
    words = "%s: %s customers in; %s with an offer, of whom %s are to be contacted. %s %s"
    told = (report.claim.statement, tell_sample_sizes(report.sample_size))
    log.info(words, report.wave, *(f"{count:,}" for count in counts), *told)


def decide(engine: Engine, params: Params, day: date) -> WaveDecision:
    """Decide on every customer known on the day; write what may be contacted on which channel."""
    inputs = read_wave_inputs(engine, params.models, day)
    key = find_key(os.environ.get(KEY_VARIABLE), params.decide.offer_key)
    policy, experiment = params.contact_policy, params.experiment
    decision = decide_wave(
        engine, inputs, params.decide, policy=policy, experiment=experiment, key=key
    )
    path = paths.table(paths.OFFERS, "permitted_channels")
    write_rows(engine, permitted_channels(inputs, decision.outcome), path, PERMITTED_CHANNELS)
    warn_of(decision)
    return decision


def warn_of(decision: WaveDecision) -> None:
    """Say what the decision had to do without."""
    outcome = decision.outcome
    off = [f"{n} excludes nobody, the source lacks its table" for n in outcome.switched_off]
    for words in (*off, *outcome.remedies.values(), *decision.unused_places):
        log.warning("the wave: %s", words)
    if count := decision.unpriced_products:
        log.warning("%d products have no price: decide.default_price counts for them", count)


def give_reasons(engine: Engine, params: Params, offers: pd.DataFrame, day: date) -> ir.Table:
    """Return why each offer is likely; those of best candidates are taken over from `score`."""
    told = engine.read(paths.table(paths.SCORES, "reasons"))
    offered = engine.table(keys_of(offers, day))
    reasons = [told.semi_join(offered, OFFER_KEYS)]
    unexplained = engine.arrow(offered.anti_join(told, OFFER_KEYS))
    for model in sorted(set(unexplained["model"].to_pylist())):
        wanted = unexplained.filter(pc.equal(unexplained["model"], model)).drop(["model"])
        champion = load_scorer(paths.champion(params.source.name, model))
        reasons.append(
            explain_rows(
                engine,
                model,
                champion,
                engine.table(wanted),
                count=params.exports.reasons,
                sensitive=params.exports.sensitive_attributes,
            )
        )
    return ibis.union(*reasons)


if __name__ == "__main__":
    run(main)
