"""The parts of each candidate's priority, side by side: propensity, value, context, lever."""

import pandas as pd

from pipeline.foundation.config import DecideParams
from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.offers.priority import prioritise, value_offers, weigh_levers, weigh_seasons


def weigh_candidates(priced: pd.DataFrame, decide: DecideParams, month: int) -> pd.DataFrame:
    """Return every candidate with the parts of its priority, and their product, `gross_cents`.

    Args:
        priced: what `price_candidates` returns.
        decide: prices and margins where none are known, seasons and levers.
        month: of the decision, 1 = January.
    """
    value = value_offers(
        priced,
        default_price_cents=int(decide.default_price * 100),
        default_margin_rate=decide.default_margin_rate,
        subscription_payments=decide.subscription_payments,
    )
    weighed = priced[[*OFFER_KEYS, "product_id", "propensity"]].assign(
        value_cents=value,
        context=weigh_seasons(priced["category"], month, decide.seasons),
        lever=weigh_levers(priced, decide.levers),
    )
    return weighed.assign(gross_cents=prioritise(weighed))


def count_unpriced(priced: pd.DataFrame) -> int:
    """Return how many products have no price, so that the default counts for them."""
    return int(priced.loc[priced["price_cents"].isna(), "product_id"].nunique())
