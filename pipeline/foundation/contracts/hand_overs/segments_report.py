"""reports/segments.json: how many customers are in which segment, and how well forecasts did."""

from collections.abc import Mapping
from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document


class SegmentMeans(Document):
    """The customers of one segment."""

    customers: int
    mean_spend_cents_365d: int
    mean_value_12m_cents: int


class ForecastErrors(Document):
    """One estimator out of time, in the target's unit."""

    mean_absolute_error: float
    root_mean_squared_error: float
    mean_prediction: float


class PredictionInterval(Document):
    """What the interval of a forecast claims, and what it holds."""

    confidence: float
    coverage_on_other_half: float
    """Of customers that were not used to set it."""


class TargetForecast(Document):
    """The estimators of one target, and which is used."""

    estimators: Mapping[str, ForecastErrors]
    observed_mean: float
    used: str
    interval: PredictionInterval | None = None
    """Absent where no interval is forecast."""


class ForecastsReport(Document):
    """How value and return rate are forecast."""

    learnt_on: date
    tested_on: date
    horizon_days: int
    note: str
    value_12m_cents: TargetForecast
    return_rate: TargetForecast


class NextPurchaseReport(Document):
    """How far expected purchase days were off, out of time."""

    population_gap_days: float
    expected: int
    """Customers with an expected day."""
    bought_within_horizon: int
    median_days_off: float | None
    median_days_off_by_the_population_gap: float | None
    share_that_came_by_the_expected_day: float | None


class SegmentsReport(Document):
    """The customers as of the scoring date."""

    as_of_date: date
    customers: int
    buyers: int
    buyers_below_mean_spend: int
    with_next_purchase: int
    customer_type: Mapping[str, int]
    lifecycle_stage: Mapping[str, SegmentMeans]
    rfm_segment: Mapping[str, SegmentMeans]
    forecasts: ForecastsReport
    next_purchase: NextPurchaseReport
