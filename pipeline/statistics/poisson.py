"""Exact test of a count against what was expected, where counts are too small for an interval."""

from scipy.special import pdtr


def poisson_p_value(observed: int, expected: float) -> float:
    """Return the two-sided p-value of a count that is Poisson around what was expected.

    Twice the smaller tail (Fay, 2010, "Two-sided exact tests and matching confidence intervals").
    Expecting 0.4 outcomes, none is no surprise (P(X ≤ 0) = e^-0.4 = 0.67, so p = 1); expecting 5,
    none is one (2 e^-5 = 0.013).
    """
    at_most = float(pdtr(observed, expected))
    at_least = 1.0 - float(pdtr(observed - 1, expected)) if observed else 1.0
    return min(1.0, 2 * min(at_most, at_least))
