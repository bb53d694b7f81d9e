"""The associations as tables that people and shops read: names in the place of codes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.recommendations.associations.association_rules import best_rules, rules_by_kind
from pipeline.recommendations.associations.baskets import Baskets, incidence
from pipeline.recommendations.associations.bundles import bundles
from pipeline.recommendations.associations.hooks import hooks
from pipeline.recommendations.associations.penetration import (
    Flags,
    cross_holdings,
    penetration,
    top_held,
    top_sets,
)
from pipeline.recommendations.associations.relations import relations

TOP = 10
MOST_ROWS = 1_000
"""Rows that a table for people holds of each kind: the most significant."""
MEASURES = ["count", "support", "confidence", "lift", "lift_low", "lift_high"]


@dataclass(frozen=True)
class Associations:
    """Rules among the products of the baskets, by kind, and what the pairs are to each other."""

    bought: Baskets
    products: pd.DataFrame
    """The products of the baskets' columns: product_id, category, label."""
    found: Mapping[str, pd.DataFrame]
    best: Mapping[str, pd.DataFrame]
    relations: pd.DataFrame


def associate(
    bought: Baskets, products: pd.DataFrame, *, min_count: int, per_product: int
) -> Associations:
    """Find the rules.

    Args:
        bought: the baskets.
        products: the catalogue, by code.
        min_count: fewest rows behind a rule.
        per_product: rules a product keeps of each kind.
    """
    columns = products.iloc[bought.products].reset_index(drop=True)
    columns = columns.assign(label=labels(columns))
    found = rules_by_kind(bought, min_count)
    kept = {kind: best_rules(some, per_product) for kind, some in found.items()}
    return Associations(bought, columns, found, kept, relations(bought, columns["category"], found))


def spends_below_mean(customers: pd.DataFrame) -> Flags:
    """Say who bought, and for less than the mean: the target of a reactivation.

    Args:
        customers: lifecycle_stage and spend_to_mean of each.
    """
    never = customers["lifecycle_stage"].isin(["prospect", "visitor"])
    return np.asarray(~never & (customers["spend_to_mean"] < 1))


def labels(products: pd.DataFrame) -> pd.Series:
    """Return what a reader calls a product: its name and id."""
    name = products["name"].fillna(products["category"]).astype("object")
    return name + " (" + products["product_id"].astype("object") + ")"


def product_to_product(associations: Associations) -> pd.DataFrame:
    """Return the rows of the product → product file."""
    ids = associations.products["product_id"].to_numpy()
    categories = associations.products["category"].to_numpy()
    every = pd.concat(
        [some.assign(kind=kind) for kind, some in associations.best.items()], ignore_index=True
    )
    low = every[["first", "second"]].min(axis=1)
    high = every[["first", "second"]].max(axis=1)
    called = associations.relations.set_index(["first", "second"])["relation"]
    pairs = pd.MultiIndex.from_arrays([low, high])
    return every.assign(
        product_id=ids[every["first"]],
        associated_product_id=ids[every["second"]],
        category=categories[every["first"]],
        associated_category=categories[every["second"]],
        relation=called.reindex(pairs).to_numpy(),
    )


def readable(
    associations: Associations,
    held: pd.DataFrame,
    catalogue: pd.DataFrame,
    spends_below_mean: Flags,
    spend: pd.DataFrame,
    *,
    hook_days: int,
    min_count: int,
) -> dict[str, pd.DataFrame]:
    """Return every table of the report by file name, the most significant rows first.

    Args:
        associations: the rules.
        held: customer and product codes.
        catalogue: all products, by code.
        spends_below_mean: by customer, bought and for less than the mean.
        spend: customer, age_days and cents of every purchase.
        hook_days: days followed after a first basket.
        min_count: fewest rows behind a figure.
    """
    label = associations.products["label"]
    tables = _holdings(held, catalogue, spends_below_mean)
    for kind, some in associations.best.items():
        significant = some.sort_values(
            ["lift_low", "first", "second"], ascending=[False, True, True]
        )
        tables[kind] = _named(significant, label)[["product", "associated_product", *MEASURES]]
    begun = hooks(associations.bought, spend, follow_days=hook_days, min_count=min_count)
    tables["hooks"] = begun.assign(product=label.to_numpy()[begun["column"]]).drop(columns="column")
    tables["bundles"] = _bundles(associations, min_count)
    pairs = associations.relations.sort_values(
        ["relation", "low", "first", "second"], ascending=[True, False, True, True]
    )
    tables["relations"] = _named(pairs, label)[
        ["relation", "product", "associated_product", "is_same_category", "count", "reason"]
    ]
    return {name: _significant(table) for name, table in tables.items()}


def _significant(table: pd.DataFrame) -> pd.DataFrame:
    """Return the first rows, of each relation or kind of row as many."""
    for name in ("among", "relation"):
        if name in table:
            return table.groupby(name, sort=False).head(MOST_ROWS)
    return table.head(MOST_ROWS)


def _holdings(
    held: pd.DataFrame, catalogue: pd.DataFrame, spends_below_mean: Flags
) -> dict[str, pd.DataFrame]:
    """Return penetration, cross holdings and sets of the top products and of the top categories."""
    categories, names = pd.factorize(catalogue["category"], sort=True)
    levels = {
        "product": (np.arange(len(catalogue)), labels(catalogue)),
        "category": (categories, pd.Series(names)),
    }
    parts: dict[str, list[pd.DataFrame]] = {"penetration": [], "cross_holdings": [], "top_sets": []}
    for level, (columns, titles) in levels.items():
        shape = (len(spends_below_mean), len(titles))
        held_by = incidence(held["customer"].to_numpy(), columns[held["product"]], shape)
        top, top_names = top_held(held_by, titles, TOP)
        parts["penetration"].append(penetration(top, top_names).assign(level=level))
        parts["cross_holdings"].append(
            cross_holdings(top, top_names, spends_below_mean).assign(level=level)
        )
        parts["top_sets"].append(top_sets(top, top_names).assign(level=level))
    return {name: pd.concat(some, ignore_index=True) for name, some in parts.items()}


def _bundles(associations: Associations, min_count: int) -> pd.DataFrame:
    label = associations.products["label"].to_numpy()
    parts = [
        bundles(
            table, associations.products["category"], associations.found[kind], min_count
        ).assign(among=among)
        for among, table, kind in (
            ("baskets", associations.bought.large, "bought_together"),
            ("customers", associations.bought.by_customer, "same_customer"),
        )
    ]
    every = pd.concat(parts, ignore_index=True)
    names = [" + ".join(label[list(columns)]) for columns in every["columns"]]
    return every.assign(products=names).drop(columns="columns")


def _named(rows: pd.DataFrame, label: pd.Series) -> pd.DataFrame:
    names = label.to_numpy()
    return rows.assign(product=names[rows["first"]], associated_product=names[rows["second"]])
