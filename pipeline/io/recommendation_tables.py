"""The first of what `recommend` found, for the page of the campaign."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.reports.page.recommendation_inputs import (
    HeldProduct,
    Hook,
    ProductSet,
    RecommendationTables,
    Thresholds,
)

_SHOWN = 5
_LISTS_SHOWN = 3
_PAIR = ("product", "associated_product")


def read_recommendation_tables(shown: pd.DataFrame) -> RecommendationTables:
    """Read the first rows of each table.

    Args:
        shown: what `count_shown` returns.
    """
    held = _associations("penetration")
    return RecommendationTables(
        top_products=[
            HeldProduct(row["name"], int(row["customers"]), float(row["share"]))
            for row in _first(held[held["level"] == "product"])
        ],
        bought_together=[_pair(row) for row in _first(_one_way(_associations("bought_together")))],
        bought_next=[_pair(row) for row in _first(_associations("bought_next"))],
        bundles=[
            ProductSet([row["products"]], int(row["count"]), _figure(row, "joint_lift"))
            for row in _first(_associations("bundles"))
        ],
        hooks=[
            Hook(
                row["product"],
                int(row["customers"]),
                float(row["later_cents"]),
                _figure(row, "ratio"),
            )
            for row in _first(_associations("hooks"))
        ],
        thresholds=summarize_thresholds(pd.read_csv(paths.OFFERS_REPORT / "spend_thresholds.csv")),
        lists=_lists(shown),
    )


def summarize_thresholds(table: pd.DataFrame) -> Thresholds:
    """Return how many thresholds pay under the assumptions, and the one that gains most.

    Args:
        table: segment, threshold_cents, expected_gain_cents and pays.
    """
    paying = table[table["pays"].astype(bool)]
    if paying.empty:
        return Thresholds(len(table), 0)
    order = ["expected_gain_cents", "segment", "threshold_cents"]
    best = paying.sort_values(order, ascending=[False, True, True]).iloc[0]
    return Thresholds(len(table), len(paying), int(best["threshold_cents"]), str(best["segment"]))


def _associations(name: str) -> pd.DataFrame:
    return pd.read_csv(paths.ASSOCIATIONS_REPORT / f"{name}.csv")


def _first(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return table.head(_SHOWN).to_dict("records")


def _pair(row: Mapping[Hashable, Any]) -> ProductSet:
    return ProductSet([row[name] for name in _PAIR], int(row["count"]), _figure(row, "lift"))


def _figure(row: Mapping[Hashable, Any], name: str) -> Figure:
    return Figure(value=row[name], low=row[f"{name}_low"], high=row[f"{name}_high"])


def _one_way(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return each pair once: a basket knows no order, so the table has it in both."""
    ends = pairs[list(_PAIR)]
    either = pd.DataFrame({"first": ends.min(axis=1), "second": ends.max(axis=1)})
    return pairs[~either.duplicated()]


def _lists(shown: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the lists that gave most of the products shown to each lifecycle stage."""
    times = shown.groupby(["lifecycle_stage", "list"])["times"].sum()
    return {
        str(stage): _largest((lists / lists.sum()).droplevel("lifecycle_stage"))
        for stage, lists in times.groupby("lifecycle_stage", sort=True)
    }


def _largest(shares: pd.Series) -> dict[str, float]:
    ordered = shares.rename_axis("list").reset_index(name="share")
    top = ordered.sort_values(["share", "list"], ascending=[False, True]).head(_LISTS_SHOWN)
    return dict(zip(top["list"], top["share"], strict=True))
