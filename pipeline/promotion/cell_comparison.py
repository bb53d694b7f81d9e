"""Calibration by cell of whatever may score on the test rows, and of two scorers side by side.

The evaluation knows the cells of the challenger alone. Of baselines and champion the predictions
tell category and decile, so that these two kinds are what they are asked about.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.evaluation.calibration_cells import calibration_cells
from pipeline.evaluation.cell_kinds import kind_of
from pipeline.evaluation.reliability import deciles_of_all
from pipeline.evaluation.scorer_comparison import Outcomes, Resampling
from pipeline.foundation.contracts.hand_overs.evaluation_report import CalibrationCell
from pipeline.promotion.rules import GateRules, RuleFinding
from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.bootstrap import draw_matrix
from pipeline.statistics.segment_sums import sum_by_segment


@dataclass(frozen=True)
class CellRows:
    """The test rows by category, with the draws of customers that all scorers share."""

    categories: pd.Series
    outcomes: Outcomes
    groups: Ints
    draws: Floats

    @classmethod
    def of(cls, categories: pd.Series, outcomes: Outcomes, resampling: Resampling) -> "CellRows":
        """Draw the customers of these rows."""
        groups = np.unique(outcomes.groups, return_inverse=True)[1].astype(np.int64)
        customers = int(groups.max(initial=-1)) + 1
        draws = draw_matrix(customers, resampling.replicates, resampling.seed)
        return cls(categories, outcomes, groups, draws)

    def cells(self, predicted: Floats) -> tuple[CalibrationCell, ...]:
        """Return the cells of a scorer by category and by decile."""
        codes = self.categories.astype("category").cat.codes.to_numpy()
        deciles = deciles_of_all(predicted, self.outcomes.groups, codes)
        kinds = {
            "category": kind_of(self.categories.astype("object").to_numpy(), is_ordered=False),
            "decile": kind_of(deciles, is_ordered=True),
        }
        return calibration_cells(
            predicted,
            self.outcomes.labels,
            self.outcomes.weights,
            kinds,
            groups=self.groups,
            draws=self.draws,
        )

    def is_no_worse(self, challenger: Floats, champion: Floats, rules: GateRules) -> RuleFinding:
        """Hold the challenger's levels of the categories against the champion's.

        The measure is the share of all outcomes that is misplaced: the distances between outcomes
        and what was expected, added up over the categories. Only what is worse for certain counts.
        """
        codes = self.categories.astype("category").cat.codes.to_numpy().astype(np.int64)
        weights = self.outcomes.weights
        scorers = {"challenger": challenger, "champion": champion}
        quantities = {"outcomes": weights * self.outcomes.labels}
        quantities |= {name: weights * one for name, one in scorers.items()}
        sums = sum_by_segment(quantities, codes, self.groups, self.draws)
        point, drawn = _misplaced(sums.point, scorers), _misplaced(sums.drawn, scorers)
        gaps = np.asarray(drawn["challenger"] - drawn["champion"])
        gap = float(point["challenger"] - point["champion"])
        least = float(np.quantile(gaps, 1 - rules.confidence))
        holds = not (gap > 0 and least > 0)
        verb = "is no worse than" if holds else "is worse than"
        return RuleFinding(
            "cells_no_worse_than_champion",
            holds,
            f"By category, the challenger {verb} the champion: it misplaces "
            f"{float(point['challenger']):.1%} of the outcomes, the champion "
            f"{float(point['champion']):.1%} (difference {gap:+.1%}, at least {least:+.1%} with "
            f"confidence {rules.confidence:g}; must not be above 0 for certain).",
        )


def _misplaced(sums: Mapping[str, Floats], scorers: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the share of the outcomes that each scorer misplaces; of replicates, of each."""
    everything = np.maximum(sums["outcomes"].sum(axis=-1), 1.0)
    return {
        name: np.abs(sums["outcomes"] - sums[name]).sum(axis=-1) / everything for name in scorers
    }
