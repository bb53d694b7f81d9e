"""effects: messages, sealed waves, features -> what a contact causes, for every scored candidate."""

import logging

import pandas as pd

from pipeline.effects.balance import Balance, balance
from pipeline.effects.comparison import Overlap, compare_arms, join
from pipeline.effects.doubly_robust import relative_effect
from pipeline.effects.learning import Learnt, Observational, Strata, learn_effects
from pipeline.effects.nuisance import Fitting
from pipeline.effects.refutations import (
    NEGATIVE_CONTROL,
    PLACEBO_OUTCOME,
    judge_placebo,
    permute_treatment,
)
from pipeline.effects.shrinking import Prior
from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.effect_ledger import open_ledger
from pipeline.io.effect_predictions import write_effects
from pipeline.io.effect_rows import (
    Ledger,
    negative_control_rows,
    observed_rows,
    placebo_outcome_rows,
)
from pipeline.io.effect_waves import (
    drawn_rows,
    read_drawn_offers,
    read_missed_claims,
)
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import write_json

log = logging.getLogger(__name__)


def main() -> None:
    """Learn the effect of a contact and predict it for every scored candidate and channel."""
    params = config.load()
    with open_engine(params.engine) as engine:
        ledger = open_ledger(engine, params)
        learnt = learn(ledger, params)
        rows = write_effects(ledger, learnt.model, params.models, params.effects.interval)
    write_json(learnt.model.to_json(), paths.EFFECT_MODEL)
    write_document(learnt.report, paths.EFFECTS_REPORT)
    log.info(
        "%s effects of %s channels. %s",
        f"{rows:,}",
        len(ledger.channels),
        " ".join(learnt.report.in_words),
    )


def learn(ledger: Ledger, params: Params) -> Learnt:
    """Return what all evidence together says."""
    offers = read_drawn_offers(ledger.engine)
    today = pd.Timestamp(read_snapshots().scoring)
    models = tuple(params.models)
    return learn_effects(
        Strata(ledger.channels, {"model": models, "category": ledger.categories}),
        Prior(params.decide.effect.prior, params.decide.effect.prior_deviation),
        observe(ledger, params) if ledger.can_tell else None,
        drawn_rows(ledger, offers, models, today),
        waves=tuple(sorted(set(offers["wave"]))),
        missed_claims=read_missed_claims(),
    )


def observe(ledger: Ledger, params: Params) -> Observational:
    """Compare those who were written to with those who were not, and try to refute it."""
    fitting = Fitting(params.effects.seed, params.effects.threads)
    parts, others, before = [], [], []
    overlaps: dict[str, Overlap] = {}
    balances: dict[str, Balance] = {}
    for code, model in enumerate(params.models):
        population = ledger.engine.read(paths.table(paths.POPULATION, model))
        seen = observed_rows(ledger, population)
        found, overlap, covariates = compare_arms(seen.rows, fitting)
        parts.append(found.at_levels(model=code))
        overlaps = {
            arm: overlaps[arm] + one if arm in overlaps else one for arm, one in overlap.items()
        }
        weighed = balance(found, covariates)
        balances |= {} if weighed is None else {model: weighed}
        control = negative_control_rows(ledger, seen, params.effects.max_rows // 3)
        others.append(compare_arms(control, fitting)[0])
        earlier = placebo_outcome_rows(ledger, population)
        before.append(compare_arms(earlier, fitting)[0])
    rows = join(parts)
    main_effect = relative_effect(rows)
    refutations = [
        permute_treatment(rows, main_effect, params.effects.seed),
        judge_placebo(PLACEBO_OUTCOME, main_effect, relative_effect(join(before))),
        judge_placebo(NEGATIVE_CONTROL, main_effect, relative_effect(join(others))),
    ]
    return Observational(rows, overlaps, balances, refutations)


if __name__ == "__main__":
    run(main)
