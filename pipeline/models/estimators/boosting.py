"""Gradient-boosted trees: the one door to LightGBM.

Everything a fit depends on is fixed, so that equal rows give an equal text. No class weights.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

import lightgbm as lgb
import numpy as np

from pipeline.foundation.errors import DataError
from pipeline.models.estimators.encoding import Encoded
from pipeline.statistics.arrays import Floats, Ints

Objective = Literal["binary", "regression", "cross_entropy"]
"""What the labels are: 0 or 1, numbers, or probabilities."""
METRICS: dict[Objective, str] = {
    "binary": "binary_logloss",
    "regression": "l2",
    "cross_entropy": "cross_entropy",
}
MAX_LEAVES = 31  # the time of `contributions` grows with the square of the leaves' depth
_THREADS = re.compile(r"\[num_threads: \d+\]")
Watch = Callable[[int, float], None]
"""Called with the round and the validation log loss; raises to stop the fit."""


@dataclass(frozen=True)
class BoostingParams:
    """LightGBM's parameters that are worth a choice, by LightGBM's names."""

    learning_rate: float = 0.1
    num_leaves: int = 15
    min_sum_hessian_in_leaf: float = 5.0
    """About the number of positives a leaf holds at least: it is blind to sampled negatives."""
    min_data_in_leaf: int = 20
    feature_fraction: float = 0.6
    bagging_fraction: float = 0.8
    lambda_l2: float = 1.0
    path_smooth: float = 0.0
    cat_smooth: float = 10.0
    cat_l2: float = 10.0
    min_data_per_group: int = 50


@dataclass(frozen=True)
class LabelledRows:
    """Encoded rows with their labels and weights."""

    rows: Encoded
    labels: Floats
    weights: Floats


@dataclass(frozen=True)
class BinnedRows:
    """Rows as LightGBM's histograms, made once and shared by every fit on them."""

    train: lgb.Dataset
    held_out: tuple[lgb.Dataset, ...]
    """The rows that decide when to stop; none where the number of trees is known."""
    fixed: dict[str, Any]


@dataclass(frozen=True)
class Fit:
    """Trees, and the validation log loss of the last one that is kept."""

    booster: "Booster"
    trees: int
    validation_log_loss: float | None


@dataclass(frozen=True)
class Grown:
    """Trees up to where the held-out rows said stop, and the validation log loss after each."""

    booster: "Booster"
    losses: Floats


@dataclass(frozen=True)
class Booster:
    """Fitted trees, as text."""

    text: str

    def __reduce__(self) -> tuple[type["Booster"], tuple[str]]:
        """Be sent to another process as text."""
        return Booster, (self.text,)

    @cached_property
    def _trees(self) -> Any:
        return lgb.Booster(model_str=self.text)

    @property
    def trees(self) -> int:
        """Return the number of trees."""
        return int(self._trees.num_trees())

    def first(self, trees: int) -> "Booster":
        """Return the first trees of all."""
        return Booster(self._trees.model_to_string(num_iteration=trees))

    def raw(self, rows: Encoded) -> Floats:
        """Return the log-odds of each row, or the expected number after a regression."""
        self._check(rows)
        return np.asarray(self._trees.predict(rows.matrix, raw_score=True), dtype=np.float64)

    def contributions(self, rows: Encoded) -> Floats:
        """Return rows × features: how far each feature moved the log-odds from the average."""
        self._check(rows)
        found = self._trees.predict(rows.matrix, pred_contrib=True)
        return np.asarray(found, dtype=np.float64)[:, :-1]

    def gains(self) -> Floats:
        """Return how much each feature lowered the training loss, as a share of all."""
        gains = np.asarray(self._trees.feature_importance("gain"), dtype=np.float64)
        return gains / gains.sum() if gains.sum() else gains

    def _check(self, rows: Encoded) -> None:
        """Refuse columns in another order: LightGBM would return wrong scores in silence."""
        expected, found = self._trees.feature_name(), safe_names(rows.names)
        if expected != found:
            raise DataError(
                "the features of the fit, in their order",
                f"{len(found)} features that differ from the {len(expected)} of the fit",
                "Encode the rows with the encoder that was saved with the trees.",
            )


def bin_rows(
    train: LabelledRows,
    held_out: LabelledRows | None,
    seed: int,
    threads: int,
    objective: Objective = "binary",
) -> BinnedRows:
    """Turn rows into histograms; the held-out rows take the train rows' bins."""
    fixed = _fixed(seed, threads, objective)
    binned = lgb.Dataset(
        train.rows.matrix,
        train.labels,
        weight=train.weights,
        feature_name=safe_names(train.rows.names),
        categorical_feature=train.rows.text_positions,
        params=fixed,
    ).construct()
    if held_out is None:
        return BinnedRows(binned, (), fixed)
    judging = lgb.Dataset(
        held_out.rows.matrix,
        held_out.labels,
        weight=held_out.weights,
        reference=binned,
        feature_name=safe_names(train.rows.names),
        categorical_feature=train.rows.text_positions,
        params=fixed,
    ).construct()
    return BinnedRows(binned, (judging,), fixed)


