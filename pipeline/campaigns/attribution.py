"""Attribution of responses to offers: one rule in every arm, with a code or without.

An order counts for its customer's own running offer: one of theirs, of the order's category where
the response says it, on whose days the order lies. A code names the customer where nobody else
does, and never the wave of an order: only the treated have codes, so that orders of the treated
would go to one wave and those of the controls to another.

A refund, which is an order of a negative amount, goes where the order went that it pays back: the
customer's last before it of that amount, else the last.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.responses import ORDERED

OF_THE_OFFER = ("wave", "arm", "campaign", "valid_from", "valid_until")
NOT_TOLD = ""
"""The category of a response that says none: it fits every offer."""


def category_of(responses: pd.DataFrame, waves: pd.DataFrame) -> "pd.Series[str]":
    """Return the category each response speaks of, or NOT_TOLD.

    A product that comes without its category stands for the one that the waves offered it in; one
    that no wave offered is of a category of its own.
    """
    sold = waves.dropna(subset=["product_id", "category"]).drop_duplicates("product_id")
    category_of_product = sold.set_index("product_id")["category"]
    product = responses["product_id"].astype("str")
    by_product = product.map(category_of_product).astype("str").fillna("product " + product)
    told: pd.Series[str] = responses["category"].astype("str").fillna(by_product).fillna(NOT_TOLD)
    return told


def moment_of(responses: pd.DataFrame, is_refund: "pd.Series[bool]") -> "pd.Series[pd.Timestamp]":
    """Return when each response counts: a refund when the order did that it pays back.

    Args:
        responses: customer_id, kind, occurred_at, amount_cents, spoken_of (as `category_of`).
        is_refund: orders of a negative amount.

    Returns:
        A moment each row; empty for a refund that no order lies before.
    """
    orders = responses[(responses["kind"] == ORDERED) & ~is_refund]
    refunds = responses[is_refund]
    same = ["customer_id", "spoken_of"]
    exact = _last_before(refunds, orders, [*same, "amount_cents"])
    return responses["occurred_at"].where(
        ~is_refund, exact.fillna(_last_before(refunds, orders, same))
    )


def _last_before(
    refunds: pd.DataFrame, orders: pd.DataFrame, same: Sequence[str]
) -> "pd.Series[pd.Timestamp]":
    """Return the moment of the last order of the same customer, category and perhaps amount."""
    keyed = pd.DataFrame({name: _plain_key(refunds[name]) for name in same}).assign(
        occurred_at=refunds["occurred_at"], row=refunds.index
    )
    earlier = pd.DataFrame({name: _plain_key(orders[name]) for name in same}).assign(
        occurred_at=orders["occurred_at"], ordered_at=orders["occurred_at"]
    )
    found = pd.merge_asof(
        keyed.dropna(subset="occurred_at").sort_values(["occurred_at", "row"]),
        earlier.dropna(subset="occurred_at").drop_duplicates().sort_values("occurred_at"),
        on="occurred_at",
        by=list(same),
    )
    moments: pd.Series[pd.Timestamp] = found.set_index("row")["ordered_at"]
    return moments


def _plain_key(values: pd.Series) -> pd.Series:
    """Return text, or an amount whatever its sign: merge_asof matches no nullable whole numbers."""
    if values.name == "amount_cents":
        return values.abs().fillna(-1).astype("int64")
    return values.fillna("").astype("object")


def fits(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say whether each response could be of the offer beside it: not of another category."""
    is_told = rows["spoken_of"] != NOT_TOLD
    is_possible = ~is_told | (rows["spoken_of"] == rows["offered"])
    return np.asarray(is_possible, dtype=np.bool_)


def runs(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say whether each response lies on the days of the offer beside it, both ends included."""
    day = rows["counts_at"].dt.normalize()
    first, last = pd.to_datetime(rows["valid_from"]), pd.to_datetime(rows["valid_until"])
    return np.asarray((day >= first) & (day <= last), dtype=np.bool_)


def own_offers(responses: pd.DataFrame, waves: pd.DataFrame) -> pd.DataFrame:
    """Return each response's own offer: the latest begun of its customer's that run, if any.

    Where none runs, it is the one to explain why by: the latest begun of the category, else the
    latest begun of all, else the customer's first; a wave without an offer for them comes last.

    Args:
        responses: customer_id, counts_at (as `moment_of`), spoken_of, on a unique index.
        waves: the sealed waves, one under the other.

    Returns:
        On the same index: OF_THE_OFFER, `offered` (its category), `is_known` (a wave knows the
        customer), `is_running` and `is_fitting`.
    """
    offers = waves[["customer_id", *OF_THE_OFFER, "category"]].rename(
        columns={"category": "offered"}
    )
    keyed = responses[["customer_id", "counts_at", "spoken_of"]].rename_axis("row").reset_index()
    pairs = keyed.dropna(subset="customer_id").merge(offers, on="customer_id")
    has_offer = pairs["arm"].notna()
    has_begun = pairs["counts_at"] >= pd.to_datetime(pairs["valid_from"])
    begins = pd.to_datetime(pairs["valid_from"]).astype("int64")
    is_fitting, is_running = fits(pairs) & has_offer, runs(pairs) & has_offer
    best = pairs.assign(
        is_known=True,
        is_fitting=is_fitting,
        is_running=is_running,
        is_own=is_fitting & is_running,
        has_offer=has_offer,
        has_begun=has_begun,
        lateness=np.where(has_begun, begins, -begins),
    ).sort_values(["row", "is_own", "has_offer", "has_begun", "is_fitting", "lateness", "wave"])
    chosen = best.drop_duplicates("row", keep="last").set_index("row").reindex(responses.index)
    flags = ["is_known", "is_running", "is_fitting"]
    return chosen[[*OF_THE_OFFER, "offered"]].assign(
        **{name: chosen[name].eq(other=True) for name in flags}
    )
