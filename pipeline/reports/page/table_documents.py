"""Tables that the page of the campaign links to, as documents to be read; the CSV stays beside each."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pipeline.reports.formatting import UNKNOWN, count, money, share
from pipeline.reports.names import in_words
from pipeline.reports.page.documents import LinkedDocument

_Column = tuple[str, Callable[[Any], str]]
_YES: Mapping[bool, str] = {True: "yes", False: "no"}


def tell_thresholds(table: pd.DataFrame, path: str) -> LinkedDocument:
    """Return the spend thresholds as a document.

    Args:
        table: `spend_thresholds.csv`.
        path: of the CSV, seen from the folder of the reports.
    """
    columns: dict[str, _Column] = {
        "segment": ("Segment", in_words),
        "threshold_cents": ("Threshold", money),
        "orders": ("Orders", count),
        "share_just_below": ("Just below", share),
        "share_above": ("Above", share),
        "mean_missing_cents": ("Missing on average", _exact),
        "expected_gain_cents": ("Expected gain", money),
        "break_even_take_up": ("Take-up that breaks even", _possible),
        "break_even_gift_cents": ("Gift that breaks even", _exact),
        "pays": ("Pays", lambda pays: _YES[bool(pays)]),
    }
    told = (
        "Whoever lies just below a threshold may buy more for a gift; whoever lies above it gets the "
        "gift for nothing. Take-up, cost of the gift and margin are assumed in recommend.incentives."
    )
    return _document("All spend thresholds, with what makes them pay", told, table, columns, path)


def tell_vouchers(table: pd.DataFrame, path: str) -> LinkedDocument:
    """Return the bounce-back vouchers as a document.

    Args:
        table: `bounce_back.csv`.
        path: of the CSV, seen from the folder of the reports.
    """
    columns: dict[str, _Column] = {
        "segment": ("Segment", in_words),
        "purchases": ("Purchases", count),
        "median_cents": ("Median purchase", _exact),
        "median_days_to_next": ("Median days to the next", count),
        "voucher_cents": ("Voucher", _exact),
        "min_spend_cents": ("Minimum spend", _exact),
        "expiry_days": ("Valid for days", count),
        "share_back_unprompted": ("Come back unprompted", share),
        "break_even_additional_share": ("More who must come to break even", share),
    }
    told = (
        "A voucher for the next purchase, by RFM segment. It costs with everybody who would have come "
        "anyway, so that it pays only if enough others come for it."
    )
    return _document("All bounce-back vouchers", told, table, columns, path)


def _possible(share_of: float) -> str:
    """Return a share; more than all cannot be, and nothing is known where nobody lies below."""
    if math.isnan(share_of):
        return UNKNOWN
    return share(share_of) if share_of <= 1 else f"> {share(1, 0)}"


def _exact(cents: float) -> str:
    return money(cents, 2)


def _document(
    title: str, told: str, table: pd.DataFrame, columns: Mapping[str, _Column], path: str
) -> LinkedDocument:
    file = path.rpartition("/")[2]
    rows = [
        [say(row[name]) for name, (_, say) in columns.items()] for row in table.to_dict("records")
    ]
    head = [label for label, _ in columns.values()]
    marks = ["---", *("---:" for _ in head[1:])]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, marks, *rows)]
    text = "\n".join([f"# {title}", "", told, "", *lines, "", f"[{file}]({file})", ""])
    return LinkedDocument(path.removesuffix(".csv") + ".md", text)