@dataclass(frozen=True)
class SharedBins:
    """Rows as histograms, made once: fits on any part of them with any labels take theirs."""

    whole: lgb.Dataset
    seed: int
    threads: int

    def take(
        self, train: "LabelledPlaces", held_out: "LabelledPlaces | None", objective: Objective
    ) -> BinnedRows:
        """Return the rows of a fit."""
        fixed = _fixed(self.seed, self.threads, objective)
        judging = () if held_out is None else (self._part(held_out, fixed),)
        return BinnedRows(self._part(train, fixed), judging, fixed)

    def _part(self, labelled: "LabelledPlaces", fixed: dict[str, Any]) -> lgb.Dataset:
        part = self.whole.subset(labelled.places.tolist(), params=fixed).construct()
        return part.set_label(labelled.labels).set_weight(labelled.weights)


@dataclass(frozen=True)
class LabelledPlaces:
    """Places of rows that were binned, rising, with their labels and weights."""

    places: Ints
    labels: Floats
    weights: Floats


def share_bins(rows: Encoded, seed: int, threads: int) -> SharedBins:
    """Turn rows into histograms for many fits; what is learnt of labels is left to each of them."""
    whole = lgb.Dataset(
        rows.matrix,
        np.zeros(len(rows.matrix)),
        feature_name=safe_names(rows.names),
        categorical_feature=rows.text_positions,
        params=_fixed(seed, threads, "binary"),
    ).construct()
    return SharedBins(whole, seed, threads)


def _fixed(seed: int, threads: int, objective: Objective) -> dict[str, Any]:
    return {
        "objective": objective,
        "metric": METRICS[objective],
        "boost_from_average": True,
        "deterministic": True,
        "force_col_wise": True,  # with few of the features to a tree, twice as fast as by rows
        "feature_pre_filter": False,
        "max_bin": 127,
        "bagging_freq": 1,
        "seed": seed,
        "num_threads": threads,
        "verbosity": -1,
    }


def _as_text(said: str) -> Booster:
    """Return the trees as they would be with any number of threads, which says nothing of them."""
    return Booster(_THREADS.sub("[num_threads: 2]", said))


def fit_trees(rows: BinnedRows, params: BoostingParams, trees: int) -> Fit:
    """Fit a given number of trees."""
    booster = lgb.train(rows.fixed | asdict(params), rows.train, num_boost_round=trees)
    return Fit(_as_text(booster.model_to_string()), booster.num_trees(), None)


def fit_until_worse(
    rows: BinnedRows,
    params: BoostingParams,
    max_trees: int,
    patience: int,
    watch: Watch | None = None,
) -> Fit:
    """Fit until the validation log loss has not improved for `patience` rounds; keep the best."""
    callbacks: list[Callable[..., Any]] = [lgb.early_stopping(patience, verbose=False)]
    if watch is not None:
        callbacks.append(_watched_by(watch))
    booster = lgb.train(
        rows.fixed | asdict(params),
        rows.train,
        num_boost_round=max_trees,
        valid_sets=list(rows.held_out),
        valid_names=["validation"],
        callbacks=callbacks,
    )
    trees = booster.best_iteration
    return Fit(
        _as_text(booster.model_to_string(num_iteration=trees)),
        trees,
        float(booster.best_score["validation"][rows.fixed["metric"]]),
    )


def grow_until_worse(
    rows: BinnedRows, params: BoostingParams, max_trees: int, patience: int
) -> Grown:
    """Fit as `fit_until_worse` does; keep the trees beyond the best, and what each was worth."""
    told: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        rows.fixed | asdict(params),
        rows.train,
        num_boost_round=max_trees,
        valid_sets=list(rows.held_out),
        valid_names=["validation"],
        callbacks=[lgb.early_stopping(patience, verbose=False), lgb.record_evaluation(told)],
        keep_training_booster=True,  # otherwise the trees beyond the best are thrown away
    )
    losses = np.array(told["validation"][rows.fixed["metric"]])
    return Grown(_as_text(booster.model_to_string(num_iteration=-1)), losses)


def safe_names(names: tuple[str, ...]) -> list[str]:
    """Return names that LightGBM's text can hold, each once."""
    cleaned = [re.sub(r"[^\w.-]+", "_", name) for name in names]
    return [
        f"{name}_{position}" if cleaned.count(name) > 1 else name
        for position, name in enumerate(cleaned)
    ]


def _watched_by(watch: Watch) -> Callable[[Any], None]:
    def callback(state: Any) -> None:
        watch(state.iteration, float(state.evaluation_result_list[0][2]))

    return callback
