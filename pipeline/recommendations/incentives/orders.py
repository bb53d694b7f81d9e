"""Purchases of the last year as incentives look at them."""

import numpy as np
import pandas as pd

YEAR_DAYS = 365


def orders(spend: pd.DataFrame, segment: pd.Series) -> pd.DataFrame:
    """Return segment, cents, days_to_next and days_followed of each purchase with an amount.

    Args:
        spend: customer, age_days and cents, sorted by customer and age.
        segment: of each customer, by code.
    """
    age, customer = spend["age_days"], spend["customer"]
    until_next = (age - age.shift(1)).where(customer == customer.shift(1))
    table = pd.DataFrame(
        {
            "segment": segment.to_numpy()[customer.to_numpy(np.int64)],
            "cents": spend["cents"],
            "days_to_next": until_next.astype("float64"),
            "days_followed": age,
        }
    )
    return table[(age <= YEAR_DAYS) & (spend["cents"] > 0)].reset_index(drop=True)


def margin_rate(bought: pd.DataFrame, products: pd.DataFrame, otherwise: float) -> float:
    """Return the mean margin of what was bought, by its price; the assumed one where none is known.

    Args:
        bought: product and purchases.
        products: price_cents and margin_rate, by code.
        otherwise: the rate assumed.
    """
    rate = products["margin_rate"].astype("float64")
    price = products["price_cents"].astype("float64")
    times = np.bincount(bought["product"], bought["purchases"], minlength=len(products))
    weight = price * times
    is_known = rate.notna() & (weight > 0)
    if not is_known.any():
        return otherwise
    return float((rate * weight)[is_known].sum() / weight[is_known].sum())
