"""What the population stage says of itself: reports/population.json and its log line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from pipeline.foundation.config import ModelName
from pipeline.population.candidates import Candidates
from pipeline.population.dates import SPLITS, Snapshot

Expression = ir.Table


@dataclass(frozen=True)
class ModelPopulation:
    """One model's candidates and its counts by split × category (rows, eligible, positives)."""

    candidates: Candidates
    counts: pd.DataFrame

    def totals(self) -> dict[str, Any]:
        """Return split -> rows, eligible and positives over the kept candidates."""
        kept = self.counts[self.counts.category.isin(self.candidates.kept)]
        sums = kept.groupby("split")[["rows", "eligible", "positives"]].sum().astype("int64")
        named = sums.rename(columns={"rows": "all"}).to_dict("index")
        return {split: named[split] for split in SPLITS if split in named}


def training_outcomes(counts: pd.DataFrame) -> dict[str, int]:
    """Return category -> eligible training outcomes, for categories that can be asked at all."""
    askable = set(counts.loc[counts.eligible > 0, "category"])
    training = counts[counts.split == "train"].groupby("category").positives.sum()
    return {name: int(training.get(name, 0)) for name in sorted(askable)}


def population_report(
    dates: Sequence[Snapshot], customers: int, populations: Mapping[ModelName, ModelPopulation]
) -> dict[str, Any]:
    """Return the as-of dates by split and, by model, candidates, left-out ones and counts.

    `customers` is the number of customers known at the scoring as-of date.
    """
    return {
        "customers": customers,
        "as_of_dates": {
            split: [d.as_of_date.isoformat() for d in dates if d.split == split] for split in SPLITS
        },
        "models": {
            model: {
                "candidates": list(population.candidates.kept),
                "left_out": [
                    {"category": category, "outcomes": outcomes}
                    for category, outcomes in population.candidates.left_out.items()
                ],
                "rows": population.totals(),
            }
            for model, population in populations.items()
        },
    }


def summary(model: str, population: ModelPopulation) -> str:
    """Return the log line of one model: who is asked, and which candidates are left out."""
    totals = population.totals()
    counts = ", ".join(
        f"{split} {total['eligible']:,} eligible of {total['all']:,}"
        + ("" if split == "scoring" else f" with {total['positives']:,} outcomes")
        for split, total in totals.items()
    )
    left_out = population.candidates.left_out
    names = ", ".join(f"{name} ({outcomes})" for name, outcomes in left_out.items())
    tail = f"; left out for too few training outcomes: {names}" if names else ""
    return f"{model}: {len(population.candidates.kept)} candidates; {counts}{tail}"
