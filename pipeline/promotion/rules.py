"""What a challenger must show, what was found on it, and what all findings come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.evaluation.single_feature import LoneFeature
from pipeline.promotion.backtest_benchmark import Past
from pipeline.statistics.bootstrap import Interval


@dataclass(frozen=True)
class GateRules:
    """What a challenger must show."""

    confidence: float
    max_auc: float
    min_positives: int
    min_slope: float
    max_slope: float
    max_ece_share: float
    """Of the base rate."""
    max_gain_share: float
    """Of one feature; more is a suspicion if the feature also ranks nearly as well alone."""
    max_lone_share: float
    """Of what the model's AUC or average precision has above chance, reached by that feature."""
    max_auc_jump: float
    """Above what the best date of the backtest may have reached."""


@dataclass(frozen=True)
class Finding:
    """One rule, whether it holds, and why, in plain words."""

    rule: str
    holds: bool
    reason: str
    suspects: tuple[str, ...] = ()
    """Features that may know the outcome: whoever reads them is under the same suspicion."""
    is_asked: bool = True
    """A rule that could not be asked refuses nobody."""

    def to_json(self) -> dict[str, Any]:
        """Return the finding as it is written."""
        return {
            "rule": self.rule,
            "holds": self.holds,
            "is_asked": self.is_asked,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Judgement:
    """Every finding on a challenger."""

    findings: tuple[Finding, ...] = field(default_factory=tuple)

    @property
    def is_passed(self) -> bool:
        """Return whether all rules hold."""
        return all(finding.holds for finding in self.findings)

    @property
    def suspects(self) -> frozenset[str]:
        """Return the features that may know the outcome."""
        return frozenset(name for finding in self.findings for name in finding.suspects)


@dataclass(frozen=True)
class Evidence:
    """What is measured of a challenger without comparing it with anybody."""

    positives: int
    base_rate: float
    auc: float | None
    average_precision: float | None
    ece: Interval
    slope: Interval
    strongest: tuple[LoneFeature, ...]
    past: Past

    @classmethod
    def from_report(cls, report: Mapping[str, Any], past: Past) -> "Evidence":
        """Read the evidence from an evaluation as it was written; the past comes from a backtest."""
        model = report["scorers"]["model"]
        return cls(
            positives=report["positives"],
            base_rate=report["positives"] / report["rows"],
            auc=model["auc"]["value"],
            average_precision=model["average_precision"]["value"],
            ece=Interval(**model["ece"]),
            slope=Interval(**model["calibration_slope"]),
            strongest=_lone_features(report["strongest_features"]),
            past=past,
        )


def _lone_features(written: Sequence[Mapping[str, Any]]) -> tuple[LoneFeature, ...]:
    return tuple(
        LoneFeature(one["feature"], one["gain_share"], one["auc"], one["average_precision"])
        for one in written
    )
