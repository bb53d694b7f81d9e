"""Whether a challenger may score: it is refused unless it shows that it is better.

Two figures decide. Log loss judges the order and the probability at once, and a propensity is used
as a probability when offers are weighed by value. Average precision judges the top of the list,
where a campaign is spent. The difference in log loss must hold at the confidence asked for;
average precision, which varies more where positives are rare, must not be lower.
All rules must hold at once, so several baselines need no correction for many comparisons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipeline.models.bootstrap import Replicates
from pipeline.models.examples import Floats


@dataclass(frozen=True)
class GateRules:
    """What a challenger must show."""

    confidence: float
    max_auc: float


@dataclass(frozen=True)
class Finding:
    """One rule, whether it holds, and why, in plain words."""

    rule: str
    holds: bool
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Return the finding as it is written."""
        return {"rule": self.rule, "holds": self.holds, "reason": self.reason}


@dataclass(frozen=True)
class Judgement:
    """Every finding on a challenger."""

    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def is_passed(self) -> bool:
        """Return whether all rules hold."""
        return all(finding.holds for finding in self.findings)


def judge(
    measured: Replicates,
    challenger: str,
    baselines: Sequence[str],
    champion: str | None,
    rules: GateRules,
) -> Judgement:
    """Hold a challenger against every baseline, the champion and the limit of what is likely."""
    findings = [_is_plausible(measured, challenger, rules)]
    findings += [_beats(measured, challenger, baseline, rules) for baseline in baselines]
    if champion is not None:
        findings.append(_is_no_worse(measured, challenger, champion, rules))
    return Judgement(tuple(findings))


def best_baseline(measured: Replicates, baselines: Sequence[str]) -> str:
    """Return the baseline of least log loss."""
    return min(baselines, key=lambda name: (measured.interval(name, "log_loss").value or 0.0, name))


def _is_plausible(measured: Replicates, challenger: str, rules: GateRules) -> Finding:
    auc = measured.interval(challenger, "auc").value
    holds = auc is not None and auc <= rules.max_auc
    verb = "is at most" if holds else "exceeds"
    text = "undefined" if auc is None else f"{auc:.4f}"
    ending = "" if holds else "; so good a figure is a leak until proven otherwise"
    return Finding(
        "plausible_auc", holds, f"AUC {text} {verb} the {rules.max_auc:g} of max_auc{ending}."
    )


def _beats(measured: Replicates, challenger: str, baseline: str, rules: GateRules) -> Finding:
    loss, loss_drawn = measured.difference(challenger, baseline, "log_loss")
    precision, _ = measured.difference(challenger, baseline, "average_precision")
    highest = _quantile(loss_drawn, rules.confidence)
    holds = highest < 0 and precision >= 0
    verb = "beats" if holds else "does not beat"
    return Finding(
        f"beats_{baseline}",
        holds,
        f"The challenger {verb} {baseline}: log loss {loss:+.6f} (below {highest:+.6f} with "
        f"confidence {rules.confidence:g}; must be below 0), average precision {precision:+.6f} "
        "(must not be below 0).",
    )


def _is_no_worse(measured: Replicates, challenger: str, champion: str, rules: GateRules) -> Finding:
    loss, _ = measured.difference(challenger, champion, "log_loss")
    precision, drawn = measured.difference(challenger, champion, "average_precision")
    highest = _quantile(drawn, rules.confidence)
    holds = loss <= 0 and highest >= 0
    verb = "is no worse than" if holds else "is worse than"
    return Finding(
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
