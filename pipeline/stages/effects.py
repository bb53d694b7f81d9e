"""effects: messages, sealed waves, features -> what a contact causes, for every scored candidate."""

import logging
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.effects.balance import Balance, balance
from pipeline.effects.comparison import Overlap, compare_arms, join
from pipeline.effects.doubly_robust import relative_effect
from pipeline.effects.effect_model import EffectModel
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
from pipeline.foundation.contracts.keys import SCORE_KEYS
from pipeline.foundation.contracts.outputs import EFFECTS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.effect_rows import (
    Ledger,
    negative_control_rows,
    observed_rows,
    placebo_outcome_rows,
)
from pipeline.io.effect_waves import (
    drawn_rows,
    read_campaigns,
    read_drawn_offers,
    read_missed_claims,
    scored_with_traits,
    traits_on,
)
from pipeline.io.matrices import read_families
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import read_folder, write_json

log = logging.getLogger(__name__)


def main() -> None:
    """Learn the effect of a contact and predict it for every scored candidate and channel."""
    params = config.load()
    with open_engine(params.engine) as engine:
        ledger = open_ledger(engine, params)
        learnt = learn(ledger, params)
        rows = write_effects(ledger, params, learnt.model)
    write_json(learnt.model.to_json(), paths.EFFECT_MODEL)
    write_document(learnt.report, paths.EFFECTS_REPORT)
    log.info(
        "%s effects of %s channels. %s",
        f"{rows:,}",
        len(ledger.channels),
        " ".join(learnt.report.in_words),
    )


def open_ledger(engine: Engine, params: Params) -> Ledger:
    """Return the tables that effects are learnt from."""
    tables = read_folder(engine, paths.VALIDATED)
    categories = engine.arrow(tables["products"].select("category").distinct())["category"]
    dates = read_snapshots()
    return Ledger(
        engine=engine,
        tables=tables,
        families=read_families(engine),
        dates=(*dates.train, dates.validation, dates.test),
        channels=tuple(sorted(params.decide.contact_costs_cents)),
        categories=tuple(sorted(filter(None, categories.to_pylist()))),
        waves=read_campaigns(),
        max_rows=params.effects.max_rows,
        seed=params.effects.seed,
    )


def learn(ledger: Ledger, params: Params) -> Learnt:
    """Return what all evidence together says."""
    offers = read_drawn_offers()
    today = pd.Timestamp(read_snapshots().scoring)
    models = tuple(params.models)
    return learn_effects(
        Strata(
            ledger.channels, {"model": models, "category": ledger.categories}, always=("model",)
        ),
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


def write_effects(ledger: Ledger, params: Params, model: EffectModel) -> int:
    """Write the effect of each channel on each scored candidate, one candidate at a time."""
    count = 0
    schema = pa.schema(EFFECTS.columns)
    with (
        paths.replacing(paths.EFFECTS) as partial,
        pq.ParquetWriter(partial, schema, compression="zstd") as writer,
    ):
        for frame in predict(ledger, params, model):
            columns = [pa.array(frame[name]).cast(type_) for name, type_ in EFFECTS.columns]
            writer.write_table(pa.table(columns, schema=schema))
            count += len(frame)
    return count


def predict(ledger: Ledger, params: Params, model: EffectModel) -> Iterator[pd.DataFrame]:
    """Yield the effects of one model × category after another, sorted by customer and channel."""
    scores = ledger.engine.read(paths.table(paths.SCORES, "propensities"))
    traits = traits_on(ledger, read_snapshots().scoring, model.trait_names())
    for name in sorted(params.models):
        for category in ledger.categories:
            scored = scored_with_traits(ledger, scores, traits, name, category)
            if scored.empty:
                continue
            yield predict_candidate(scored, model, ledger.channels, params.effects.interval)


def predict_candidate(
    scored: pd.DataFrame, model: EffectModel, channels: tuple[str, ...], confidence: float
) -> pd.DataFrame:
    """Return the effect of each channel on each scored customer of one candidate."""
    probability = scored["propensity"].to_numpy()
    found = {channel: model.predict(channel, scored) for channel in channels}
    limits = {channel: one.interval(probability, confidence) for channel, one in found.items()}
    scale = probability * (1 - probability)
    columns = {
        "share": [one.share for one in found.values()],
        "effect": [one.effect(probability) for one in found.values()],
        "effect_error": [one.error * scale for one in found.values()],
        "effect_low": [low for low, _ in limits.values()],
        "effect_high": [high for _, high in limits.values()],
    }
    # One row a channel under each customer: the order of the keys without sorting.
    repeated = scored[list(SCORE_KEYS)].loc[scored.index.repeat(len(channels))]
    return repeated.assign(
        channel=np.tile(np.array(channels, dtype=object), len(scored)),
        effect_origin=np.tile(
            np.array([one.origin for one in found.values()], dtype=object), len(scored)
        ),
        **{name: np.column_stack(parts).ravel() for name, parts in columns.items()},
    )


if __name__ == "__main__":
    run(main)
