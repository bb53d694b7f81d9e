"""Return rates of products, shrunk to the rate of their category, and that to the overall rate."""

import numpy as np
import pandas as pd

from pipeline.statistics.shrinkage import shrink_rate

PRIOR_SALES = 100  # as many sales of the wider group count as the product's own


def return_rates(sales: pd.DataFrame) -> pd.DataFrame:
    """Return the expected return rate of each product, shrunk to its category, and that to all.

    Args:
        sales: product_id, category, acquired, returned.
    """
    sums = sales.groupby("category")[["acquired", "returned"]].sum()
    overall = sums["returned"].sum() / max(sums["acquired"].sum(), 1)
    of_category = shrink_rate(sums["returned"], sums["acquired"], overall, PRIOR_SALES)
    prior = sales["category"].map(of_category).astype("float64")
    rate = shrink_rate(sales["returned"], sales["acquired"], prior, PRIOR_SALES)
    return pd.DataFrame(
        {"product_id": sales["product_id"], "return_rate": np.minimum(rate, 1.0)}
    ).sort_values("product_id", ignore_index=True)
