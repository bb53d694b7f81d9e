"""Significant miscalibration by customer group: the sentence that page and card share."""

from collections.abc import Mapping, Sequence

from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import GroupFigures
from pipeline.reports.formatting import with_interval


def tell_groups_that_differ(groups: Mapping[str, Sequence[GroupFigures]]) -> str:
    """Name the groups whose observed rate differs significantly from the predicted one."""
    found = [
        f"{name} {one.value} ({with_interval(one.observed_to_predicted, 2)})"
        for name, values in groups.items()
        for one in values
        if _excludes_one(one.observed_to_predicted)
    ]
    return f"Observed and predicted rates differ significantly for: {', '.join(found) or 'none'}."


def _excludes_one(ratio: Figure) -> bool:
    if ratio.low is None or ratio.high is None:
        return False
    return not ratio.low <= 1 <= ratio.high
