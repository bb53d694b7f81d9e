"""What the page draws on of the wave's single offers, aggregated before it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.foundation.contracts.arms import TREATED

CUTS = ("lifecycle_stage", "rfm_segment")


@dataclass(frozen=True)
class ShownProduct:
    """A product on the lists of many customers of one stage."""

    name: str
    customers: int
    list_name: str
    """The list that most often gave it."""


@dataclass(frozen=True)
class WaveTables:
    """Aggregates and examples of one wave."""

    by_segment: Mapping[str, pd.DataFrame]
    """Cut → segment, category, channel, contacts, sales, cost_cents, adds_cents."""
    examples: Sequence[str]
    """What `why` says of a few customers."""
    shown: Mapping[str, Sequence[ShownProduct]]
    """Lifecycle stage → the products shown to most of its customers."""


def cut_by_segment(decided: pd.DataFrame, segments: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return contacts, expected sales, cost and what is added by segment × category × channel.

    Args:
        decided: NEXT_BEST_OFFERS.
        segments: SEGMENTS.
    """
    sent = decided[decided["arm"] == TREATED].merge(
        segments[["customer_id", *CUTS]], on="customer_id"
    )
    numbers = {
        name: sent[name].astype("float64")
        for name in ("propensity", "effect", "value_cents", "contact_cost_cents")
    }
    rows = sent.assign(
        adds_cents=numbers["effect"] * numbers["value_cents"] - numbers["contact_cost_cents"],
        sales=numbers["propensity"],
        cost_cents=numbers["contact_cost_cents"],
    )
    return {
        cut: rows.groupby([cut, "category", "channel"], observed=True)
        .agg(
            contacts=("customer_id", "size"),
            sales=("sales", "sum"),
            cost_cents=("cost_cents", "sum"),
            adds_cents=("adds_cents", "sum"),
        )
        .reset_index()
        .rename(columns={cut: "segment"})
        for cut in CUTS
    }


def most_shown(
    by_list: pd.DataFrame, names: pd.Series, count: int
) -> dict[str, list[ShownProduct]]:
    """Return the products that most customers of each lifecycle stage are shown.

    Args:
        by_list: lifecycle_stage, product_id, list and times, each combination once.
        names: product_id → its name, where it has one.
        count: products of a stage.
    """
    keys = ["lifecycle_stage", "product_id"]
    total = by_list.groupby(keys, observed=True)["times"].sum().rename("customers").reset_index()
    first = by_list.sort_values(["times", "list"], ascending=[False, True]).drop_duplicates(keys)
    found = total.merge(first[[*keys, "list"]], on=keys)
    found = found.sort_values(["customers", "product_id"], ascending=[False, True])
    found["name"] = found["product_id"].map(names).fillna(found["product_id"])
    return {
        str(stage): [
            ShownProduct(str(one["name"]), int(one["customers"]), str(one["list"]))
            for one in rows.head(count).to_dict("records")
        ]
        for stage, rows in found.groupby("lifecycle_stage", observed=True)
    }


def pick_examples(decided: pd.DataFrame) -> list[str]:
    """Return customers to explain: the best contact, a control, the likeliest reason for none."""
    ordered = decided.sort_values("customer_id")
    sent = ordered[
        (ordered["arm"] == TREATED) & ~ordered["is_explored"].fillna(value=False).astype("bool")
    ]
    controls = ordered[ordered["arm"].notna() & (ordered["arm"] != TREATED)]
    left = ordered[ordered["arm"].isna()]
    usual = left["suppression_reason"].value_counts().sort_index().sort_values(kind="stable")
    best = sent.sort_values("priority_cents", ascending=False, kind="stable")
    parts = [best, controls, left[left["suppression_reason"].isin(usual.index[-1:])]]
    return [str(one["customer_id"].iloc[0]) for one in parts if len(one)]
