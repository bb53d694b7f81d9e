"""What a challenger must show, what was found on it, and what all findings come to."""

from dataclasses import asdict, dataclass, field

from pipeline.evaluation.single_feature import LoneFeature
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import (
    CalibrationCell,
    EvaluationReport,
)
from pipeline.foundation.contracts.hand_overs.past_dates import PastDate
from pipeline.foundation.contracts.hand_overs.promotion_verdict import GateFinding, GateThresholds
from pipeline.promotion.backtest_benchmark import Benchmark
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
    max_cell_error_share: float
    """Of the outcomes expected: what cells off beyond chance misplace for certain."""
    max_gain_share: float
    """Of one feature; more is a suspicion if the feature also ranks nearly as well alone."""
    max_lone_share: float
    """Of what the model's AUC or average precision has above chance, reached by that feature."""
    max_auc_jump: float
    """Above what the best date of the backtest may have reached."""

    def to_document(self) -> GateThresholds:
        """Return the rules as they are handed over."""
        return GateThresholds(**asdict(self))


@dataclass(frozen=True)
class RuleFinding:
    """One rule, whether it holds, and why, in plain words."""

    rule: str
    holds: bool
    reason: str
    suspects: tuple[str, ...] = ()
    """Features that may know the outcome: whoever reads them is under the same suspicion."""
    is_asked: bool = True
    """A rule that could not be asked refuses nobody."""
    is_warning: bool = False
    """It holds, and whoever uses the model should know all the same."""

    def to_document(self) -> GateFinding:
        """Return the finding as it is handed over."""
        return GateFinding(
            rule=self.rule,
            holds=self.holds,
            is_asked=self.is_asked,
            is_warning=self.is_warning,
            reason=self.reason,
        )


@dataclass(frozen=True)
class Judgement:
    """Every finding on a challenger."""

    findings: tuple[RuleFinding, ...] = field(default_factory=tuple)

    @property
    def is_passed(self) -> bool:
        """Return whether all rules hold."""
        return all(finding.holds for finding in self.findings)

    @property
    def warnings(self) -> list[str]:
        """Return what a user should know of a challenger that is not refused for it."""
        return [finding.reason for finding in self.findings if finding.is_warning]

    @property
    def suspects(self) -> frozenset[str]:
        """Return the features that may know the outcome."""
        return frozenset(name for finding in self.findings for name in finding.suspects)


@dataclass(frozen=True, kw_only=True)
class ScorerEvidence:
    """What is measured of any scorer, be it model, rule or champion."""

    positives: int
    """Of all test rows: too few tell nothing of anybody."""
    base_rate: float
    auc: float | None
    ece: Interval
    slope: Interval
    cells: tuple[CalibrationCell, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evidence(ScorerEvidence):
    """What is measured of a challenger without comparing it with anybody."""

    average_precision: float | None
    strongest: tuple[LoneFeature, ...]
    benchmark: Benchmark
    no_model_because: str | None = None
    """Why a rule stands in the place of a model that could not be fitted."""
    pasts: tuple[PastDate, ...] = ()
    """How it would have done at past dates."""

    @classmethod
    def from_report(
        cls,
        report: EvaluationReport,
        benchmark: Benchmark,
        no_model_because: str | None = None,
        pasts: tuple[PastDate, ...] = (),
    ) -> "Evidence":
        """Read the evidence from an evaluation; benchmark and pasts come from elsewhere."""
        model = report.trained
        return cls(
            positives=report.positives,
            base_rate=report.positives / report.rows,
            auc=model.auc.value,
            average_precision=model.average_precision.value,
            ece=_interval(model.ece),
            slope=_interval(model.calibration_slope),
            cells=report.cells,
            strongest=tuple(
                LoneFeature(one.feature, one.gain_share, one.auc, one.average_precision)
                for one in report.strongest_features
            ),
            benchmark=benchmark,
            no_model_because=no_model_because,
            pasts=pasts,
        )


def evidence_of_scorers(report: EvaluationReport) -> dict[str, ScorerEvidence]:
    """Return what an evaluation measured of every scorer by itself."""
    return {
        name: ScorerEvidence(
            positives=report.positives,
            base_rate=report.positives / report.rows,
            auc=found.auc.value,
            ece=_interval(found.ece),
            slope=_interval(found.calibration_slope),
        )
        for name, found in report.scorers.items()
    }


def _interval(figure: Figure) -> Interval:
    return Interval(figure.value, figure.low, figure.high)
