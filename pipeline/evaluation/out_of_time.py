"""Predictions of every scorer on the out-of-time test rows, eligible or not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.evaluation.scorer_comparison import Outcomes
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_KEYS
from pipeline.models.estimators.baselines import LOGISTIC
from pipeline.models.estimators.blend import Blend
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel
from pipeline.statistics.arrays import Floats
from pipeline.statistics.stacking import stack_codes, stack_frames

MODEL, TRUTH = "model", "truth"
LEAST_KNOWN_SHARE = 0.99


@dataclass(frozen=True)
class OutOfTimeRows:
    """The test rows with their outcomes and what every scorer predicts of them."""

    keys: pd.DataFrame
    """as_of_date, customer_id, category, is_eligible; sorted by key."""
    labels: Floats
    weights: Floats
    groups: npt.NDArray[np.integer]
    features: pd.DataFrame
    """Of the eligible rows, and of all features the few that an evaluation looks at."""
    propensities: Mapping[str, Floats]
    truth: Floats
    """NaN where the source does not know it."""

    @property
    def is_eligible(self) -> npt.NDArray[np.bool_]:
        """Return which rows the question may be asked of."""
        return self.keys["is_eligible"].to_numpy(dtype=bool)

    @property
    def outcomes(self) -> Outcomes:
        """Return what happened; one customer's candidates on one date are one list."""
        lists = self.keys.groupby([*CUSTOMER_KEYS], observed=True).ngroup()
        return Outcomes(self.labels, self.weights, self.groups, lists.to_numpy())

    @classmethod
    def stack(cls, parts: Sequence["OutOfTimeRows"]) -> "OutOfTimeRows":
        """Put the rows of several parts under each other; no customer is in two of them."""
        return cls(
            stack_frames([part.keys for part in parts]),
            np.concatenate([part.labels for part in parts]),
            np.concatenate([part.weights for part in parts]),
            stack_codes([part.groups for part in parts]),
            stack_frames([part.features for part in parts]),
            {
                name: np.concatenate([part.propensities[name] for part in parts])
                for name in parts[0].propensities
            },
            np.concatenate([part.truth for part in parts]),
        )


def predict_rows(
    keys: pd.DataFrame,
    examples: Examples,
    trained: PropensityModel,
    baselines: Mapping[str, PropensityModel],
    known: pd.DataFrame | None,
    *,
    kept: Sequence[str],
) -> OutOfTimeRows:
    """Let every scorer predict the same rows.

    Args:
        keys: of the rows.
        examples: the rows, with their features.
        trained: the model.
        baselines: by name.
        known: as_of_date, customer_id, category and true propensity, where the source knows it.
        kept: features that are looked at later.
    """
    scorers, features = {MODEL: trained, **baselines}, examples.features
    propensities = {
        name: scorers[name].calibrated(scores, features)
        for name, scores in _scores(trained, baselines, features).items()
    }
    return OutOfTimeRows(
        keys[[*CANDIDATE_KEYS, "is_eligible"]],
        np.asarray(examples.labels, dtype=np.float64),
        examples.weights,
        examples.groups,
        features.loc[keys["is_eligible"].to_numpy(dtype=bool), list(kept)],
        propensities,
        _truth_of(keys, known),
    )


def completed(truth: Floats) -> Floats | None:
    """Return the truth with the mean where it is not known; None if that is one row in a hundred.

    Where the company learnt of a holding late, it asks a question that the source does not answer.
    """
    is_known = np.isfinite(truth)
    if is_known.mean() < LEAST_KNOWN_SHARE:
        return None
    return np.where(is_known, truth, truth[is_known].mean())


def to_table(rows: OutOfTimeRows, baselines: Iterable[str]) -> pa.Table:
    """Return the predictions as they are written; an absent scorer's column is empty."""
    keys = rows.keys
    columns: dict[str, pa.Array] = {
        "as_of_date": pa.array(keys["as_of_date"]).cast(pa.date32()),
        "customer_id": pa.array(keys["customer_id"].astype("object"), pa.string()),
        "category": pa.array(keys["category"].astype("object"), pa.string()),
        "is_eligible": pa.array(rows.is_eligible),
        "label": pa.array(rows.labels.astype(np.int64)),
        "propensity": pa.array(rows.propensities[MODEL]),
    }
    for name in baselines:
        predicted = rows.propensities.get(name)
        absent = pa.nulls(len(keys), pa.float64())
        columns[name] = absent if predicted is None else pa.array(predicted)
    columns[TRUTH] = pa.array(rows.truth, pa.float64(), from_pandas=True)
    return pa.table(columns)


def _scores(
    trained: PropensityModel, baselines: Mapping[str, PropensityModel], features: pd.DataFrame
) -> dict[str, Floats]:
    """Return every scorer's log-odds; a regression that is part of the blend scores once."""
    scores = {name: baseline.score(features) for name, baseline in baselines.items()}
    core, logistic = trained.core, baselines.get(LOGISTIC)
    if isinstance(core, Blend) and logistic is not None and core.logistic == logistic.core:
        return {MODEL: core.raw_given(scores[LOGISTIC], features), **scores}
    return {MODEL: trained.score(features), **scores}


def _truth_of(keys: pd.DataFrame, known: pd.DataFrame | None) -> Floats:
    """Return the true propensity of each row; NaN where it is not known."""
    if known is None:
        return np.full(len(keys), np.nan)
    on = list(CANDIDATE_KEYS)
    asked = pd.DataFrame({name: keys[name].astype("object") for name in on[1:]})
    asked.insert(0, "as_of_date", pd.to_datetime(keys["as_of_date"]).to_numpy("datetime64[s]"))
    dates = pd.to_datetime(known["as_of_date"]).to_numpy("datetime64[s]")
    texts = {name: known[name].astype("object") for name in on[1:]}
    found = asked.merge(
        known.assign(as_of_date=dates, **texts)[[*on, "propensity"]], on=on, how="left"
    )
    return found["propensity"].to_numpy(dtype=np.float64)
