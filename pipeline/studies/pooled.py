"""One model for all categories, or one for each?

The separate models have the tuned parameters as well, moved into the ranges that their own number
of positives allows, and their own number of trees and curve. Where a category alone has too few
outcomes to learn or stop by, the pooled model speaks for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.models.examples import Examples
from pipeline.models.tuning.search_space import search_space
from pipeline.statistics.arrays import Floats
from pipeline.studies.answer import Answer, markdown, page
from pipeline.studies.fitting import Procedure, fit_stopped
from pipeline.studies.panel import Panel
from pipeline.studies.part_comparison import (
    COMPARED,
    PartComparison,
    Predicted,
    compare_parts,
    size_of,
    to_frame,
    verdict,
)

POOLED, SEPARATE = "pooled", "separate"
EVERYTHING = "all categories"
MIN_POSITIVES = 20
"""A category with fewer in training, validation or test is not judged by itself."""


@dataclass(frozen=True)
class _Holdouts:
    """Train, validation and test rows."""

    train: Examples
    validation: Examples
    test: Examples

    def of(self, category: str) -> "_Holdouts":
        """Return the rows of one category."""
        return _Holdouts(
            *(
                part.take(rows_of(part, category))
                for part in (self.train, self.validation, self.test)
            )
        )

    @property
    def positives(self) -> int:
        """Return the outcomes of the part that has fewest."""
        return min(part.positives for part in (self.train, self.validation, self.test))


def answer(panel: Panel, procedure: Procedure) -> Answer:
    """Compare on the latest origin, over all categories and by category."""
    origin = panel.origins()[-1]
    parts = _Holdouts(
        panel.on(origin.train), panel.on([origin.validation]), panel.on([origin.test])
    )
    fitted = fit_stopped(parts.train, parts.validation, procedure)
    pooled = fitted.model.propensity(parts.test.features)
    separate = pooled.copy()
    judged, left_out = [], []
    for category in sorted(parts.train.features["category"].dropna().unique()):
        own = parts.of(category)
        if own.positives < MIN_POSITIVES:
            left_out.append(category)
            continue
        judged.append(category)
        separate[rows_of(parts.test, category)] = _fit_alone(own, procedure)
    compared = compare_parts(
        _predicted(parts.test, {POOLED: pooled, SEPARATE: separate}, judged), procedure.resampling
    )
    table = _table(parts.test, compared, [EVERYTHING, *judged])
    loss = compared.difference(SEPARATE, POOLED, EVERYTHING, "log_loss")
    facts = {"test": str(origin.test), "judged": judged, "too_few_outcomes": left_out}
    return Answer({"": table}, facts, _page(table, verdict(SEPARATE, POOLED, loss), left_out))


def rows_of(rows: Examples, category: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return where the rows of a category stand."""
    return np.flatnonzero((rows.features["category"] == category).to_numpy())


def _fit_alone(own: _Holdouts, procedure: Procedure) -> Floats:
    """Return what a model of one category says of its test rows."""
    space = search_space(own.train.positives, largest_vocabulary=1)
    params = replace(procedure.params, **space.inside(procedure.params))
    fitted = fit_stopped(own.train, own.validation, replace(procedure, params=params))
    return fitted.model.propensity(own.test.features)


def _predicted(
    test: Examples, propensities: dict[str, Floats], categories: Sequence[str]
) -> list[Predicted]:
    found = [Predicted(name, EVERYTHING, said, test) for name, said in propensities.items()]
    for category in categories:
        rows = rows_of(test, category)
        found += [
            Predicted(name, category, said[rows], test.take(rows))
            for name, said in propensities.items()
        ]
    return found


def _table(test: Examples, compared: PartComparison, parts: Sequence[str]) -> pd.DataFrame:
    return to_frame(
        [
            {
                "scorer": scorer,
                "category": part,
                **size_of(test if part == EVERYTHING else test.take(rows_of(test, part))),
                **compared.row(scorer, part),
                **compared.differences(scorer, POOLED, [part]),
            }
            for part in parts
            for scorer in (POOLED, SEPARATE)
        ]
    )


def _page(table: pd.DataFrame, decision: str, left_out: Sequence[str]) -> str:
    own = table[(table["scorer"] == SEPARATE) & (table["category"] != EVERYTHING)]
    better = own.loc[own["log_loss_difference_high"] < 0, "category"].tolist()
    worse = own.loc[own["log_loss_difference_low"] > 0, "category"].tolist()
    differences = [f"{figure}_difference" for figure in COMPARED]
    return page(
        "Pooled against separate: one model, or one a category",
        [
            decision,
            (
                f"By category, a model of its own is better beyond doubt for {_list(better)}, and "
                f"worse for {_list(worse)}."
            ),
            f"Too few outcomes to judge: {_list(left_out)}.",
        ],
        [markdown(table, ["category", "scorer", "positives"], ["auc", "log_loss", *differences])],
    )


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
