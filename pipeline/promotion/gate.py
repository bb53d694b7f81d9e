"""Whether a challenger may score: it is refused unless it shows that it is better.

Two figures decide. Log loss judges the order and the probability at once, and a propensity is used
as a probability when offers are weighed by value. Average precision judges the top of the list,
where a campaign is spent. The difference in log loss must hold at the confidence asked for;
average precision, which varies more where positives are rare, must not be lower beyond chance.
All rules must hold at once, so several baselines need no correction for many comparisons.
"""

from collections.abc import Sequence

import numpy as np

from pipeline.evaluation.replicates import Replicates
from pipeline.models.estimators.baselines import BASE_RATE
from pipeline.promotion.checks import check_challenger
from pipeline.promotion.rules import Evidence, GateRules, Judgement, RuleFinding
from pipeline.promotion.worst_past import check_worst_past
from pipeline.statistics.arrays import Floats


def pass_gate(
    measured: Replicates,
    challenger: str,
    baselines: Sequence[str],
    champion: str | None,
    *,
    rules: GateRules,
    evidence: Evidence,
    beside_champion: Replicates | None = None,
    cells_beside_champion: RuleFinding | None = None,
    itself: Sequence[str] = (),
) -> Judgement:
    """Hold a challenger against what can be believed, every baseline and the champion.

    Args:
        measured: the figures of all.
        challenger: its name there.
        baselines: theirs.
        champion: its name, where another model than the challenger scores now.
        rules: what the challenger must show.
        evidence: what is measured of it by itself.
        beside_champion: the figures on the rows that the champion was trained for, if not on all.
        cells_beside_champion: whether its levels by category are worse than the champion's.
        itself: the baselines that the challenger ranks exactly as.
    """
    findings = [*check_challenger(evidence, rules), check_worst_past(evidence.pasts, rules)]
    findings += [
        _is_itself(baseline)
        if baseline in itself
        else _beats(measured, challenger, baseline, rules)
        for baseline in baselines
    ]
    if champion is not None:
        findings.append(_is_no_worse(beside_champion or measured, challenger, champion, rules))
        findings += [cells_beside_champion] if cells_beside_champion is not None else []
    return Judgement(tuple(findings))


def best_baseline(measured: Replicates, baselines: Sequence[str]) -> str:
    """Return the scorer of least log loss; where it is undefined, the simplest."""
    losses = {name: measured.interval(name, "log_loss").value for name in baselines}
    if BASE_RATE in losses and losses[BASE_RATE] is None:
        return BASE_RATE
    return min(baselines, key=lambda name: (losses[name] or 0.0, name))


def _is_itself(baseline: str) -> RuleFinding:
    reason = (
        f"The challenger ranks as {baseline} does: over the past dates nothing did better. It is "
        "not asked to beat itself."
    )
    return RuleFinding(f"beats_{baseline}", holds=True, reason=reason, is_asked=False)


def _beats(measured: Replicates, challenger: str, baseline: str, rules: GateRules) -> RuleFinding:
    loss, loss_drawn = measured.difference(challenger, baseline, "log_loss")
    precision, drawn = measured.difference(challenger, baseline, "average_precision")
    if not np.isfinite([loss, precision]).all():
        reason = f"Whether the challenger beats {baseline} is undefined: the test holds no outcome."
        return RuleFinding(f"beats_{baseline}", holds=True, reason=reason, is_asked=False)
    highest = _quantile(loss_drawn, rules.confidence)
    reach = _quantile(drawn, rules.confidence)
    holds = highest < 0 and reach >= 0
    verb = "beats" if holds else "does not beat"
    return RuleFinding(
        f"beats_{baseline}",
        holds,
        f"The challenger {verb} {baseline}: log loss {loss:+.6f} (below {highest:+.6f} with "
        f"confidence {rules.confidence:g}; must be below 0), average precision {precision:+.6f} "
        f"(at most {reach:+.6f} with that confidence; must reach 0).",
    )


def _is_no_worse(
    measured: Replicates, challenger: str, champion: str, rules: GateRules
) -> RuleFinding:
    loss, _ = measured.difference(challenger, champion, "log_loss")
    precision, drawn = measured.difference(challenger, champion, "average_precision")
    highest = _quantile(drawn, rules.confidence)
    holds = loss <= 0 and highest >= 0
    verb = "is no worse than" if holds else "is worse than"
    return RuleFinding(
        "no_worse_than_champion",
        holds,
        f"The challenger {verb} the champion on the same rows: log loss {loss:+.6f} (must not be "
        f"above 0), average precision {precision:+.6f} (at most {highest:+.6f} with confidence "
        f"{rules.confidence:g}; must reach 0).",
    )


def _quantile(drawn: Floats, confidence: float) -> float:
    """Return what a difference stays below; infinite, so that nothing passes, if undefined."""
    known = drawn[np.isfinite(drawn)]
    return float(np.quantile(known, confidence)) if len(known) else float("inf")
