"""What a user would try on a plain table instead of the models room.

Each sees the train and the held-out rows, and has as many seconds as the models room took.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import catboost
import lightgbm as lgb
import numpy as np
import pandas as pd
from flaml import tune as flaml
from sklearn.metrics import log_loss

from pipeline.models.estimators.logistic import fit_logistic_regression
from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats


@dataclass(frozen=True)
class Parts:
    """A table split at random."""

    train: Examples
    held_out: Examples
    both: Examples
    """Train and held-out rows, for a rival that needs no rows to stop by."""
    test: Examples

    @property
    def threads(self) -> int:
        """Return how many threads everybody has: on a small table they wait for one another."""
        return 1 if len(self.both) < 10_000 else 2


def defaults(parts: Parts, _seconds: float) -> Floats:
    """Return what LightGBM says with its own parameters."""
    return _positive(_lightgbm({}, parts.both, parts.threads), parts.test.features)


def flaml_tuned(parts: Parts, seconds: float) -> Floats:
    """Return what LightGBM says with the best that FLAML finds, fitted on all rows.

    Ranges and start are those of FLAML 2.7 for LightGBM; trees end at 1,024, to keep the time.
    """
    most = min(1024, len(parts.train))
    found = flaml.run(
        lambda params: {
            "loss": _loss(_lightgbm(params, parts.train, parts.threads), parts.held_out)
        },
        config={
            "n_estimators": flaml.lograndint(4, most),
            "num_leaves": flaml.lograndint(4, most),
            "min_child_samples": flaml.lograndint(2, 129),
            "learning_rate": flaml.loguniform(1 / 1024, 1.0),
            "log_max_bin": flaml.lograndint(3, 11),
            "colsample_bytree": flaml.uniform(0.01, 1.0),
            "reg_alpha": flaml.loguniform(1 / 1024, 1024),
            "reg_lambda": flaml.loguniform(1 / 1024, 1024),
        },
        low_cost_partial_config={"n_estimators": 4, "num_leaves": 4},
        metric="loss",
        mode="min",
        time_budget_s=seconds,
        num_samples=-1,
        verbose=0,
    )
    return _positive(_lightgbm(found.best_config, parts.both, parts.threads), parts.test.features)


def catboost_stopped(parts: Parts, seconds: float) -> Floats:
    """Return what CatBoost says with its own parameters, stopped by the held-out rows."""
    model = catboost.CatBoostClassifier(
        cat_features=_texts(parts.train.features),
        early_stopping_rounds=50,
        thread_count=parts.threads,
        random_seed=1,
        allow_writing_files=False,
        verbose=0,
    )
    model.fit(
        _as_texts(parts.train.features),
        parts.train.labels,
        eval_set=(_as_texts(parts.held_out.features), parts.held_out.labels),
        callbacks=[_Until(time.perf_counter() + seconds)],
    )
    return _positive(model, _as_texts(parts.test.features))


def logistic(parts: Parts, _seconds: float) -> Floats:
    """Return what the logistic regression of the baselines says."""
    raw = fit_logistic_regression(parts.both, seed=1).raw(parts.test.features)
    return np.asarray(1 / (1 + np.exp(-raw)), dtype=np.float64)


RIVALS: Mapping[str, Callable[[Parts, float], Floats]] = {
    "defaults": defaults,
    "flaml": flaml_tuned,
    "catboost": catboost_stopped,
    "logistic": logistic,
}


@dataclass(frozen=True)
class _Until:
    """Ends CatBoost's fit when its seconds are over."""

    end: float

    def after_iteration(self, _info: Any) -> bool:
        """Return whether to go on."""
        return time.perf_counter() < self.end


def _lightgbm(params: Mapping[str, Any], rows: Examples, threads: int) -> lgb.LGBMClassifier:
    given = dict(params)
    if "log_max_bin" in given:
        given["max_bin"] = 2 ** int(given.pop("log_max_bin")) - 1
    model = lgb.LGBMClassifier(**given, n_jobs=threads, random_state=1, verbose=-1)
    return model.fit(rows.features, rows.labels)


def _loss(model: lgb.LGBMClassifier, rows: Examples) -> float:
    return float(log_loss(rows.labels, _positive(model, rows.features), labels=[0, 1]))


def _positive(model: Any, features: pd.DataFrame) -> Floats:
    return np.asarray(model.predict_proba(features)[:, 1], dtype=np.float64)


def _texts(features: pd.DataFrame) -> list[str]:
    return list(features.select_dtypes("category").columns)


def _as_texts(features: pd.DataFrame) -> pd.DataFrame:
    return features.assign(**{name: features[name].astype(str) for name in _texts(features)})
