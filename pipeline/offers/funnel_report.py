"""What the decide stage says of itself: reports/funnel.json."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, OFFERED_ARMS, TREATED
from pipeline.offers.allocation import Allocation
from pipeline.statistics.power import detectable_uplift, sample_size

A_TENTH_MORE = 0.1


def count_falls(reasons: pd.Series, order: Sequence[str]) -> list[dict[str, object]]:
    """Return the funnel: at each step how many came, fell and stayed.

    Args:
        reasons: one a customer, empty for whoever is contacted.
        order: every reason that may occur, in the order in which it takes effect.
    """
    fell = reasons.value_counts()
    steps: list[dict[str, object]] = []
    standing = len(reasons)
    for name in order:
        count = int(fell.get(name, 0))
        steps.append({"step": name, "came": standing, "fell": count, "stayed": standing - count})
        standing -= count
    return steps


def count_offers(decided: pd.DataFrame) -> dict[str, Any]:
    """Return what is sent, by model, category, channel; and the arms of each campaign.

    Args:
        decided: NEXT_BEST_OFFERS.
    """
    sent = decided[decided["arm"] == TREATED]
    armed = decided[decided["arm"].notna()]
    cells = (armed["campaign"] + " " + armed["arm"]).value_counts().sort_index()
    return {
        "sent": len(sent),
        "contact_cost_cents": int(sent["contact_cost_cents"].sum()),
        "expected_profit_cents": round(float(sent["priority_cents"].sum())),
        **{
            f"by_{what}": {
                str(k): int(n) for k, n in sent[what].value_counts().sort_index().items()
            }
            for what in ("model", "category", "channel")
        },
        "arms": {str(cell): int(n) for cell, n in cells.items()},
    }


def describe_allocation(allocation: Allocation) -> dict[str, Any]:
    """Return how near the optimum the offers are, in cents; the bound cannot be exceeded."""
    return {
        "is_bound_by_limits": allocation.is_bound_by_limits,
        "value_cents": round(allocation.value),
        "bound_cents": round(allocation.bound),
    }


def advise_sample_sizes(
    decided: pd.DataFrame, *, power: float, confidence: float
) -> Mapping[str, Mapping[str, float | int | None]]:
    """Return for each campaign what its size can show, before it is sent.

    The base rate is what the propensities expect without contact. `detectable_uplift` is the least
    absolute uplift that shows with this power; `customers_for_a_tenth_more` would show a response
    that is a tenth higher.

    Args:
        decided: NEXT_BEST_OFFERS.
        power: probability that an uplift of that size shows.
        confidence: 1 less the probability that one shows where there is none.
    """
    offered = decided[decided["arm"].isin(OFFERED_ARMS)]
    advice: dict[str, Mapping[str, float | int | None]] = {}
    for name, rows in offered.groupby("campaign"):
        rate = float(rows["propensity"].mean())
        control = float((rows["arm"] == CAMPAIGN_CONTROL).mean())
        can_show = 0 < rate < 1 / (1 + A_TENTH_MORE) and 0 < control < 1
        least = detectable_uplift(rate, len(rows), control, power, confidence) if can_show else None
        needed = (
            sample_size(rate, rate * A_TENTH_MORE, control, power, confidence) if can_show else None
        )
        advice[str(name)] = {
            "customers": len(rows),
            "control_share": round(control, 6),
            "base_rate": round(rate, 6),
            "detectable_uplift": None if least is None else round(least, 6),
            "customers_for_a_tenth_more": needed,
        }
    return advice
