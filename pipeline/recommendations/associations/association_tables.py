"""The associations as tables that people and shops read: names in the place of codes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.recommendations.associations.association_rules import association_rules, best_rules
from pipeline.recommendations.associations.bundles import bundles, likely_pairs
from pipeline.recommendations.associations.hooks import Beginnings, hooks
from pipeline.recommendations.associations.pair_counts import PairCounts
from pipeline.recommendations.associations.penetration import (
    HeldSets,
    cross_holdings,
    penetration,
    product_labels,
    top_sets,
)
from pipeline.recommendations.associations.relations import relations
from pipeline.recommendations.coded import Codes
from pipeline.statistics.arrays import Floats

MOST_ROWS = 1_000
"""Rows that a table for people holds of each kind: the most significant."""
AMONG = {"bought_together": "baskets", "same_customer": "customers"}
"""Where bundles are looked for, by the kind of their pairs."""
MEASURES = ["count", "support", "confidence", "lift", "lift_low", "lift_high"]


@dataclass(frozen=True)
class Associations:
    """Rules among the products of the baskets, by kind, and what the pairs are to each other."""

    columns: Codes
    """The codes of the products looked at; rules name them by their places here."""
    products: pd.DataFrame
    """Those products: product_id, category, label."""
    counts: Mapping[str, PairCounts]
    found: Mapping[str, pd.DataFrame]
    best: Mapping[str, pd.DataFrame]
    relations: pd.DataFrame


def associate(
    columns: Codes,
    counts: Mapping[str, PairCounts],
    products: pd.DataFrame,
    *,
    min_count: int,
    per_product: int,
) -> Associations:
    """Find the rules.

    Args:
        columns: the codes of the products looked at.
        counts: of their pairs, by kind.
        products: the catalogue, by code.
        min_count: fewest rows behind a rule.
        per_product: rules a product keeps of each kind.
    """
    looked_at = products.iloc[columns].reset_index(drop=True)
    looked_at = looked_at.assign(label=product_labels(looked_at))
    found = {kind: association_rules(some, min_count) for kind, some in counts.items()}
    kept = {kind: best_rules(some, per_product) for kind, some in found.items()}
    called = relations(counts["bought_together"], looked_at["category"], found)
    return Associations(columns, looked_at, counts, found, kept, called)


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


def likely_bundles(associations: Associations) -> dict[str, pd.DataFrame]:
    """Return the pairs that a third product is looked for beside, by kind: see `likely_pairs`."""
    categories = associations.products["category"]
    return {kind: likely_pairs(categories, associations.found[kind]) for kind in AMONG}


def readable(
    associations: Associations,
    held: Mapping[str, HeldSets],
    begun: Beginnings,
    bundled: pd.DataFrame,
    *,
    min_count: int,
) -> dict[str, pd.DataFrame]:
    """Return every table of the report by file name, the most significant rows first.

    Args:
        associations: the rules.
        held: who holds which of the top products and of the top categories, by level.
        begun: what followed a first basket.
        bundled: what `name_bundles` returns.
        min_count: fewest rows behind a figure.
    """
    label = associations.products["label"]
    tables = _holdings(held)
    for kind, some in associations.best.items():
        significant = some.sort_values(
            ["lift_low", "first", "second"], ascending=[False, True, True]
        )
        tables[kind] = _named(significant, label)[["product", "associated_product", *MEASURES]]
    tables["hooks"] = _hooks(associations, begun, min_count)
    tables["bundles"] = bundled
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


def _holdings(held: Mapping[str, HeldSets]) -> dict[str, pd.DataFrame]:
    """Return penetration, cross holdings and sets of the top products and of the top categories."""
    made = {"penetration": penetration, "cross_holdings": cross_holdings, "top_sets": top_sets}
    return {
        name: pd.concat(
            [make(sets).assign(level=level) for level, sets in held.items()], ignore_index=True
        )
        for name, make in made.items()
    }


def _hooks(associations: Associations, begun: Beginnings, min_count: int) -> pd.DataFrame:
    """Return the hooks among the products looked at, by name."""
    found = hooks(begun, min_count)
    found = found[found["product"].isin(associations.columns)].reset_index(drop=True)
    place = np.searchsorted(associations.columns, found["product"].to_numpy(np.int32))
    named = associations.products["label"].to_numpy()[place]
    return found.drop(columns="product").assign(product=named)


def name_bundles(
    associations: Associations,
    pairs: Mapping[str, pd.DataFrame],
    third: Mapping[str, Floats],
    min_count: int,
) -> pd.DataFrame:
    """Return the bundles of baskets and those of customers.

    Args:
        associations: the rules.
        pairs: what `likely_bundles` returns.
        third: by kind, what `count_thirds` counted beside these pairs.
        min_count: fewest rows with a whole set.
    """
    label, categories = associations.products["label"].to_numpy(), associations.products["category"]
    parts = [
        bundles(associations.counts[kind], third[kind], categories, pairs[kind], min_count).assign(
            among=among
        )
        for kind, among in AMONG.items()
    ]
    every = pd.concat(parts, ignore_index=True)
    names = [" + ".join(label[list(columns)]) for columns in every["columns"]]
    return every.assign(products=names).drop(columns="columns")


def _named(rows: pd.DataFrame, label: pd.Series) -> pd.DataFrame:
    names = label.to_numpy()
    return rows.assign(product=names[rows["first"]], associated_product=names[rows["second"]])
