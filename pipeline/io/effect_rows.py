"""Who was contacted about what after each as-of date, and what happened then: rows for `effects`.

A row is a candidate that may be asked about at an as-of date and at the next one. Treated: a message
about its category was delivered between the two. Outcome: the label of the next one, in the window
that follows the contact. Features are those of the first date: known before the contact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.effects.rows import NOT_TREATED, TreatmentRows
from pipeline.features.matrix import Matrix, load_matrix
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS
from pipeline.foundation.engines import Engine
from pipeline.population.joins import left_join
from pipeline.statistics.arrays import Ints, sample_rows

LABELLED = ("train", "validation", "test")
NEGATIVES_PER_POSITIVE = 10
"""Outcomes are rare: more of those without tell hardly more."""
TRAITS = (
    "email_responses__clicked_share",
    "email_responses__opened_share",
    "email_responses__responded_share",
    "email_responses__call_responded_share",
    "email_responses__letter_responded_share",
    "email_responses__ignored_in_a_row",
    "email_responses__sent__90d",
    "channel_interactions__digital_share__90d",
    "channel_interactions__store_share__365d",
    "channel_interactions__days_since_service",
    "channel_interactions__incidents__90d",
    "surveys__mean_score",
    "socio_demographics__age",
    "socio_demographics__tenure",
    "socio_demographics__income_level",
    "product_history__discount_share__365d",
    "product_history__tier_place__365d",
    "product_history__acquisitions__365d",
)
"""Features that the effect of a contact may depend on: how somebody answered, and where they buy."""
ANY = ("any channel",)
UNCLEAR = "?"
"""The channel of contacts that tell of no single channel; their rows are left out."""


@dataclass(frozen=True)
class KeyedRows:
    """Rows and whose they are, in the same order."""

    rows: TreatmentRows
    keys: pd.DataFrame
    """as_of_date, customer_id, category."""


@dataclass(frozen=True)
class Ledger:
    """The tables that tell what was sent and what followed, and the dates from which they look."""

    engine: Engine
    tables: Mapping[str, ir.Table]
    """Validated tables by name."""
    families: Mapping[str, ir.Table]
    dates: tuple[date, ...]
    """As-of dates whose outcomes are known, oldest first."""
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    waves: tuple[str, ...]
    """Campaigns that were drawn: their evidence is counted once, with the draw."""
    max_rows: int
    seed: int

    @property
    def can_tell(self) -> bool:
        """Say whether there are messages and two dates to look from."""
        return "messages" in self.tables and len(self.dates) > 1


def observed_rows(ledger: Ledger, population: ir.Table) -> KeyedRows:
    """Return contacts and what followed in the next window, of one model."""
    contacts = _contacts(ledger, _spans(ledger, 0.0))
    asked = _asked_twice(ledger, population)
    matrix = _load(ledger, asked, ledger.max_rows)
    channel = _join_contacts(ledger, matrix.keys, contacts)
    return _rows(ledger, matrix, channel, ledger.channels)


def placebo_outcome_rows(ledger: Ledger, population: ir.Table) -> TreatmentRows:
    """Return contacts of each span's second half and outcomes of its first: before them.

    Later eligibility plays no part. Whoever was contacted in the first half is left out.
    """
    late = _contacts(ledger, _spans(ledger, 0.5))
    early = _contacts(ledger, _spans(ledger, 0.0)).anti_join(late, CANDIDATE_KEYS)
    asked = population.filter(population.is_eligible & population.split.isin(LABELLED))
    asked = asked.filter(asked.as_of_date.isin(ledger.dates[:-1]))
    asked = asked.anti_join(early, CANDIDATE_KEYS)
    asked = label_early(asked, _acquired_early(ledger))
    matrix = _load(ledger, ledger.engine.materialize(asked), ledger.max_rows // 2)
    channel = _join_contacts(ledger, matrix.keys, late)
    return _rows(ledger, matrix, channel.where(channel.isna(), ANY[0]), ANY).rows


def negative_control_rows(ledger: Ledger, seen: KeyedRows, most: int) -> TreatmentRows:
    """Return untreated rows with a contact about another category in the treatment's place.

    Args:
        ledger: of the contacts.
        seen: rows and whose they are.
        most: so many rows at most, drawn evenly.
    """
    untreated = sample_rows(np.flatnonzero(seen.rows.treatment == NOT_TREATED), most, ledger.seed)
    next_one = dict(
        zip(ledger.categories, [*ledger.categories[1:], ledger.categories[0]], strict=True)
    )
    keys = seen.keys.iloc[untreated]
    asked = keys.assign(category=keys["category"].astype("object").map(next_one))
    channel = _join_contacts(ledger, asked, _contacts(ledger, _spans(ledger, 0.0)))
    treatment = channel.notna().to_numpy().astype(np.int64)
    return replace(seen.rows.take(untreated), treatment=treatment, arms=ANY)


def label_early(asked: ir.Table, acquired: ir.Table) -> ir.Table:
    """Return rows with what had become of their question before the contact, as their label.

    An up-sell is a tier above the one held, a cross-sell anything at all, as in the label itself.

    Args:
        asked: POPULATION.
        acquired: CANDIDATE_KEYS and the highest_tier acquired early.
    """
    joined = left_join(asked, acquired, CANDIDATE_KEYS)
    is_early = joined.highest_tier.fill_null(0) > joined.held_tier.fill_null(0)
    label = (joined.label * is_early.cast("int64")).cast("int64")
    return joined.select(*CANDIDATE_KEYS, "split", "is_eligible", label=label)


def _spans(ledger: Ledger, start: float) -> ir.Table:
    """Return as_of_date, the next one, and from when contacts count: a share of the span."""
    first, later = ledger.dates[:-1], ledger.dates[1:]
    begins = [one + (two - one) * start for one, two in zip(first, later, strict=True)]
    return ledger.engine.table(
        pa.table(
            {
                "as_of_date": pa.array(first, pa.date32()),
                "later": pa.array(later, pa.date32()),
                "begins": pa.array(begins, pa.date32()),
            }
        )
    )


def _contacts(ledger: Ledger, spans: ir.Table) -> ir.Table:
    """Return as_of_date × customer × category with the channel of the first contact about it."""
    sent = ledger.tables["messages"]
    sent = sent.drop_null(["category", "delivered_at"]).select(
        "customer_id", "category", "channel", "delivered_at", "campaign_id"
    )
    seen = sent.cross_join(spans)
    seen = seen.filter(
        (seen.delivered_at >= seen.begins.cast("timestamp"))
        & (seen.delivered_at < seen.later.cast("timestamp"))
    )
    first = seen.group_by(list(CANDIDATE_KEYS)).aggregate(
        channel=seen.channel.min(),
        channels=seen.channel.nunique(),
        is_drawn=seen.campaign_id.isin(list(ledger.waves) or [""]).any(),
    )
    # Several channels at once tell of none of them, and draws are counted with the draws.
    is_clear = (first.channels == 1) & ~first.is_drawn & first.channel.isin(ledger.channels)
    return ledger.engine.materialize(
        first.mutate(channel=ibis.ifelse(is_clear, first.channel, UNCLEAR)).select(
            *CANDIDATE_KEYS, "channel"
        )
    )


def _asked_twice(ledger: Ledger, population: ir.Table) -> ir.Table:
    """Return the rows that are eligible at an as-of date and at the next, with the latter's label."""
    eligible = population.filter(population.is_eligible & population.split.isin(LABELLED))
    then = eligible.select(
        later="as_of_date", customer_id="customer_id", category="category", label="label"
    )
    now = eligible.drop("label").join(_spans(ledger, 0.0).drop("begins"), "as_of_date")
    asked = now.join(then, ["later", "customer_id", "category"])
    return ledger.engine.materialize(asked.select(*CANDIDATE_KEYS, "split", "is_eligible", "label"))


