"""What the stages before wrote of one model, as the page reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.foundation.contracts.hand_overs.backtest_study import BacktestStudy
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.contracts.hand_overs.population_report import LeftOutCategory
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.reports.page.score_summary import ScoreSummary


@dataclass(frozen=True)
class ModelInputs:
    """What the stages before wrote of one model."""

    evaluation: EvaluationReport
    verdict: PromotionVerdict
    left_out: tuple[LeftOutCategory, ...]
    pooled: tuple[LeftOutCategory, ...]
    plots: Mapping[str, pd.DataFrame]
    """By name, as `evaluate` writes them to reports/plots/<model>."""
    scores: ScoreSummary
    backtest: BacktestStudy | None
    """The procedure at dates of the past, where somebody asked for it."""
    descriptions: Mapping[str, str]
    """Feature column → what it measures."""

    @property
    def importance(self) -> pd.DataFrame:
        """Return feature and gain_share, the greatest first."""
        return self.plots["importance"]
