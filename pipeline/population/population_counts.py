"""What the population stage says of itself: reports/population.json and its log line."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.hand_overs.population_report import (
    LeftOutCategory,
    PopulationOfModel,
    PopulationReport,
    SplitRows,
)
from pipeline.foundation.contracts.hand_overs.populations import Populations
from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.population.candidates import Candidates
from pipeline.population.dates import SPLITS


@dataclass(frozen=True)
class ModelPopulation:
    """One model's candidates and its counts by split × category (rows, eligible, positives)."""

    candidates: Candidates
    counts: pd.DataFrame

    def totals(self) -> dict[str, SplitRows]:
        """Return split -> rows, eligible and positives over the kept candidates."""
        kept = self.counts[self.counts.category.isin(self.candidates.kept)]
        sums = kept.groupby("split")[["rows", "eligible", "positives"]].sum().astype("int64")
        named = sums.rename(columns={"rows": "all"}).to_dict("index")
        return {split: SplitRows.model_validate(named[split]) for split in SPLITS if split in named}


def training_outcomes(counts: pd.DataFrame) -> dict[str, int]:
    """Return category -> eligible training outcomes, for categories that can be asked at all."""
    askable = set(counts.loc[counts.eligible > 0, "category"])
    training = counts[counts.split == "train"].groupby("category").positives.sum()
    return {name: int(training.get(name, 0)) for name in sorted(askable)}


def thinned_in_words(
    outcomes: Mapping[str, int], drawn: pd.DataFrame, min_outcomes: int
) -> str | None:
    """Return which categories the draw of customers leaves too few outcomes; None for none.

    Args:
        outcomes: of training, by category, everybody's.
        drawn: category and the outcomes of those who are drawn.
        min_outcomes: that a category is learnt from by itself.
    """
    left = dict(zip(drawn["category"], drawn["outcomes"], strict=True))
    thin = {
        name: f"{name} ({left.get(name, 0):,} of {count:,})"
        for name, count in sorted(outcomes.items())
        if left.get(name, 0) < min_outcomes <= count
    }
    if not thin:
        return None
    return (
        f"the customers drawn to learn from have too few training outcomes of "
        f"{', '.join(thin.values())}: it is learnt from less than the data hold. "
        "Set snapshots.most_customers higher, or to null"
    )


def describe_populations(populations: Mapping[ModelName, ModelPopulation]) -> Populations:
    """Return, by model, candidates, left-out ones and counts."""
    return Populations(
        models={
            model: PopulationOfModel(
                candidates=population.candidates.kept,
                pooled=_with_outcomes(population.candidates.pooled),
                left_out=_with_outcomes(population.candidates.left_out),
                rows=population.totals(),
            )
            for model, population in populations.items()
        }
    )


def _with_outcomes(outcomes: Mapping[str, int]) -> tuple[LeftOutCategory, ...]:
    return tuple(
        LeftOutCategory(category=category, outcomes=count) for category, count in outcomes.items()
    )


def population_report(looked_at: SnapshotDates, populations: Populations) -> PopulationReport:
    """Return the as-of dates by split, the customers known when scoring, and the populations."""
    return PopulationReport(
        customers=looked_at.known_customers,
        as_of_dates=looked_at.by_split(),
        models=populations.models,
    )


def summary(model: str, population: ModelPopulation) -> str:
    """Return the log line of one model: who is asked, and which candidates are left out."""
    totals = population.totals()
    counts = ", ".join(
        f"{split} {total.eligible:,} eligible of {total.all:,}"
        + ("" if split == "scoring" else f" with {total.positives:,} outcomes")
        for split, total in totals.items()
    )
    chosen = population.candidates
    pooled = _told("; learnt from together with the others, having few outcomes", chosen.pooled)
    left_out = _told("; left out for too few training outcomes", chosen.left_out)
    return f"{model}: {len(chosen.kept)} candidates; {counts}{pooled}{left_out}"


def _told(what: str, outcomes: Mapping[str, int]) -> str:
    names = ", ".join(f"{name} ({count})" for name, count in outcomes.items())
    return f"{what}: {names}" if names else ""
