"""The simple rules that a model must beat: which feature columns they rank by.

`descending` columns rank high values first. A rule whose columns are not there is not used.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """Customers ranked by the sum of their ranks in some columns."""

    columns: tuple[tuple[str, bool], ...]
    """(column, descending)"""


RULES: Mapping[str, Rule] = {
    "recency": Rule((("product_history__days_since_category_acquisition", False),)),
    "rfm": Rule(
        (
            ("product_history__days_since_acquisition", False),
            ("product_history__acquisitions__365d", True),
            ("product_history__spend__365d", True),
        )
    ),
    "association": Rule((("affinity__best_confidence", True),)),
}
