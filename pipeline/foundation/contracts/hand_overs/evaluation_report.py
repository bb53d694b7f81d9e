"""reports/evaluation/<model>.json: every figure on the out-of-time test, with its interval."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pipeline.foundation.contracts.hand_overs.document import Document, Figure

CellVerdict = Literal["off", "within chance", "too small to tell"]
POOLED = " + "
"""Stands between the names of small cells that were looked at together."""
OFF: CellVerdict = "off"
WITHIN_CHANCE: CellVerdict = "within chance"
TOO_SMALL: CellVerdict = "too small to tell"


class RankingFigures(Document):
    """How well each customer's own list of categories is ordered."""

    hit_at_1: Figure
    map_at_3: Figure
    ndcg_at_5: Figure
    lists_with_a_positive: int
    """Customers with at least one outcome: others cannot be ranked rightly or wrongly."""


class ScoreFigures(Document):
    """Discrimination and calibration of one set of propensities."""

    auc: Figure
    average_precision: Figure
    log_loss: Figure
    """Nats per row."""
    brier: Figure
    ece: Figure
    """Expected calibration error over 20 equal-count bins."""
    base_rate: Figure
    mean_propensity: Figure
    lift_at_1: Figure
    lift_at_5: Figure
    lift_at_10: Figure
    """Response in the top 10% ÷ base rate."""
    lift_at_20: Figure
    gain_at_1: Figure
    gain_at_5: Figure
    gain_at_10: Figure
    """Share of all responders in the top 10%."""
    gain_at_20: Figure

    def figure(self, name: str) -> Figure:
        """Return the figure of this name."""
        found: Figure = getattr(self, name)
        return found


class ScorerFigures(ScoreFigures):
    """All that is measured of one scorer: the model, a baseline, or the simulator's truth."""

    calibration_slope: Figure
    """Of the logistic calibration line; 1 is perfect, below 1 is overconfident."""
    calibration_intercept: Figure
    """Log-odds; 0 is perfect, above 0 more happened than was predicted."""
    ranking: RankingFigures


class CategoryFigures(ScoreFigures):
    """The model on the rows of one category."""

    rows: int
    positives: int


class ScorerDifferences(Document):
    """The model's figure minus another scorer's, on the same bootstrap draws."""

    auc: Figure
    average_precision: Figure
    log_loss: Figure


class SegmentCalibration(Document):
    """Predicted against observed rates of one segment of the rows."""

    part: int | str
    """The decile (1 is best), the tier held or the category."""
    rows: int
    positives: int
    propensity: float
    """Mean predicted."""
    observed: Figure
    ratio: Figure
    """Observed ÷ predicted."""


class CalibrationBySegment(Document):
    """Reliability by segment."""

    decile: tuple[SegmentCalibration, ...]
    category: tuple[SegmentCalibration, ...]
    tier: tuple[SegmentCalibration, ...]
    """Empty where nothing is held."""


class CalibrationCell(Document):
    """Outcomes against what was expected in one part of the rows, tested beside all other parts."""

    by: str
    """The kind of part, such as category or tenure."""
    part: str
    """Parts with few outcomes are pooled, and their names with them."""
    rows: int
    outcomes: int
    expected: float
    ratio: Figure
    """Observed ÷ predicted."""
    p_value: float
    """Of the cell alone: exact Poisson test."""
    p_value_of_all: float
    """Corrected for all cells of all kinds (Holm)."""
    verdict: CellVerdict


class GroupFigures(Document):
    """Selection and calibration for one value of a declared customer attribute."""

    value: str
    customers: int
    rows: int
    positives: int
    base_rate: Figure
    selection_rate: Figure
    """Share of the rows that stand in the top decile of their category."""
    lift: Figure
    """Response among the selected ÷ the group's own base rate."""
    observed_to_predicted: Figure
    """Observed ÷ predicted."""
    expected: float | None = None
    """Outcomes predicted: the propensities of the rows, added up."""


class NaiveFigures(Document):
    """The figures that are compared between eligible rows and all rows."""

    auc: Figure
    average_precision: Figure
    lift_at_10: Figure

    def figure(self, name: str) -> Figure:
        """Return the figure of this name."""
        found: Figure = getattr(self, name)
        return found


class NaiveFiguresOfAll(NaiveFigures):
    """The same over all rows, eligible or not."""

    rows: int


class Inflation(Document):
    """All rows minus eligible rows; null where one of them is undefined."""

    auc: float | None
    average_precision: float | None
    lift_at_10: float | None

    def figure(self, name: str) -> float | None:
        """Return the difference in the figure of this name."""
        found: float | None = getattr(self, name)
        return found


class NaiveComparison(Document):
    """What counting customers who could not be asked would have changed."""

    all_rows: NaiveFiguresOfAll
    eligible: NaiveFigures
    inflation: Inflation


class AchievableShares(Document):
    """(model - base rate) ÷ (simulated truth - base rate): 1 is all that can be learnt."""

    log_loss: Figure
    average_precision: Figure


class StrongFeature(Document):
    """A feature the trees gained most from, and how well it ranks alone."""

    feature: str
    gain_share: float
    auc: float
    average_precision: float


class FeatureDrift(Document):
    """Population stability index of one feature, test against training rows."""

    feature: str
    psi: float


class Drift(Document):
    """Population stability index (PSI) of scores and strongest features."""

    score: float
    limit: float
    """The alert limit."""
    features: tuple[FeatureDrift, ...]


class EvaluationReport(Document):
    """One model's evaluation on the out-of-time test."""

    model: str
    version: str
    population: str
    """Which rows count, in words."""
    as_of_dates: tuple[date, ...]
    rows: int
    positives: int
    customers: int
    bootstrap_replicates: int
    absent_baselines: tuple[str, ...]
    """Baselines that the source's tables did not allow."""
    scorers: Mapping[str, ScorerFigures]
    differences: Mapping[str, ScorerDifferences]
    """By the other scorer."""
    by_category: Mapping[str, CategoryFigures]
    calibration: CalibrationBySegment
    cells: tuple[CalibrationCell, ...] = ()
    """All that were tested together; an evaluation of before has none."""
    groups: Mapping[str, tuple[GroupFigures, ...]]
    """By declared attribute."""
    naive: NaiveComparison
    achievable_gain_share: AchievableShares | None
    """Null where no truth is known."""
    strongest_features: tuple[StrongFeature, ...]
    drift: Drift

    @property
    def trained(self) -> ScorerFigures:
        """Return the figures of the trained model."""
        return self.scorers["model"]

    def by_log_loss(self) -> list[str]:
        """Return the scorers, the best log loss first."""
        return sorted(
            self.scorers, key=lambda name: (self.scorers[name].log_loss.value or 0.0, name)
        )
