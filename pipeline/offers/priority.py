"""What an offer is worth: priority = propensity × value × context × lever − contact cost, in cents.

The horizon of the value is one acquisition: the profit of the first purchase, or of the first
`subscription_payments` payments of a product that is held until it is cancelled. What the customer
may buy later is not in it. A season or lever that params do not name is 1.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.config import MODEL_NAMES
from pipeline.foundation.errors import unknown_name
from pipeline.statistics.within_group import rank_within

PARTS = ("propensity", "value_cents", "context", "lever")
MONTHS = 12


def value_offers(
    candidates: pd.DataFrame,
    *,
    default_price_cents: int,
    default_margin_rate: float,
    subscription_payments: int,
) -> pd.Series:
    """Return the profit of each offer if it is taken up, net of expected returns, in whole cents.

    Expected price × margin × payments × (1 − return rate). The price of an up-sell is the step
    over what is held, and no step down counts. The default stands for a price that is not known,
    and for a step between prices of which one is not known.

    Args:
        candidates: model, price_cents, held_price_cents, margin_rate, return_rate,
            is_subscription.
        default_price_cents: for products without a price.
        default_margin_rate: for products without a margin.
        subscription_payments: how many payments of a subscription count.
    """
    is_step = candidates["model"].to_numpy() == "up_sell"
    price = _numbers(candidates["price_cents"])
    held = np.where(is_step, _numbers(candidates["held_price_cents"]), 0.0)
    step = np.maximum(price - held, 0.0)
    expected = np.where(np.isnan(step), float(default_price_cents), step)
    margin = _numbers(candidates["margin_rate"])
    margin = np.where(np.isnan(margin), default_margin_rate, margin)
    payments = np.where(candidates["is_subscription"], subscription_payments, 1)
    kept = 1.0 - _numbers(candidates["return_rate"])
    cents = np.floor(expected * margin * payments * kept + 0.5).astype("int64")
    return pd.Series(cents, index=candidates.index, name="value_cents")


def weigh_seasons(
    categories: pd.Series, month: int, seasons: Mapping[str, Sequence[float]]
) -> pd.Series:
    """Return the context of each offer: the weight of its category in this month (1 = January)."""
    return _weights(categories, {name: by_month[month - 1] for name, by_month in seasons.items()})


def weigh_levers(candidates: pd.DataFrame, levers: Mapping[str, float]) -> pd.Series:
    """Return the lever of each offer: what the company wants more or less of, as it says.

    Args:
        candidates: model and category.
        levers: a model or a category -> a factor; those of both multiply.
    """
    models: Collection[str] = MODEL_NAMES
    of_models = {name: weight for name, weight in levers.items() if name in models}
    others = {name: weight for name, weight in levers.items() if name not in models}
    return _weights(candidates["model"], of_models) * _weights(candidates["category"], others)


def check_weights(
    seasons: Mapping[str, object], levers: Mapping[str, object], offered: pd.DataFrame
) -> None:
    """Refuse a season or lever of what nobody is offered; nothing is where nobody is offered anything.

    Args:
        seasons: by category.
        levers: by model or category.
        offered: the models and categories of all candidates.

    Raises:
        ConfigurationError: with the name that may be meant.
    """
    categories = sorted(set(offered["category"]))
    models = sorted(set(offered["model"]))
    for names, where, known in (
        (seasons, "in decide.seasons", categories),
        (levers, "in decide.levers", [*categories, *models]),
    ):
        for name in names:
            if len(offered) and name not in known:
                raise unknown_name(where, name, known)


def prioritise(candidates: pd.DataFrame) -> pd.Series:
    """Return what each offer is worth before its contact is paid for: the product of its parts."""
    return gross(candidates, PARTS)


def gross(candidates: pd.DataFrame, parts: Sequence[str]) -> pd.Series:
    """Return the product of some parts of the priority."""
    product = np.ones(len(candidates))
    for part in parts:
        product = product * candidates[part].to_numpy(dtype="float64")
    return pd.Series(product, index=candidates.index, name="gross_cents")


def rank_within_customers(candidates: pd.DataFrame, worth: pd.Series) -> "npt.NDArray[np.int64]":
    """Return the place of each offer among its customer's, 1 = worth most.

    Args:
        candidates: customer_id, model, category; all rows of a customer together. Of equal worth
            the first model and category of the alphabet goes first.
        worth: of each row.
    """
    customers = group_codes(candidates["customer_id"])
    return rank_within(customers, -worth.to_numpy(dtype="float64"), *tie_keys(candidates))


def tie_keys(candidates: pd.DataFrame) -> "list[npt.NDArray[np.intp]]":
    """Return model and category as codes in the order of the alphabet, to break ties by."""
    return [pd.factorize(candidates[name], sort=True)[0] for name in ("model", "category")]


def group_codes(customer_ids: pd.Series) -> "npt.NDArray[np.int64]":
    """Return 0, 0, 1, … for ids of which equal ones stand together."""
    is_new = customer_ids.ne(customer_ids.shift()).to_numpy(dtype=bool)
    return np.cumsum(is_new) - 1


def _numbers(column: pd.Series) -> "npt.NDArray[np.float64]":
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _weights(names: pd.Series, weights: Mapping[str, float]) -> pd.Series:
    codes, different = pd.factorize(names)
    factors = np.array([weights.get(name, 1.0) for name in different], dtype="float64")
    return pd.Series(factors[codes], index=names.index)
