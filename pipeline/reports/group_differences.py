"""Significant miscalibration by customer group: the sentence that page and card share.

Two tests must agree. The bootstrap interval knows that one customer's rows belong together, but of a
group without an outcome every draw is without one, so that it knows no doubt; the exact Poisson test
does.
"""

from collections.abc import Mapping, Sequence

from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import GroupFigures
from pipeline.reports.formatting import number, with_interval
from pipeline.statistics.poisson import poisson_p_value

SIGNIFICANT = 0.05


def tell_groups_that_differ(groups: Mapping[str, Sequence[GroupFigures]]) -> str:
    """Name the groups whose observed rate differs significantly from the predicted one."""
    found = [
        f"{name} {one.value} ({with_interval(one.observed_to_predicted, 2)}; {one.positives:,} "
        f"outcomes, {number(one.expected, 1)} expected)"
        for name, values in groups.items()
        for one in values
        if _excludes_one(one.observed_to_predicted) and _is_surprising(one.positives, one.expected)
    ]
    return (
        "Observed and predicted rates differ significantly (95% interval and exact Poisson test) "
        f"for: {', '.join(found) or 'none'}."
    )


def _is_surprising(positives: int, expected: float | None) -> bool:
    return expected is None or poisson_p_value(positives, expected) < SIGNIFICANT


def _excludes_one(ratio: Figure) -> bool:
    if ratio.low is None or ratio.high is None:
        return False
    return not ratio.low <= 1 <= ratio.high
