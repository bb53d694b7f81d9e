"""Incentives: spend thresholds and bounce-back vouchers, from the purchases of a year."""

import pandas as pd

from pipeline.foundation.config import IncentivesParams
from pipeline.recommendations.incentives.bounce_back import bounce_back
from pipeline.recommendations.incentives.orders import margin_rate, orders
from pipeline.recommendations.incentives.thresholds import Assumptions, thresholds


def incentive_tables(
    spend: pd.DataFrame,
    segment: pd.Series,
    bought: pd.DataFrame,
    products: pd.DataFrame,
    chosen: IncentivesParams,
) -> dict[str, pd.DataFrame]:
    """Return spend thresholds and bounce-back offers by file name.

    Args:
        spend: customer, age_days and cents of every day with a purchase.
        segment: of each customer, by code.
        bought: product and purchases within the year.
        products: price_cents and margin_rate, by code.
        chosen: costs and assumptions.
    """
    purchases = orders(spend, segment)
    rate = margin_rate(bought, products, chosen.margin_rate)
    assumed = Assumptions(
        gift_cost_cents=chosen.gift_cost_cents,
        reach=chosen.reach,
        take_up=chosen.take_up,
        margin_rate=rate,
        min_orders=chosen.min_orders,
        min_share=chosen.min_share,
    )
    vouchers = bounce_back(purchases, voucher_share=chosen.voucher_share, margin_rate=rate)
    return {"spend_thresholds": thresholds(purchases, assumed), "bounce_back": vouchers}
