"""The models room on tables that have nothing to do with customers, against what a user would try.

Every rival sees the same rows and has the same seconds; what is compared is the log loss on the
same test rows, with limits from a paired bootstrap.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_digits, make_classification

from pipeline.evaluation.scorer_comparison import Outcomes, Resampling, compare_scorers
from pipeline.models.estimators.refitting import refit
from pipeline.models.examples import Examples
from pipeline.models.tuning.search import StudyPlan, tune
from pipeline.statistics.arrays import Floats
from tests.models.rivals import RIVALS, Parts

log = logging.getLogger(__name__)

PLAN = StudyPlan(trials=12, max_trees=1000, patience=30, seed=1, threads=1)
LEAST_SECONDS = 1.0


def examples_of(numbers: Floats, labels: npt.NDArray[Any], **texts: pd.Categorical) -> Examples:
    features = pd.DataFrame(
        numbers.astype("float32"), columns=[f"f{place}" for place in range(numbers.shape[1])]
    ).assign(**texts)
    return Examples(features, labels.astype(float), np.ones(len(labels)), np.arange(len(labels)))


def texts_of(name: str, codes: npt.NDArray[Any]) -> pd.Categorical:
    return pd.Categorical(np.array([f"{name} {code}" for code in codes], dtype=object))


def cancer() -> Examples:
    found = load_breast_cancer()
    return examples_of(found.data, found.target == 0)


def rare_digit() -> Examples:
    found = load_digits()
    return examples_of(found.data, found.target == 8)


def rare_with_gaps() -> Examples:
    numbers, labels = make_classification(
        12_000, 30, n_informative=8, n_redundant=4, weights=[0.96], flip_y=0.02, random_state=3
    )
    gaps = np.random.default_rng(3).random(numbers.shape) < 0.2
    return examples_of(np.where(gaps, np.nan, numbers), labels)


def rare_and_large() -> Examples:
    numbers, labels = make_classification(
        25_000, 20, n_informative=5, weights=[0.97], flip_y=0.03, class_sep=0.6, random_state=4
    )
    return examples_of(numbers, labels)


def many_texts() -> Examples:
    random = np.random.default_rng(5)
    shops = random.zipf(1.4, 15_000) % 600
    effects = random.normal(0, 1, 600)
    numbers = random.normal(size=(15_000, 5))
    log_odds = -3.2 + effects[shops] + 0.6 * numbers[:, 0]
    labels = random.random(15_000) < 1 / (1 + np.exp(-log_odds))
    return examples_of(numbers, labels, shop=texts_of("shop", shops))


def mixed() -> Examples:
    """Return numbers with gaps, steps with an order, few and many texts; one in twenty positive."""
    random = np.random.default_rng(7)
    rows = 15_000
    numbers, steps = random.normal(size=(rows, 6)), random.integers(1, 6, size=(rows, 2))
    plans, towns = random.integers(0, 4, rows), random.integers(0, 120, rows)
    log_odds = (
        -4.9
        + 0.7 * numbers[:, 0]
        + np.where(numbers[:, 1] > 1, 1.2, 0.0)
        + 0.35 * steps[:, 0]
        + np.array([0.0, 0.5, -0.6, 0.9])[plans] * (numbers[:, 2] > 0)
        + random.normal(0, 0.6, 120)[towns]
    )
    gaps = random.random(numbers.shape) < 0.15
    return examples_of(
        np.column_stack([np.where(gaps, np.nan, numbers), steps]),
        random.random(rows) < 1 / (1 + np.exp(-log_odds)),
        plan=texts_of("plan", plans),
        town=texts_of("town", towns),
    )


def noise() -> Examples:
    random = np.random.default_rng(6)
    return examples_of(random.normal(size=(6000, 20)), random.random(6000) < 0.04)


TABLES: Mapping[str, Callable[[], Examples]] = {
    make.__name__: make
    for make in (cancer, rare_digit, rare_with_gaps, rare_and_large, many_texts, mixed, noise)
}


def split(everyone: Examples) -> Parts:
    part = np.random.default_rng(0).permutation(len(everyone))
    cuts = [int(0.6 * len(part)), int(0.8 * len(part))]
    train, held_out, test = (everyone.take(np.sort(rows)) for rows in np.split(part, cuts))
    return Parts(train, held_out, everyone.take(np.sort(part[: cuts[1]])), test)


def of_the_project(parts: Parts) -> Floats:
    plan = replace(PLAN, threads=parts.threads)
    with TemporaryDirectory() as folder:
        best = tune(parts.train, parts.held_out, plan, Path(folder) / "journal").best
    model = refit(
        "table",
        parts.both,
        parts.held_out,
        best.params,
        best.trees,
        seed=1,
        threads=parts.threads,
        made_from={},
    )
    return model.propensity(parts.test.features)


@cache
def differences(table: str) -> Mapping[str, tuple[float, float, float]]:
    """Return by how much our log loss exceeds each rival's, with limits.

    They hold for all comparisons together (Bonferroni): what a rival finds in its seconds is not
    the same twice, and of 28 limits at 95% one would be crossed by luck every other time.
    """
    parts = split(TABLES[table]())
    started = time.perf_counter()
    stated = {"ours": of_the_project(parts)}
    seconds = max(LEAST_SECONDS, time.perf_counter() - started)
    stated |= {name: rival(parts, seconds) for name, rival in RIVALS.items()}
    test = parts.test
    measured = compare_scorers(
        stated, Outcomes(test.labels, test.weights, test.groups, test.groups), Resampling(2000, 1)
    )
    found = {}
    tail = 0.05 / 2 / (len(TABLES) * len(RIVALS))
    for name in RIVALS:
        loss, drawn = measured.difference("ours", name, "log_loss")
        low, high = np.quantile(drawn, [tail, 1 - tail])
        found[name] = (loss, float(low), float(high))
        log.info("%s, %s: %+.5f (%+.5f to %+.5f)", table, name, *found[name])
    return found


CASES = [
    pytest.param(
        table,
        rival,
        marks=[
            pytest.mark.xfail(
                reason="174 positives that hardly overlap with the rest want larger trees than "
                "the search allows; by how much depends on what FLAML finds in its seconds",
                strict=False,
            )
        ]
        if (table, rival) == ("rare_digit", "flaml")
        else [],
    )
    for table in TABLES
    for rival in RIVALS
]


@pytest.mark.slow
@pytest.mark.parametrize(("table", "rival"), CASES)
def test_never_worse_than_what_a_user_would_try(table: str, rival: str) -> None:
    assert differences(table)[rival][1] <= 0


@pytest.mark.slow
@pytest.mark.parametrize("rival", RIVALS)
def test_better_than_each_of_them_on_most_tables(rival: str) -> None:
    better = [table for table in TABLES if differences(table)[rival][0] < 0]
    assert len(better) > len(TABLES) / 2
