"""Orders that the company's own records tell of a wave's offers, in the form of responses.

Of one customer and product, of an offer until the 28th:

    acquired on the 5th           undone by the return
    acquired on the 9th           kept
    returned on the 7th
    acquired on the 30th          too late
"""

import pandas as pd

from pipeline.foundation.contracts.responses import ORDERED

_SAME = ["wave", "customer_id", "product_id"]


def kept_orders(events: pd.DataFrame) -> pd.DataFrame:
    """Return the acquisitions on the days of their offer that were not sent back since.

    A return undoes the last acquisition before it of the same customer and product, whenever it
    comes: a purchase that was paid back is no take-up.

    Args:
        events: wave, customer_id, product_id, kind (acquired or returned), occurred_at,
            valid_until; any further columns.
    """
    rows = events.assign(is_return=events["kind"] == "returned")
    rows = rows.sort_values([*_SAME, "occurred_at", "is_return"], ignore_index=True)
    is_undone = rows.groupby(_SAME)["is_return"].shift(-1).eq(other=True)
    end = pd.to_datetime(rows["valid_until"]) + pd.Timedelta(days=1)
    is_kept = ~rows["is_return"] & ~is_undone & (rows["occurred_at"] < end)
    return rows[is_kept].drop(columns="is_return").reset_index(drop=True)


def as_responses(orders: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Return orders with the columns, and the types, of the responses that files bring.

    Args:
        orders: customer_id, category, product_id, occurred_at, amount_cents.
        like: responses, maybe none.
    """
    told = orders[["customer_id", "category", "product_id", "occurred_at", "amount_cents"]]
    named = told.assign(kind=ORDERED, file="product_events", row=range(1, len(told) + 1))
    return named.reindex(columns=like.columns).astype(like.dtypes.to_dict())
