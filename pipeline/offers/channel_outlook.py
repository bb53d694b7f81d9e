"""The outlook of a wave by channel: predicted sales, cost, what is added, and the break-even share.

Most sales among the contacted happen anyway. The break-even share says how many of them the contact
must cause: two calls at 4.50 to customers whose predicted sales are worth 12.00 and 8.00 with
propensities of 0.50 and 0.75 cost 9.00 and go with 12.00 of sales, so that calls pay from 75% on.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.hand_overs.funnel_report import ChannelOutlook


def outlook_by_channel(decided: pd.DataFrame) -> dict[str, ChannelOutlook]:
    """Return what is expected of the contacts of each channel, sorted by its name.

    Args:
        decided: NEXT_BEST_OFFERS.
    """
    sent = decided[decided["arm"] == TREATED]
    return {str(name): _outlook(rows) for name, rows in sent.groupby("channel", sort=True)}


def _outlook(rows: pd.DataFrame) -> ChannelOutlook:
    propensity, effect, value = (_numbers(rows[x]) for x in ("propensity", "effect", "value_cents"))
    cost = int(rows["contact_cost_cents"].sum())
    sales_value = float((propensity * value).sum())
    return ChannelOutlook(
        contacts=len(rows),
        predicted_sales=round(float(propensity.sum()), 4),
        predicted_sales_value_cents=round(sales_value),
        contact_cost_cents=cost,
        incremental_profit_cents=round(float((effect * value).sum()) - cost),
        break_even_share=round(cost / sales_value, 6) if sales_value > 0 else None,
    )


def _numbers(column: pd.Series) -> npt.NDArray[np.float64]:
    return column.to_numpy(dtype=np.float64, na_value=0.0)
