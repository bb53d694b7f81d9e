"""Rolling-origin check: whether the model was significantly worse than a baseline at any past date.

One good test date may be luck. At each past date the model, chosen and fitted as it is, stands
against the best baseline of that very date. The worst date refuses it where its loss lies above by
more than chance, at the confidence of the gate, shared among the dates (Bonferroni).
"""

from collections.abc import Sequence

from scipy.stats import norm

from pipeline.foundation.contracts.hand_overs.past_dates import PastDate
from pipeline.promotion.rules import GateRules, RuleFinding

RULE = "worst_past"


def check_worst_past(pasts: Sequence[PastDate], rules: GateRules) -> RuleFinding:
    """Return whether the model stands the worst of its past dates."""
    if not pasts:
        reason = "Past dates were not asked: history holds too few to fit and judge a model."
        return RuleFinding(RULE, holds=True, reason=reason, is_asked=False)
    reach = float(norm.ppf(1 - (1 - rules.confidence) / len(pasts)))
    worst = max(pasts, key=lambda one: (_least(one, reach), one.as_of_date))
    least = _least(worst, reach)
    holds = least <= 0
    verb = "is not significantly worse than" if holds else "is significantly worse than"
    return RuleFinding(
        RULE,
        holds,
        f"At the worst of {len(pasts)} past dates, {worst.as_of_date}, the model {verb} its best "
        f"baseline there, {worst.best_baseline}: log loss {worst.difference:+.6f}, at least "
        f"{least:+.6f} with confidence {rules.confidence:g} over all of them.",
    )


def _least(one: PastDate, reach: float) -> float:
    return one.difference - reach * one.standard_error
