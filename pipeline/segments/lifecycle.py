"""The lifecycle stage of a customer at an as-of date: one rule a stage, the first that holds.

A running contract keeps a customer from being inactive: nobody buys a telephone line every month.
"""

import numpy as np
import pandas as pd

from pipeline.foundation.config import LifecycleStage


def lifecycle_stage(facts: pd.DataFrame, *, inactive_days: int, loyal_purchases: int) -> pd.Series:
    """Return each customer's stage.

    Args:
        facts: what `customer_facts` returns.
        inactive_days: days without a purchase after which a customer without contract is inactive.
        loyal_purchases: purchases within 365 days that make a customer loyal.
    """
    bought = facts["purchase_count"]
    is_idle = (facts["days_since_purchase"] > inactive_days) & (facts["contract_count"] == 0)
    has_visited = facts.get("touch_count", pd.Series(0, facts.index)) > 0
    rules: list[tuple[LifecycleStage, pd.Series]] = [
        ("visitor", (bought == 0) & has_visited),
        ("prospect", bought == 0),
        ("inactive", is_idle),
        ("loyal", facts["purchase_count_365d"] >= loyal_purchases),
        ("first_purchase", bought == 1),
    ]
    names = np.select([holds for _, holds in rules], [name for name, _ in rules], "repeat")
    return pd.Series(names, facts.index, name="lifecycle_stage")
