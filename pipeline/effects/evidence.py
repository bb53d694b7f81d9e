"""What rows say of the effect's coefficients: a precision and a score, so that evidence adds up.

The estimating equations of `doubly_robust.relative_effect`, with a design in place of one number:
Σ w (W − e) φ (Y − m0 − W v φ'β) = 0. Hence A β̂ = b with A = Σ w W (1 − e) v φφ', which is also
close to the variance of b, for an outcome without treatment has the variance v. How much wider
groups and sampling make it is one factor, the design effect.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.effects.comparison import Comparisons
from pipeline.statistics.arrays import Floats, sum_by_code


@dataclass(frozen=True)
class Evidence:
    """Normal evidence on coefficients: precision × coefficients = score, as far as it goes."""

    precision: Floats
    score: Floats

    def __add__(self, other: "Evidence") -> "Evidence":
        """Return both together; they must be independent."""
        return Evidence(self.precision + other.precision, self.score + other.score)


def no_evidence(columns: int) -> Evidence:
    """Return what no rows say."""
    return Evidence(np.zeros((columns, columns)), np.zeros(columns))


def evidence_of(rows: Comparisons, design: Floats) -> Evidence:
    """Return what comparisons say of the coefficients of their design, rows × coefficients."""
    if len(rows) == 0:
        return no_evidence(design.shape[1])
    information, score = equations(rows, design)
    widened = max(design_effect(rows, design, information, score), 1.0)
    return Evidence(information / widened, score / widened)


def equations(rows: Comparisons, design: Floats) -> tuple[Floats, Floats]:
    """Return A and b of the estimating equations."""
    lean = rows.weights * (rows.treated - rows.probability)
    information = np.einsum(
        "i,ij,ik->jk", lean * rows.treated * rows.variance, design, design, optimize=False
    )
    score = np.einsum("i,ij->j", lean * (rows.outcomes - rows.baseline), design)
    return information, score


def design_effect(rows: Comparisons, design: Floats, information: Floats, score: Floats) -> float:
    """Return by how much the score varies more than its model says, averaged over coefficients."""
    ridge = 1e-6 * np.eye(len(score)) * max(float(np.trace(information)), 1e-12)
    fitted = np.einsum("ij,j->i", design, np.linalg.solve(information + ridge, score))
    lean = rows.weights * (rows.treated - rows.probability)
    gap = lean * (rows.outcomes - rows.baseline - rows.treated * rows.variance * fitted)
    codes = np.unique(rows.groups, return_inverse=True)[1]
    varied = sum(
        float((sum_by_code(codes, gap * design[:, column]) ** 2).sum())
        for column in range(len(score))
    )
    return varied / max(float(np.trace(information)), 1e-12)
