"""Small labelled tables whose true propensities are known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats

CATEGORIES = ("loan", "mobile", "pet")


@dataclass(frozen=True)
class Table:
    """Rows with the propensity that drew their labels."""

    examples: Examples
    truth: Floats


def table(rows: int, seed: int, rows_of_group: int = 4) -> Table:
    """Return rows with signal in numbers, a gap, a text and an interaction; one in ten positive."""
    random = np.random.default_rng(seed)
    visits = random.poisson(3, rows).astype("float32")
    recency = np.where(random.random(rows) < 0.3, np.nan, random.exponential(60, rows))
    spend = random.lognormal(3, 1, rows).astype("float32")
    category = random.choice(CATEGORIES, rows)
    noise = random.normal(size=(rows, 3)).astype("float32")
    log_odds = (
        -3.2
        + 0.25 * visits
        + np.where(np.isnan(recency), -0.5, -0.008 * np.nan_to_num(recency))
        + 0.9 * (category == "loan")
        + 0.5 * (category == "pet") * (noise[:, 0] > 0)
    )
    truth = 1 / (1 + np.exp(-log_odds))
    features = pd.DataFrame(
        {
            "digital__visits__30d": visits,
            "history__recency": recency.astype("float32"),
            "history__spend__365d": spend,
            "category": pd.Categorical(category, categories=sorted(CATEGORIES)),
            **{f"noise__{place}": noise[:, place] for place in range(3)},
        }
    )
    labels = (random.random(rows) < truth).astype(np.float64)
    groups = np.arange(rows) // rows_of_group
    return Table(Examples(features, labels, np.ones(rows), groups), truth)
