"""Incentives: spend thresholds and bounce-back vouchers, from the purchases of a year."""

import pandas as pd

from pipeline.foundation.config import IncentivesParams
from pipeline.recommendations.coded import Coded
from pipeline.recommendations.incentives.bounce_back import bounce_back
from pipeline.recommendations.incentives.orders import YEAR_DAYS, margin_rate, orders
from pipeline.recommendations.incentives.thresholds import Assumptions, thresholds


def incentive_tables(coded: Coded, chosen: IncentivesParams) -> dict[str, pd.DataFrame]:
    """Return spend thresholds and bounce-back offers by file name.

    Args:
        coded: customers and products known at the as-of date.
        chosen: costs and assumptions.
    """
    segments = coded.customers.select("customer_id", segment=coded.customers.rfm_segment)
    purchases = orders(coded.engine, coded.spend, segments)
    bought = coded.bought_lately(YEAR_DAYS)
    times = bought.group_by("product").aggregate(purchases=bought.purchases.sum().cast("int64"))
    rate = margin_rate(coded.engine.arrow(times).to_pandas(), coded.products, chosen.margin_rate)
    assumed = Assumptions(
        gift_cost_cents=chosen.gift_cost_cents,
        reach=chosen.reach,
        take_up=chosen.take_up,
        margin_rate=rate,
        min_orders=chosen.min_orders,
        min_share=chosen.min_share,
    )
    vouchers = bounce_back(purchases, voucher_share=chosen.voucher_share, margin_rate=rate)
    return {"spend_thresholds": thresholds(purchases.amounts, assumed), "bounce_back": vouchers}
