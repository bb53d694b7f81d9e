"""The choice of snapshots: the usual ones, and older training dates where outcomes are too few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import pandas as pd

from pipeline.foundation.config import ModelName, Params
from pipeline.foundation.engines import Engine
from pipeline.population.candidates import allowed
from pipeline.population.dates import (
    LONGEST_WINDOW_DAYS,
    OutcomeWindow,
    Snapshot,
    cut_short,
    older_dates,
    snapshots,
)
from pipeline.population.history import History
from pipeline.population.holdings import held_products
from pipeline.population.questions import acquired_candidates, outcomes_by_date
from pipeline.population.reach import NOWHERE, Reach, reach_back


@dataclass(frozen=True)
class ChosenDates:
    """The snapshots, why they reach so far back, and where the data begin."""

    snapshots: tuple[Snapshot, ...]
    reach: Reach
    first_day: date

    def added_in_words(self) -> str | None:
        """Return why further training dates were taken; None where the usual ones suffice."""
        if not self.reach.older:
            return None
        names = ", ".join(f"{name} ({count})" for name, count in self.reach.short.items())
        return (
            f"{len(self.reach.older)} further training dates, back to {self.reach.older[-1]}: at the "
            f"usual ones these categories have too few outcomes: {names}. Set snapshots.as_of_dates "
            "to fix the dates"
        )

    def cut_short_in_words(self) -> str | None:
        """Return which training dates lie so early that features miss history, if any do."""
        early = cut_short(self.snapshots, self.first_day)
        if not early:
            return None
        days = (early[0] - self.first_day).days
        return (
            f"the data begin on {self.first_day}, {days} days before the first training date "
            f"{early[0]}: at {len(early)} training dates what is counted over up to "
            f"{LONGEST_WINDOW_DAYS} days is cut short"
        )


def choose_dates(engine: Engine, params: Params, past: History) -> ChosenDates:
    """Return the snapshots that the data allow and the outcomes need, whichever dates `past` has."""
    first_day, last_day = _covered_days(engine, past.tables["product_events"])
    usual = snapshots(params.snapshots, first_day, last_day)
    older = older_dates(params.snapshots, usual, first_day)
    if not older:
        return ChosenDates(usual, NOWHERE, first_day)
    trained_on = [one.as_of_date for one in usual if one.split == "train"]
    counted = _count_outcomes(engine, params, past, trained_on)
    least = params.products.min_outcomes
    if all((found.sum(axis=1) >= least).all() for found in counted.values()):
        return ChosenDates(usual, NOWHERE, first_day)
    reach = NOWHERE
    for model, before in _count_outcomes(engine, params, past, older).items():
        outcomes = pd.concat([counted[model], before], axis=1)
        reach = reach.together_with(reach_back(outcomes, trained_on, older, least))
    dates = snapshots(params.snapshots, first_day, last_day, reach.older)
    return ChosenDates(dates, reach, first_day)


def _covered_days(engine: Engine, events: ir.Table) -> tuple[date, date]:
    days = engine.arrow(
        events.aggregate(
            first=events.occurred_at.min().date(), last=events.occurred_at.max().date()
        )
    ).to_pylist()[0]
    return days["first"], days["last"]


def _count_outcomes(
    engine: Engine, params: Params, past: History, dates: Sequence[date]
) -> dict[ModelName, pd.DataFrame]:
    """Return for each model category × as_of_date with the eligible outcomes of its window."""
    past = past.at(engine, dates)
    window = OutcomeWindow(params.snapshots.gap_days, params.snapshots.outcome_days)
    acquired = acquired_candidates(past, past.customers, held_products(past), window)
    rows = engine.materialize(acquired)
    catalogue = engine.arrow(past.products.select("category").distinct())["category"].to_pylist()
    found = {}
    for model in params.models:
        wanted = allowed(catalogue, getattr(params.products, model), model)
        counted = engine.arrow(outcomes_by_date(rows, model, wanted)).to_pandas()
        by_date = counted.pivot_table(
            index="category", columns="as_of_date", values="outcomes", aggfunc="sum"
        )
        found[model] = by_date.reindex(index=wanted, columns=[*dates]).fillna(0).astype("int64")
    return found
