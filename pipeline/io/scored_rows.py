"""What a champion says of rows: score, propensity with its interval, place in the category."""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.features.matrix import Matrix
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.frame_rows import to_rows
from pipeline.foundation.contracts.outputs import PROPENSITIES
from pipeline.foundation.engines import Engine
from pipeline.io.todays_levels import TodaysScorer
from pipeline.models.propensity_model import PropensityModel

_LATER = ("rank", "top_percent", "decile", "model_version")
SCORED = pa.schema([column for column in PROPENSITIES.columns if column[0] not in _LATER])


@dataclass(frozen=True)
class RowScorer:
    """From a matrix to one row a candidate (SCORED); it goes to where the rows are."""

    model: ModelName
    today: TodaysScorer
    base_rates: pd.Series
    """By category, with the share of all in the attribute `pooled`."""

    def __call__(self, matrix: Matrix) -> pa.Table:
        """Return the rows of the categories that the champion was trained on."""
        known = only_known(self.today.model, matrix)
        if known.keys.empty:
            return SCORED.empty_table()
        return to_rows(score_rows(self.model, self.today, known, self.base_rates), SCORED)


def only_known(champion: PropensityModel, matrix: Matrix) -> Matrix:
    """Leave out the rows of categories that the champion was not trained on."""
    categories = matrix.keys["category"].astype("object")
    is_known = categories.map(champion.is_trained_on).to_numpy(dtype=bool)
    return matrix if is_known.all() else matrix.take(is_known)


def count_unknown(engine: Engine, champion: PropensityModel, asked: ir.Table) -> Mapping[str, int]:
    """Return how many rows each category has that the champion was not trained on."""
    counts = engine.arrow(asked.group_by("category").aggregate(rows=asked.count()))
    found = zip(counts["category"].to_pylist(), counts["rows"].to_pylist(), strict=True)
    return {name: rows for name, rows in sorted(found) if not champion.is_trained_on(name)}


def score_rows(
    model: ModelName, scorer: TodaysScorer, matrix: Matrix, base_rates: pd.Series
) -> pd.DataFrame:
    """Return one row a candidate: score, propensity with its interval, base rate."""
    categories = matrix.keys["category"]
    champion, intervals = scorer.model, scorer.intervals
    raw = champion.score(matrix.features)
    propensities = champion.calibrated(raw, matrix.features)
    unknown = np.full(len(raw), np.nan)
    low, high = (
        (unknown, unknown)
        if intervals is None
        else intervals.limits(propensities, raw, matrix.features)
    )
    rates = (
        categories.astype("object")
        .map(base_rates)
        .astype("float64")
        .fillna(base_rates.attrs["pooled"])
    )
    return pd.DataFrame(
        {
            "model": model,
            "category": categories,
            "customer_id": matrix.keys["customer_id"],
            "as_of_date": matrix.keys["as_of_date"],
            "score": raw,
            "propensity": propensities,
            "propensity_low": low,
            "propensity_high": high,
            "base_rate": rates,
        }
    )


def place_rows(scored: ir.Table, version: str) -> ir.Table:
    """Return one model's rows (PROPENSITIES) with their place in their category.

    1 is the highest score, equal scores go by customer. In whole numbers throughout: a division of
    floats would put a rank on a border into the wrong part.
    """
    of_category = ibis.window(group_by="category")
    by_score = ibis.window(
        group_by="category", order_by=[ibis.desc("score"), ibis.asc("customer_id")]
    )
    ranked = scored.mutate(
        rank=ibis.row_number().over(by_score) + 1, size=ibis._.count().over(of_category)
    )
    return ranked.mutate(
        top_percent=_part_of(ranked, 100),
        decile=_part_of(ranked, 10),
        model_version=ibis.literal(version),
    ).select(*PROPENSITIES.names)


def _part_of(ranked: ir.Table, parts: int) -> ir.IntegerColumn:
    """Return which of so many equal parts of its category a row falls into, from 1."""
    return ((ranked["rank"] * parts + ranked["size"] - 1) // ranked["size"]).cast("int64")


def best_rows(scored: ir.Table) -> ir.Table:
    """Return the keys of each customer's likeliest category; of equal ones the first by name."""
    likeliest = ibis.window(
        group_by="customer_id", order_by=[ibis.desc("propensity"), ibis.asc("category")]
    )
    placed = scored.mutate(place=ibis.row_number().over(likeliest))
    return placed.filter(placed.place == 0).select("as_of_date", "customer_id", "category")
