"""Rules of the gate, and what is known of a challenger that breaks none of them."""

from datetime import date

from pipeline.evaluation.single_feature import LoneFeature
from pipeline.promotion.backtest_benchmark import Benchmark
from pipeline.promotion.rules import Evidence, GateRules
from pipeline.statistics.bootstrap import Interval

RULES = GateRules(
    confidence=0.95,
    max_auc=0.95,
    min_positives=100,
    min_slope=0.8,
    max_slope=1.25,
    max_ece_share=0.2,
    max_cell_error_share=0.1,
    max_gain_share=0.6,
    max_lone_share=0.9,
    max_auc_jump=0.05,
)
MODEST_BACKTEST = Benchmark(date(2026, 1, 1), Interval(0.74, 0.72, 0.76))
SOUND = Evidence(
    positives=500,
    base_rate=0.05,
    auc=0.75,
    average_precision=0.2,
    ece=Interval(0.004, 0.002, 0.006),
    slope=Interval(0.95, 0.9, 1.0),
    strongest=(LoneFeature("recency", 0.4, 0.72, 0.15), LoneFeature("spend", 0.3, 0.6, 0.06)),
    benchmark=Benchmark(date(2026, 1, 1), Interval(0.9, 0.88, 0.92)),
)
