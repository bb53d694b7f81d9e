"""How far the top products have come: who holds which of them together, and who still lacks one.

Of ten products there are a thousand sets at most, so that customers are counted by the set they hold.
"""

from dataclasses import dataclass
from itertools import combinations

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.population.joins import left_join
from pipeline.recommendations.coded import Coded, Codes
from pipeline.statistics.arrays import Ints

Flags = npt.NDArray[np.bool_]
LEVELS = ("product", "category")
TOP = 10


@dataclass(frozen=True)
class HeldSets:
    """Customers counted by which of the top products, or categories, they hold."""

    names: list[str]
    """Of the top ones, that most hold first."""
    holds: Flags
    """Sets × names."""
    spends_below_mean: Flags
    """By set: bought, for less than the mean."""
    customers: Ints
    """By set."""

    @property
    def total(self) -> int:
        """Return the number of customers."""
        return int(self.customers.sum())

    def both(self, rows: Flags | None = None) -> Ints:
        """Return names × names: the customers who hold both, of some of the sets."""
        counts = self.customers if rows is None else np.where(rows, self.customers, 0)
        held = self.holds.astype(np.int64)
        return (held * counts[:, None]).T @ held


def held_sets(coded: Coded, level: str) -> HeldSets:
    """Count all customers by what they hold of the products, or categories, that most hold.

    Args:
        coded: customers and products known at the as-of date.
        level: one of LEVELS.
    """
    engine, held = coded.engine, _keyed(coded, level)
    holders = held.group_by("key").aggregate(customers=held.count().cast("int64"))
    found = engine.arrow(holders).to_pandas()
    ordered = found.sort_values(["customers", "key"], ascending=[False, True])
    top = ordered["key"].to_numpy(np.int32)[:TOP]
    told = engine.arrow(_sets(coded, held, top)).to_pandas()
    holds = (told["mask"].to_numpy()[:, None] >> np.arange(len(top))) & 1
    return HeldSets(
        [str(name) for name in _names(coded.products, level).iloc[top]],
        holds.astype(bool),
        told["is_below"].to_numpy(bool),
        told["customers"].to_numpy(np.int64),
    )


def _keyed(coded: Coded, level: str) -> ir.Table:
    """Return customer_id and the key of what is held, each once."""
    if level == "product":
        return coded.held.rename(key="product")
    keys = pd.factorize(coded.products["category"], sort=True)[0].astype(np.int32)
    joined = coded.held.join(coded.by_product({"key": keys}), "product")
    return joined.select("customer_id", "key").distinct()


def _names(products: pd.DataFrame, level: str) -> pd.Series:
    """Return what a reader calls each key."""
    if level == "product":
        return product_labels(products)
    return pd.Series(np.sort(products["category"].unique()))


def _sets(coded: Coded, held: ir.Table, top: Codes) -> ir.Table:
    """Return mask × is_below with the number of customers: a bit of the mask a key."""
    bits = 2 ** np.arange(len(top), dtype=np.int64)
    chosen = held.join(coded.engine.table(pa.table({"key": top, "bit": bits})), "key")
    masks = chosen.group_by("customer_id").aggregate(mask=chosen.bit.sum().cast("int64"))
    rows = left_join(coded.customers, masks, ["customer_id"])
    rows = rows.select(mask=rows.mask.fill_null(0), is_below=spends_below_mean(rows))
    counted = rows.group_by("mask", "is_below").aggregate(customers=rows.count().cast("int64"))
    return counted.order_by("mask", "is_below")


def product_labels(products: pd.DataFrame) -> pd.Series:
    """Return what a reader calls a product: its name and id."""
    name = products["name"].fillna(products["category"]).astype("object")
    return name + " (" + products["product_id"].astype("object") + ")"


def penetration(held: HeldSets) -> pd.DataFrame:
    """Return name, customers who hold it and their share of all customers."""
    holders = held.both().diagonal()
    return pd.DataFrame({"name": held.names, "customers": holders, "share": holders / held.total})


def cross_holdings(held: HeldSets) -> pd.DataFrame:
    """Return a row for each ordered pair: who holds both, and who the first without the second."""
    both, both_few = held.both(), held.both(held.spends_below_mean)
    first, second = np.nonzero(~np.eye(len(held.names), dtype=bool))
    holders, few_holders = both.diagonal(), both_few.diagonal()
    labels = np.array(held.names, dtype=object)
    return pd.DataFrame(
        {
            "first": labels[first],
            "second": labels[second],
            "both": both[first, second],
            "share_both": both[first, second] / held.total,
            "share_of_first_with_second": both[first, second] / holders[first],
            "first_without_second": holders[first] - both[first, second],
            "of_these_below_mean_spend": few_holders[first] - both_few[first, second],
        }
    )


def top_sets(held: HeldSets) -> pd.DataFrame:
    """Return for each three of the first five: the shares with any, any two and all three."""
    first = held.holds[:, :5]
    sets = list(combinations(range(first.shape[1]), 3))
    counts = [first[:, list(three)].sum(axis=1) for three in sets]

    def shares(least: int) -> list[float]:
        return [int(held.customers[some >= least].sum()) / held.total for some in counts]

    return pd.DataFrame(
        {
            "products": [" + ".join(held.names[place] for place in three) for three in sets],
            "share_with_any": shares(1),
            "share_with_any_two": shares(2),
            "share_with_all_three": shares(3),
        }
    )


def spends_below_mean(customers: ir.Table) -> ir.BooleanValue:
    """Say who bought, and for less than the mean: the target of a reactivation.

    Args:
        customers: lifecycle_stage and spend_to_mean of each.
    """
    never = customers.lifecycle_stage.isin(["prospect", "visitor"]).fill_null(False)
    return ~never & (customers.spend_to_mean < 1).fill_null(False)