def _acquired_early(ledger: Ledger) -> ir.Table:
    """Return as_of_date × customer × category acquired in a span's first half: the highest tier."""
    events = ledger.tables["product_events"]
    products = ledger.tables["products"].select("product_id", "category", "tier")
    bought = events.filter(events.kind == "acquired").select(
        "customer_id", "product_id", "occurred_at"
    )
    seen = bought.join(products, "product_id").cross_join(_spans(ledger, 0.5))
    seen = seen.filter(
        (seen.occurred_at >= seen.as_of_date.cast("timestamp"))
        & (seen.occurred_at < seen.begins.cast("timestamp"))
    )
    return seen.group_by(list(CANDIDATE_KEYS)).aggregate(highest_tier=seen.tier.max())


def _load(ledger: Ledger, asked: ir.Table, max_rows: int) -> Matrix:
    return load_matrix(
        ledger.engine,
        asked,
        ledger.families,
        splits=LABELLED,
        max_rows=max_rows,
        negatives_per_positive=NEGATIVES_PER_POSITIVE,
        seed=ledger.seed,
    )


def _join_contacts(ledger: Ledger, keys: pd.DataFrame, contacts: ir.Table) -> pd.Series:
    """Return the channel of each row's contact, in the order of the rows; empty without one."""
    asked = pa.table(
        {
            "as_of_date": pa.array(keys["as_of_date"].dt.date, pa.date32()),
            "customer_id": pa.array(keys["customer_id"].astype("object"), pa.string()),
            "category": pa.array(keys["category"].astype("object"), pa.string()),
            "place": pa.array(np.arange(len(keys))),
        }
    )
    joined = left_join(ledger.engine.table(asked), contacts, CANDIDATE_KEYS)
    found = ledger.engine.arrow(joined.select("place", "channel").order_by("place"))
    channel: pd.Series = found.to_pandas()["channel"]
    return channel


def _rows(ledger: Ledger, matrix: Matrix, channel: pd.Series, arms: Sequence[str]) -> KeyedRows:
    """Return a matrix with its contacts; rows whose contact tells of no arm are left out."""
    is_clear = channel.isna() | channel.isin(list(arms))
    days = matrix.keys["as_of_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    category = pd.Index(ledger.categories).get_indexer(pd.Index(matrix.keys["category"]))
    rows = TreatmentRows(
        features=pd.concat(
            [matrix.features, pd.Series(days.astype(np.float32), name="period")], axis=1
        ),
        treatment=(pd.Index(arms).get_indexer(pd.Index(channel)) + 1).astype(np.int64),
        outcomes=np.asarray(matrix.labels, dtype=np.float64),
        groups=group_codes(matrix.keys["customer_id"]),
        arms=tuple(arms),
        weights=matrix.weights,
        periods=days,
        cells=np.unique(days * len(ledger.categories) + category, return_inverse=True)[1],
        levels={"category": category.astype(np.int64)},
        traits=matrix.features[[name for name in TRAITS if name in matrix.features]],
    )
    kept = np.flatnonzero(is_clear.to_numpy())
    return KeyedRows(rows.take(kept), matrix.keys[list(CANDIDATE_KEYS)].iloc[kept])


def group_codes(customer_ids: pd.Series) -> Ints:
    """Return one number for each customer, the same in every table."""
    texts = customer_ids.astype("object").to_numpy()
    return pd.util.hash_array(texts).astype(np.int64)
