"""How well each group's own rows are ordered: which offer first, for the one customer.

Only groups with at least one positive are asked; for the others every order is as good.
Equal scores count as in random order, by expectation: McSherry and Najork (2008), ECIR,
"Computing information retrieval performance measures efficiently in the presence of tied scores".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.statistics.arrays import Floats, Ints, dot, sum_by_code
from pipeline.statistics.bootstrap import Interval, draw_groups, interval_of

RANKING_FIGURES = ("hit_at_1", "map_at_3", "ndcg_at_5")


@dataclass(frozen=True)
class Ranking:
    """Figures of each asked list; lists of one group are drawn together."""

    groups: Ints
    figures: Floats
    """Lists × `RANKING_FIGURES`."""


def rank_lists(
    scores: Floats,
    labels: npt.NDArray[Any],
    lists: npt.NDArray[np.integer],
    groups: npt.NDArray[np.integer],
) -> Ranking:
    """Measure every list that holds a positive.

    Args:
        scores: what each list is ordered by, higher first.
        labels: 0 or 1.
        lists: the list of each row.
        groups: the group of each row; the same for all rows of a list.
    """
    rows = _place_rows(scores, labels, lists, groups)
    figures = np.column_stack(
        [
            _sum_by_list(rows, _chance(rows) * (rows["position"] == 1)),
            _average_precision(rows, cut=3),
            _discounted_gain(rows, cut=5),
        ]
    )
    firsts = rows.drop_duplicates("list")
    return Ranking(firsts["group"].to_numpy(), figures)


def ranking_intervals(ranking: Ranking, replicates: int, seed: int) -> dict[str, Interval]:
    """Return the mean over lists of each figure, with its interval over groups."""
    if len(ranking.groups) == 0:
        return dict.fromkeys(RANKING_FIGURES, Interval(None, None, None))
    _, codes = np.unique(ranking.groups, return_inverse=True)
    sums = np.column_stack([sum_by_code(codes, column) for column in ranking.figures.T])
    counts = np.bincount(codes).astype(np.float64)
    drawn = np.array(
        [
            np.einsum("i,ij->j", draws, sums) / dot(draws, counts)
            for draws in draw_groups(len(counts), replicates, seed)
        ]
    )
    means = ranking.figures.mean(axis=0)
    return {
        figure: interval_of(float(means[place]), drawn[:, place])
        for place, figure in enumerate(RANKING_FIGURES)
    }


def _place_rows(
    scores: Floats,
    labels: npt.NDArray[Any],
    lists: npt.NDArray[np.integer],
    groups: npt.NDArray[np.integer],
) -> pd.DataFrame:
    """Return the rows of lists with a positive, best first, with what a row's tie block holds."""
    rows = pd.DataFrame({"list": lists, "group": groups, "score": scores, "label": labels})
    rows["label"] = rows["label"].astype(np.int64)
    in_list = rows.groupby("list")["label"].transform("sum")
    rows = rows.assign(relevant=in_list)[in_list > 0]
    rows = rows.sort_values(["list", "score"], ascending=[True, False], kind="stable")
    block = rows.groupby(["list", "score"], sort=False)["label"]
    position = rows.groupby("list").cumcount() + 1
    in_block = block.cumcount() + 1
    found = rows.groupby("list")["label"].cumsum()
    block_relevant = block.transform("sum")
    # Positives of the list up to the end of the block, less those inside it.
    through_block = found.groupby([rows["list"], rows["score"]], sort=False).transform("max")
    return rows.assign(
        position=position,
        in_block=in_block,
        block_size=block.transform("size"),
        block_relevant=block_relevant,
        relevant_before=through_block - block_relevant,
    )


def _chance(rows: pd.DataFrame) -> pd.Series:
    """Return how likely a positive stands at each position, over the orders of its block."""
    return rows["block_relevant"] / rows["block_size"]


def _average_precision(rows: pd.DataFrame, cut: int) -> Floats:
    """Return the expected precision at the positions of positives, up to the cut."""
    others = (rows["block_size"] - 1).clip(lower=1)
    ahead_in_block = (rows["in_block"] - 1) * (rows["block_relevant"] - 1) / others
    precision = (rows["relevant_before"] + 1 + ahead_in_block) / rows["position"]
    summed = _sum_by_list(rows, _chance(rows) * precision * (rows["position"] <= cut))
    return np.asarray(summed / np.minimum(_relevant(rows), cut), dtype=np.float64)


def _discounted_gain(rows: pd.DataFrame, cut: int) -> Floats:
    """Return the expected discounted gain up to the cut over that of the best order."""
    discount = 1 / np.log2(rows["position"] + 1) * (rows["position"] <= cut)
    best = np.concatenate([[0.0], np.cumsum(1 / np.log2(np.arange(1, cut + 1) + 1))])
    reachable = best[np.minimum(_relevant(rows), cut).astype(np.int64)]
    gained = _sum_by_list(rows, _chance(rows) * discount)
    return np.asarray(gained / reachable, dtype=np.float64)


def _sum_by_list(rows: pd.DataFrame, values: pd.Series) -> Floats:
    summed = values.groupby(rows["list"]).sum()
    return np.asarray(summed, dtype=np.float64)


def _relevant(rows: pd.DataFrame) -> Floats:
    return np.asarray(rows.drop_duplicates("list")["relevant"], dtype=np.float64)


def summarise(
    intervals: Mapping[str, Interval], ranking: Ranking
) -> dict[str, dict[str, float | None] | int]:
    """Return the figures as they are written, with the number of lists they hold for."""
    written: dict[str, dict[str, float | None] | int] = {
        figure: interval.to_json() for figure, interval in intervals.items()
    }
    return written | {"lists_with_a_positive": len(ranking.groups)}
