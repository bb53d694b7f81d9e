"""What sealed waves say of effects: offers drawn to be sent or withheld, and what followed."""

from collections.abc import Collection
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipeline.campaigns.wave_outcomes import outcomes
from pipeline.effects.comparison import Comparisons
from pipeline.effects.randomised import randomised_rows
from pipeline.foundation import paths
from pipeline.foundation.contracts.arms import OFFERED_ARMS, TREATED
from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.foundation.engines import Engine
from pipeline.io.documents import read_document
from pipeline.io.effect_rows import TRAITS, Ledger, group_codes
from pipeline.io.wave_answers import read_answers
from pipeline.io.waves import read_responses, read_waves
from pipeline.population.joins import left_join


def read_drawn_offers(engine: Engine) -> pd.DataFrame:
    """Return the offers of all waves that something came back from, with `take_up`; maybe none."""
    waves = read_waves()
    answers = read_answers(engine, waves, read_responses())
    answered = [(rows, answers.of(rows)) for _, rows in waves.groupby("wave")]
    did = [outcomes(rows, matched) for rows, matched in answered if matched is not None]
    if not did:
        return pd.DataFrame(columns=["wave", "campaign"])
    every = pd.concat(did, ignore_index=True)
    offered = every[every["arm"].isin(OFFERED_ARMS) & every["channel"].notna()]
    return offered.sort_values(["wave", "customer_id"], ignore_index=True)


def read_campaigns() -> tuple[str, ...]:
    """Return the campaigns of all sealed waves, answered or not."""
    waves = read_waves()
    return tuple(sorted(set(waves["campaign"].dropna()))) if len(waves) else ()


def read_missed_claims() -> int:
    """Return how many waves in a row, up to the last, did not do what was claimed."""
    if not paths.CLAIMS.exists():
        return 0
    return read_document(paths.CLAIMS, ClaimsReport).consecutive_misses


def drawn_rows(
    ledger: Ledger, offers: pd.DataFrame, models: tuple[str, ...], today: pd.Timestamp
) -> Comparisons | None:
    """Return offers as comparisons of those that were sent with those that were withheld."""
    known = offers[offers["channel"].isin(ledger.channels)] if len(offers) else offers
    if known.empty:
        return None
    treated = (known["arm"] == TREATED).astype("float64")
    probability = treated.groupby(known["wave"]).transform("mean")
    days = pd.to_datetime(known["as_of_date"])
    is_drawn = (probability > 0) & (probability < 1)
    rows = randomised_rows(
        arm=(pd.Index(ledger.channels).get_indexer(pd.Index(known["channel"])) + 1).astype(
            np.int64
        ),
        treated=np.asarray(treated, dtype=np.float64),
        probability=probability.to_numpy(),
        baseline=known["propensity"].to_numpy(np.float64),
        outcomes=known["take_up"].to_numpy(np.float64),
        groups=group_codes(known["household"]),
        periods=days.to_numpy().astype("datetime64[D]").astype(np.int64),
        age_days=(today - days).dt.days.to_numpy().astype(np.float64),
        levels={
            "category": pd.Index(ledger.categories)
            .get_indexer(pd.Index(known["category"]))
            .astype(np.int64),
            "model": pd.Index(models).get_indexer(pd.Index(known["model"])).astype(np.int64),
        },
        traits=read_traits(ledger, known),
        offered=known["action_probability"].to_numpy(np.float64, na_value=np.nan),
    )
    return rows.take(np.flatnonzero(is_drawn.to_numpy()))


def read_traits(ledger: Ledger, asked: pd.DataFrame) -> pd.DataFrame:
    """Return the traits of rows with as_of_date, customer_id and category, in their order."""
    keys = asked[list(CANDIDATE_KEYS)].assign(
        as_of_date=pd.to_datetime(asked["as_of_date"]).dt.date, place=np.arange(len(asked))
    )
    wanted = ledger.engine.table(keys)
    wanted = wanted.mutate(as_of_date=wanted.as_of_date.cast("date"))
    for family in trait_tables(ledger):
        shared = [key for key in CANDIDATE_KEYS if key in family.columns]
        wanted = left_join(wanted, family, shared)
    found: pd.DataFrame = ledger.engine.arrow(wanted.order_by("place")).to_pandas()
    return found[[name for name in TRAITS if name in found]].astype("float64")


def trait_tables(ledger: Ledger) -> list[ir.Table]:
    """Return the keys and traits of each family that has any."""
    tables = []
    for _, family in sorted(ledger.families.items()):
        names = [name for name in TRAITS if name in family.columns]
        if names:
            keys = [key for key in CANDIDATE_KEYS if key in family.columns]
            tables.append(family.select(*keys, *names))
    return tables


def traits_on(ledger: Ledger, day: date, wanted: Collection[str]) -> list[ir.Table]:
    """Return the traits of one day that are wanted, by family, computed once."""
    tables = []
    for family in trait_tables(ledger):
        names = [name for name in family.columns if name in wanted]
        if names:
            keys = [key for key in CANDIDATE_KEYS if key in family.columns]
            own = family.filter(family.as_of_date == ibis.date(day.isoformat()))
            tables.append(ledger.engine.materialize(own.select(*keys, *names)))
    return tables


def scored_with_traits(
    ledger: Ledger, scores: ir.Table, traits: list[ir.Table], model: str, category: str
) -> pd.DataFrame:
    """Return the scored customers of one candidate with propensity and traits, sorted."""
    own = scores.filter((scores.model == model) & (scores.category == category))
    asked = with_traits(own, traits).order_by(ibis.asc("customer_id"))
    found: pd.DataFrame = ledger.engine.arrow(asked).to_pandas()
    return found


def with_traits(scores: ir.Table, traits: list[ir.Table]) -> ir.Table:
    """Return scored rows with propensity and traits."""
    asked = scores.select("as_of_date", "customer_id", "category", "model", "propensity")
    for family in traits:
        shared = [key for key in CANDIDATE_KEYS if key in family.columns]
        asked = left_join(asked, family, shared)
    return asked
