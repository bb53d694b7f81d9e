"""What a champion says of rows: score, propensity with its interval, place in the category."""

from collections import Counter

import numpy as np
import pandas as pd

from pipeline.features.matrix import Matrix
from pipeline.foundation.config import ModelName
from pipeline.io.todays_levels import TodaysScorer
from pipeline.models.propensity_model import PropensityModel
from pipeline.statistics.within_group import place_within


def only_known(champion: PropensityModel, matrix: Matrix) -> tuple[Matrix, Counter[str]]:
    """Leave out, and count, the rows of categories that the champion was not trained on."""
    categories = matrix.keys["category"].astype("object")
    is_known = categories.map(champion.is_trained_on).to_numpy(dtype=bool)
    if is_known.all():
        return matrix, Counter()
    return matrix.take(is_known), Counter(categories[~is_known].astype("str"))


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


def place_rows(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their place in their category; equal scores go by customer."""
    categories, customers = (
        scored[name].cat.codes.to_numpy() for name in ("category", "customer_id")
    )
    places = place_within(categories, scored["score"].to_numpy(), customers)
    texts = {name: scored[name].astype("object") for name in ("category", "customer_id")}
    return scored.assign(
        **texts, rank=places.ranks, top_percent=places.top_percents, decile=places.deciles
    )
