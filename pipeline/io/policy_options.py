"""Permitted contacts with their true effects, for the simulated company, which knows them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.features.matrix import Matrix
from pipeline.foundation.contracts.households import randomisation_units
from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.statistics.arrays import Floats, Ints
from pipeline.studies.policy_value import OPTION_KEYS, Options

PROPENSITY, CHANNEL = "propensity", "channel"


def list_options(
    weighed: pd.DataFrame,
    permitted: pd.DataFrame,
    customers: pd.DataFrame,
    truth: pd.DataFrame,
    costs: "pd.Series[float]",
) -> tuple[Options, Floats]:
    """Return every permitted contact, sorted by key, and the propensity of each.

    Who has bought what is offered, and the company has not heard of it yet, cannot be moved.

    Args:
        weighed: WEIGHED: the candidates that stand.
        permitted: customer_id, channel.
        customers: customer_id, household_id.
        truth: OFFER_KEYS and the effect of one contact in a column for each channel.
        costs: cents by channel.
    """
    rows = weighed.merge(permitted, on="customer_id")
    rows = rows[rows[CHANNEL].isin(costs.index)]
    rows = rows.sort_values(list(OPTION_KEYS), ignore_index=True)
    units = randomisation_units(customers).set_axis(customers["customer_id"])
    options = Options(
        keys=rows[list(OPTION_KEYS)],
        customers=_codes(rows["customer_id"]),
        households=_codes(rows["customer_id"].map(units)),
        value_cents=_floats(rows["value_cents"]),
        weight=_floats(rows["context"] * rows["lever"]),
        cost_cents=_floats(rows[CHANNEL].map(costs)),
        true_effect=_true_effects(rows, truth),
    )
    return options, _floats(rows[PROPENSITY])


def estimated_effects(options: Options, effects: pd.DataFrame) -> Floats:
    """Return the estimated effect of each option; 0 where there is no estimate.

    Args:
        options: the permitted contacts.
        effects: EFFECTS.
    """
    keys = list(OPTION_KEYS)
    rows = options.keys.merge(effects[[*keys, "effect"]], on=keys, how="left", validate="1:1")
    return _floats(rows["effect"].fillna(0.0))


def features_of(
    options: Options, propensity: Floats, matrices: Mapping[str, Matrix]
) -> pd.DataFrame:
    """Return the features of each option: its candidate's, its model, channel and propensity.

    Args:
        options: the permitted contacts.
        propensity: of each.
        matrices: by model, of the scoring date.
    """
    keys = pd.concat(
        [matrix.keys.assign(model=model) for model, matrix in sorted(matrices.items())]
    )
    features = pd.concat(
        [matrix.features for _, matrix in sorted(matrices.items())], ignore_index=True
    )
    known = pd.MultiIndex.from_frame(keys[list(OFFER_KEYS)].astype("object"))
    asked = pd.MultiIndex.from_frame(options.keys[list(OFFER_KEYS)].astype("object"))
    found = features.iloc[known.get_indexer(asked)].reset_index(drop=True)
    texts = options.keys[["model", CHANNEL]].add_prefix("offered__").astype("category")
    told = texts.assign(offered__propensity=propensity)
    return pd.concat([_texts_again(found), told], axis=1)


def _texts_again(features: pd.DataFrame) -> pd.DataFrame:
    """Return texts as `category`, which putting tables with other texts below others undoes."""
    texts = features.select_dtypes(include=["object", "str"]).columns
    return features.astype(dict.fromkeys(texts, "category"))


def _true_effects(rows: pd.DataFrame, truth: pd.DataFrame) -> Floats:
    keys = list(OFFER_KEYS)
    asked = rows[keys].merge(truth, on=keys, how="left", validate="many_to_one")
    effect = np.zeros(len(rows))
    for channel in set(rows[CHANNEL]) & set(truth):
        is_mine = (rows[CHANNEL] == channel).to_numpy()
        effect[is_mine] = _floats(asked.loc[is_mine, channel].fillna(0.0))
    return effect


def _floats(column: "pd.Series[float]") -> Floats:
    return np.asarray(column, dtype=np.float64)


def _codes(names: "pd.Series[str]") -> Ints:
    return np.unique(names.to_numpy(dtype=str), return_inverse=True)[1].astype(np.int64)
