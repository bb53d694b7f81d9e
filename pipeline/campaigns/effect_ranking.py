"""Whether ranking by estimated effect would have done better than ranking by propensity.

The effect is estimated from what the sealed wave says of each customer, propensity first. It is
shown beside the propensity, and recommended only when the wave proves it better.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.campaigns.qini import compare_qini
from pipeline.campaigns.t_learner import FOLDS, estimate_effects
from pipeline.foundation.contracts.arms import TREATED
from pipeline.statistics.bootstrap import Interval

FEATURES = ("propensity", "value_cents", "contact_cost_cents", "model", "category", "channel")
"""What the effect is estimated from."""
_FEWEST_RESPONSES = 20 * FOLDS
"""Of each arm; with fewer, two models differ by nothing but noise."""
TOO_FEW = (
    f"Fewer than {_FEWEST_RESPONSES} of an arm took the offer up: too few to estimate whom a "
    "contact moves, so propensity stays the ranking."
)
PROPENSITY, EFFECT = "propensity", "estimated_effect"


@dataclass(frozen=True)
class Rankings:
    """Both rankings of one wave."""

    propensity: Interval
    """Qini coefficients, responses caused per customer treated."""
    estimated_effect: Interval
    gain: Interval
    """Of the estimated effect over propensity."""
    has_earned_it: bool
    in_words: str


def rank_by_effect(outcomes: pd.DataFrame, seed: int, threads: int) -> pd.DataFrame | None:
    """Return customer_id, propensity and estimated_effect, or None with too few responses.

    Each customer's effect is estimated without the customer's own household. The result is sorted
    by customer, as the trees' rows are: the order of the rows given does not matter.
    """
    outcomes = outcomes.sort_values("customer_id", ignore_index=True)
    responded = (outcomes["take_up"] == 1).to_numpy()
    is_treated = (outcomes["arm"] == TREATED).to_numpy()
    if min((responded & is_treated).sum(), (responded & ~is_treated).sum()) < _FEWEST_RESPONSES:
        return None
    effects = estimate_effects(
        outcomes[list(FEATURES)],
        responded,
        is_treated,
        pd.factorize(outcomes["household"], sort=True)[0],
        seed=seed,
        threads=threads,
    )
    return outcomes[["customer_id", "propensity"]].assign(estimated_effect=effects)


def compare_rankings(
    outcomes: pd.DataFrame, ranked: pd.DataFrame, *, replicates: int, seed: int
) -> Rankings:
    """Compare both rankings of the customers by what they would have let the contacts cause.

    Args:
        outcomes: as `outcomes` returns them, in any order.
        ranked: as `rank_by_effect` returns them.
        replicates: draws of the households.
        seed: of the draws.
    """
    outcomes = outcomes.sort_values("customer_id", ignore_index=True)
    alone, pairs = compare_qini(
        {name: ranked[name].to_numpy(np.float64) for name in (PROPENSITY, EFFECT)},
        (outcomes["take_up"] == 1).to_numpy(),
        (outcomes["arm"] == TREATED).to_numpy(),
        pd.factorize(outcomes["household"], sort=True)[0],
        replicates=replicates,
        seed=seed,
    )
    gain = pairs[(EFFECT, PROPENSITY)]
    has_earned_it = gain.low is not None and gain.low > 0
    return Rankings(alone[PROPENSITY], alone[EFFECT], gain, has_earned_it, _tell(has_earned_it))


def _tell(has_earned_it: bool) -> str:
    if has_earned_it:
        return (
            "Ranked by estimated effect, the contacts would have caused more than ranked by "
            "propensity: the ranking by effect has earned its use."
        )
    return (
        "That ranking by estimated effect causes more than ranking by propensity does not show: "
        "propensity stays the ranking."
    )
