"""How costs grow with the customers, and where that leads: straight lines, no more."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.scale.costs import Cost

MEMORY_GB = 8.0
"""Of a laptop."""
LEAST = 20_000
"""Customers are drawn and scored so many at a time: what fewer take says nothing of more."""


@dataclass(frozen=True)
class Growth:
    """One stage over the sizes at which it was measured, the smallest first."""

    stage: str
    costs: Sequence[Cost]

    @property
    def is_known(self) -> bool:
        """Return whether two sizes were measured that say something of larger ones."""
        return len(self.costs) > 1 and self.costs[-2].customers >= LEAST

    @property
    def exponent(self) -> float | None:
        """Return the slope of log processor seconds by log customers, between `alike`."""
        one, other = self.alike
        if one.customers < LEAST or one is other:
            return None
        rise = math.log(other.cpu_seconds / one.cpu_seconds)
        return rise / math.log(other.customers / one.customers)

    @property
    def alike(self) -> tuple[Cost, Cost]:
        """Return the two largest sizes with as many rows a customer; one twice, if there is no other."""
        for place in range(len(self.costs) - 1, 0, -1):
            one, other = self.costs[place - 1 : place + 1]
            if math.isclose(one.rows_a_customer, other.rows_a_customer, rel_tol=0.2):
                return one, other
        return self.costs[-1], self.costs[-1]

    @property
    def mb_a_thousand(self) -> float:
        """Return by how much the peak grows with a thousand customers, between the two largest."""
        if not self.is_known:
            return 0.0
        one, other = self.costs[-2:]
        grown = other.peak_mb - one.peak_mb
        return max(grown, 0.0) * 1000 / (other.customers - one.customers)

    def peak_gb(self, customers: int) -> float:
        """Return the peak at a larger size, on the line through the two largest."""
        last = self.costs[-1]
        return (last.peak_mb + self.mb_a_thousand * (customers - last.customers) / 1000) / 1000

    def cpu_hours(self, customers: int) -> float:
        """Return the processor hours at a larger size of customers like the largest measured.

        In proportion, or by the exponent where that is above 1.
        """
        last = self.costs[-1]
        power = max(self.exponent or 1.0, 1.0)
        return last.cpu_seconds * math.pow(customers / last.customers, power) / 3600


def growth_of(costs: Iterable[Cost]) -> list[Growth]:
    """Return each stage's growth, in the order of a run."""
    by_stage: dict[str, list[Cost]] = {}
    for cost in costs:
        by_stage.setdefault(cost.stage, []).append(cost)
    return [
        Growth(stage, sorted(found, key=lambda cost: cost.customers))
        for stage, found in by_stage.items()
    ]


def first_to_break(growths: Sequence[Growth], customers: int) -> Mapping[str, float]:
    """Return the stages whose peak is above a laptop's memory, the greatest first, in GB."""
    peaks = {growth.stage: growth.peak_gb(customers) for growth in growths}
    too_large = [(peak, stage) for stage, peak in peaks.items() if peak > MEMORY_GB]
    return {stage: peak for peak, stage in sorted(too_large, reverse=True)}
