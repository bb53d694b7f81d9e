"""The claim of a wave: what its contacts are expected to cause, and what that earns.

Effects of one estimate are wrong together: if e-mail works less than was estimated, it does so for
everybody. The interval of a sum therefore reaches from the sum of the lower limits to the sum of
the upper ones, which is the widest that it can be.

Two contacts, each with a value of 10.00 and a cost of 0.10:

    effect  low   high
    0.02    0.01  0.03
    0.04    0.00  0.08
    0.06 (0.01 to 0.11) take-ups caused; 0.60 (0.10 to 1.10) less 0.20 earned
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.hand_overs.headline_metrics import HeadlineMetrics
from pipeline.foundation.contracts.hand_overs.wave_claim import ClaimedAmount, WaveClaim
from pipeline.statistics.bootstrap import Interval

_ASSUMED = "assumed"


def claim_of(decided: pd.DataFrame, decided_by: str) -> WaveClaim:
    """Return what a wave claims.

    Args:
        decided: NEXT_BEST_OFFERS.
        decided_by: `decide.value`.
    """
    sent = decided[decided["arm"] == TREATED]
    take_ups, profit = claimed_totals(sent)
    caused, earned = _amount(take_ups, 4), _amount(profit, 0)
    origins = {str(name): int(n) for name, n in sent["effect_origin"].value_counts().items()}
    return WaveClaim(
        decided_by=decided_by,
        contacted=len(sent),
        explored=int(sent["is_explored"].astype(bool).sum()),
        take_ups_predicted=round(float(_numbers(sent["propensity"]).sum()), 4),
        take_ups_caused=caused,
        incremental_profit_cents=earned,
        contact_cost_cents=int(sent["contact_cost_cents"].sum()),
        origins=dict(sorted(origins.items())),
        statement=_state(caused, earned, origins, decided_by),
    )


def claimed_totals(sent: pd.DataFrame) -> tuple[Interval, Interval]:
    """Return the take-ups that contacts cause and, in cents, what they earn net of their cost.

    Args:
        sent: value_cents, contact_cost_cents, effect, effect_low and effect_high of the contacted.
    """
    value, cost = _numbers(sent["value_cents"]), float(sent["contact_cost_cents"].sum())
    ends = [_numbers(sent[name]) for name in ("effect", "effect_low", "effect_high")]
    return (
        Interval(*(float(end.sum()) for end in ends)),
        Interval(*(float((end * value).sum()) - cost for end in ends)),
    )


def _amount(found: Interval, digits: int) -> ClaimedAmount:
    value, low, high = (round(end or 0.0, digits) for end in (found.value, found.low, found.high))
    return ClaimedAmount(value=value, low=low, high=high)


def _state(
    caused: ClaimedAmount, earned: ClaimedAmount, origins: dict[str, int], decided_by: str
) -> str:
    assumed = origins.get(_ASSUMED, 0)
    take_ups = f"{caused.value:,.0f} take-ups ({caused.low:,.0f} to {caused.high:,.0f})"
    money = [f"{cents / 100:,.0f}" for cents in (earned.value, earned.low, earned.high)]
    sentences = [
        (
            f"The contacts are expected to cause {take_ups} and to earn {money[0]} ({money[1]} to "
            f"{money[2]}) beyond what would happen anyway, net of contact costs."
        )
    ]
    if assumed and assumed == sum(origins.values()):
        sentences.append("The effect of a contact is assumed, not measured.")
    elif assumed:
        sentences.append(f"For {assumed:,} of them the effect is assumed, not measured.")
    if decided_by == "propensity":
        sentences.append("Offers are weighed by propensity, which counts what would happen anyway.")
    return " ".join(sentences)


def _numbers(column: pd.Series) -> npt.NDArray[np.float64]:
    return column.to_numpy(dtype=np.float64, na_value=0.0)


def headline_of(claim: WaveClaim) -> HeadlineMetrics:
    """Return what two decisions are compared by: contacts, their cost, and what they would change."""
    added = claim.incremental_profit_cents
    return HeadlineMetrics(
        {
            "contacted": claim.contacted,
            "contact_cost": claim.contact_cost_cents / 100,
            "take_ups_caused": round(claim.take_ups_caused.value, 1),
            "profit_added": round(added.value / 100, 2),
            "profit_added_low": round(added.low / 100, 2),
            "profit_added_high": round(added.high / 100, 2),
        }
    )
