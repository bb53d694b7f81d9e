"""reports/studies/<source>/backtest_<model>.json: the procedure at every date of the past."""

from collections.abc import Mapping
from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document


class RunOrigin(Document):
    """What a run was made from, so that a figure of other data is recognised."""

    source: str
    statement: str
    customers: int
    gap_days: int
    outcome_days: int


class DatedFigure(Document):
    """A figure with its 95% confidence interval at one as-of date."""

    as_of_date: date
    value: float | None
    low: float | None
    high: float | None


class ModelAgeing(Document):
    """What an older model loses against a fresh one on the same rows."""

    model_of: date
    as_of_date: date
    age_days: int
    snapshots_seen: int
    auc_difference: float | None
    auc_difference_low: float | None
    auc_difference_high: float | None
    average_precision_difference: float | None
    average_precision_difference_low: float | None
    average_precision_difference_high: float | None
    log_loss_difference: float | None
    log_loss_difference_low: float | None
    log_loss_difference_high: float | None


class RankingStability(Document):
    """How much of the top decile stays from the date before."""

    as_of_date: date
    top_decile_overlap: float
    overlap_on_same_rows: float
    score_psi: float


class LevelMethodAtDate(Document):
    """The fresh model of a date with its categories' levels set by one method."""

    as_of_date: date
    levels: str
    """`forecast`, `last_rate` or `shift`."""
    is_forecast: bool
    """Whether the forecast was taken up; where it was not, it is the shift."""
    categories: int
    cells_off: int
    """Categories off at 5%, each tested by itself."""
    base_rate: float | None
    log_loss: float | None
    log_loss_difference: float | None
    """The forecast's minus this method's."""
    log_loss_difference_low: float | None
    log_loss_difference_high: float | None
    ece: float | None
    ece_difference: float | None
    ece_difference_low: float | None
    ece_difference_high: float | None
    calibration_slope: float | None


class BacktestStudy(Document):
    """The facts of a backtest."""

    made_from: RunOrigin
    dates: tuple[date, ...]
    auc: tuple[DatedFigure, ...]
    ageing: tuple[ModelAgeing, ...]
    stability: tuple[RankingStability, ...]
    base_rates: Mapping[date, float]
    levels: tuple[LevelMethodAtDate, ...] = ()
    """A backtest of before has none."""
