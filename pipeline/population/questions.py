"""Who may be asked what: the one definition of eligibility and label, for both models.

- Cross-sell: the customer holds nothing of the category; will they acquire something of it?
- Up-sell: the customer holds something of the category below its top tier; will they acquire a
  higher tier?

Ineligible rows stay in the population, marked, so that figures on everybody can stand beside
those on the eligible.
"""

from collections.abc import Callable, Collection, Mapping

import ibis
import ibis.expr.types as ir

from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CATEGORY_KEYS, CUSTOMER_KEYS
from pipeline.population.dates import SPLITS, OutcomeWindow, Snapshot
from pipeline.population.history import History
from pipeline.population.holdings import available_categories, held_categories
from pipeline.population.joins import left_join
from pipeline.population.outcomes import acquired_tiers
from pipeline.population.states import whole

Question = Callable[[ir.Table], tuple[ir.BooleanValue, ir.BooleanValue]]


def _cross_sell(rows: ir.Table) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    return rows.held_tier.isnull(), rows.acquired_tier.notnull()


def _up_sell(rows: ir.Table) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    is_eligible = rows.held_tier.notnull() & (rows.held_tier < rows.top_tier)
    return is_eligible, rows.acquired_tier.notnull() & (
        rows.acquired_tier > rows.held_tier.fill_null(0)
    )


QUESTIONS: Mapping[ModelName, Question] = {"up_sell": _up_sell, "cross_sell": _cross_sell}


def candidate_grid(
    history: History, known: ir.Table, held: ir.Table, window: OutcomeWindow
) -> ir.Table:
    """Return the candidate grid: as_of_date × known customer × category on offer.

    Beside each stand the tier held at the as-of date, the tier acquired in the outcome window
    (both empty where there is none) and the highest tier on offer:

        as_of_date  customer_id  category  top_tier  held_tier  acquired_tier
        2025-03-01  ana          mobile    3         1          2
        2025-03-01  ana          tv        2                    1
        2025-03-01  ben          tv        2         2

    Ana's mobile is an up-sell that came true, her tv a cross-sell that did; Ben's tv is at its top
    and is neither.

    Args:
        history: the ledger and the catalogue.
        known: KNOWN_CUSTOMERS.
        held: HOLDINGS.
        window: of the outcomes.
    """
    customers = known.select(*CUSTOMER_KEYS)
    rows = customers.join(available_categories(history), "as_of_date")
    rows = left_join(rows, held_categories(held), CANDIDATE_KEYS)
    return left_join(rows, acquired_tiers(history, window), CANDIDATE_KEYS)


def outcomes_by_date(acquired: ir.Table, model: ModelName, candidates: Collection[str]) -> ir.Table:
    """Return as_of_date × category with the number of eligible outcomes; no row means none.

    Args:
        acquired: rows of `candidate_grid` or `acquired_candidates`.
        model: which question.
        candidates: the categories that may be offered.
    """
    offered = acquired.filter(acquired.category.isin(sorted(candidates)))
    is_eligible, label = QUESTIONS[model](offered)
    came_true = offered.filter(is_eligible & label)
    return came_true.group_by(*CATEGORY_KEYS).aggregate(outcomes=came_true.count())


def acquired_candidates(
    history: History, known: ir.Table, held: ir.Table, window: OutcomeWindow
) -> ir.Table:
    """Return the rows of `candidate_grid` in whose window something was acquired, and no others.

    They are few, so that many dates can be asked for their outcomes.
    """
    acquired = acquired_tiers(history, window)
    rows = acquired.semi_join(known, CUSTOMER_KEYS)
    rows = rows.inner_join(available_categories(history), CATEGORY_KEYS)
    return left_join(rows, held_categories(held), CANDIDATE_KEYS)


def label_candidates(
    rows: ir.Table,
    model: ModelName,
    snapshots: Collection[Snapshot],
    candidates: Collection[str],
) -> ir.Table:
    """Return the population of one model, with is_eligible, label and split.

    Args:
        rows: what `candidate_grid` returns.
        model: which question.
        snapshots: the as-of dates and their splits; the scoring snapshot has no label.
        candidates: the categories that may be offered.
    """
    offered = rows.filter(rows.category.isin(sorted(candidates)))
    is_eligible, label = QUESTIONS[model](offered)
    split = _split(offered.as_of_date, snapshots)
    asked = offered.mutate(split=split, is_eligible=is_eligible, label=label.cast("int64"))
    unknown = ibis.null("int64")
    return asked.mutate(label=ibis.ifelse(asked.split == "scoring", unknown, asked.label)).select(
        *CANDIDATE_KEYS, "split", "is_eligible", "label", "held_tier"
    )


def _split(as_of_date: ir.DateValue, snapshots: Collection[Snapshot]) -> ir.StringValue:
    """Tell the split of each date; a date that is two snapshots at once cannot be."""
    branches = [
        (as_of_date == ibis.date(snapshot.as_of_date.isoformat()), ibis.literal(snapshot.split))
        for snapshot in sorted(snapshots)
    ]
    return ibis.cases(*branches, else_=ibis.null("string"))


def outcome_counts(
    states: ir.Table,
    model: ModelName,
    snapshots: Collection[Snapshot],
    candidates: Collection[str],
) -> ir.Table:
    """Return split × category: all rows of the grid, the eligible ones and their positives.

    Args:
        states: everybody at the snapshots, as `candidate_states` returns them.
        model: which question.
        snapshots: the as-of dates and their splits; the outcomes of scoring lie ahead.
        candidates: the categories that may be offered.
    """
    offered = states.filter(states.category.isin(sorted(candidates)))
    is_eligible, label = QUESTIONS[model](offered)
    split = _split(offered.as_of_date, snapshots)
    asked = offered.mutate(split=split, is_eligible=is_eligible, label=label)
    came_true = asked.is_eligible & asked.label & (asked.split != "scoring")
    return asked.group_by("split", "category").aggregate(
        rows=whole(asked.customers.sum()),
        eligible=whole(asked.customers.sum(where=asked.is_eligible).fill_null(0)),
        positives=whole(asked.customers.sum(where=came_true).fill_null(0)),
    )


def trained_outcomes(population: ir.Table) -> ir.Table:
    """Return category with the eligible outcomes among the rows that are trained on."""
    trained = population.filter(population.is_eligible & (population.split == "train"))
    return trained.group_by("category").aggregate(outcomes=whole(trained.label.sum()))


__all__ = [
    "QUESTIONS",
    "SPLITS",
    "acquired_candidates",
    "candidate_grid",
    "label_candidates",
    "outcome_counts",
    "outcomes_by_date",
    "trained_outcomes",
]
