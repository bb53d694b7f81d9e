"""Hook products: what those began with whose later baskets are large.

Everybody is followed for as many days after the first known basket, and compared with everybody
else who began; beginnings that have not been followed so long are left out.
"""

import numpy as np
import pandas as pd

from pipeline.recommendations.associations.association_rules import Z
from pipeline.recommendations.associations.baskets import Baskets


def hooks(
    bought: Baskets, spend: pd.DataFrame, *, follow_days: int, min_count: int
) -> pd.DataFrame:
    """Return column, customers and their later spend beside that of all, largest first.

    Args:
        bought: the baskets.
        spend: customer, age_days and cents of every purchase.
        follow_days: how long to follow.
        min_count: fewest customers that began with a product.
    """
    begun = _followed(spend, follow_days)
    is_first = np.append(
        bought.customer[1:] != bought.customer[:-1], [True] * bool(len(bought.customer))
    )
    first = bought.together[is_first].tocoo()
    begins = pd.DataFrame(
        {
            "customer": bought.customer[is_first][first.row],
            "age_days": bought.age_days[is_first][first.row],
            "column": first.col,
        }
    ).merge(begun, on=["customer", "age_days"])
    groups = begins.groupby("column")["later_cents"]
    found = groups.agg(customers="size", later_cents="mean", deviation="std").reset_index()
    baskets = begins.groupby("column")[["later_cents", "later_baskets"]].sum()
    mean = begun["later_cents"].mean() if len(begun) else np.nan
    width = Z * found["deviation"] / np.sqrt(found["customers"])
    found = found.assign(
        later_basket_cents=(baskets["later_cents"] / baskets["later_baskets"]).to_numpy(),
        ratio=found["later_cents"] / mean,
        ratio_low=(found["later_cents"] - width) / mean,
        ratio_high=(found["later_cents"] + width) / mean,
    )
    enough = found[(found["customers"] >= min_count) & (mean > 0)].drop(columns="deviation")
    ordered = enough.sort_values(["ratio_low", "column"], ascending=[False, True])
    return ordered.reset_index(drop=True)


def _followed(spend: pd.DataFrame, follow_days: int) -> pd.DataFrame:
    """Return customer, age of the first purchase, and cents and purchases in the days after it."""
    first = spend.groupby("customer")["age_days"].transform("max")
    age = spend["age_days"]
    later = spend[(age < first) & (age >= first - follow_days)].groupby("customer")["cents"]
    begun = spend.loc[age == first, ["customer", "age_days"]]
    begun = begun[begun["age_days"] > follow_days].set_index("customer")
    sums = later.agg(later_cents="sum", later_baskets="size").reindex(begun.index).fillna(0)
    return begun.join(sums).reset_index()
