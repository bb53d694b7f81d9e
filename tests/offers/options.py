"""Weighed candidates of a few customers, for tests worked out by hand."""

import pandas as pd


def candidates(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Return customer, category and worth before the contact is paid for."""
    frame = pd.DataFrame(rows, columns=["customer_id", "category", "gross_cents"])
    return frame.assign(
        model="cross_sell",
        product_id=frame["category"] + "1",
        propensity=frame["gross_cents"] / 1000,
        value_cents=1000,
        context=1.0,
        lever=1.0,
    )


def standing(charged: pd.DataFrame) -> pd.DataFrame:
    """Return the options that are worth their cost, numbered as they stand."""
    numbered = charged.assign(option=charged.groupby("customer_id").cumcount())
    return numbered[numbered["priority_cents"] > 0].reset_index(drop=True)
