"""The headline metrics of an evaluation: the figures that runs are compared by."""

from pipeline.evaluation.out_of_time import TRUTH
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.contracts.hand_overs.headline_metrics import HeadlineMetrics

HEADLINE = (
    "auc",
    "average_precision",
    "log_loss",
    "brier",
    "ece",
    "base_rate",
    "mean_propensity",
    "lift_at_1",
    "lift_at_5",
    "lift_at_10",
    "lift_at_20",
    "gain_at_10",
    "calibration_slope",
)
INFLATED = ("auc", "average_precision", "lift_at_10")


def headline(report: EvaluationReport) -> HeadlineMetrics:
    """Return the figures, flat, for `dvc metrics diff`."""
    model, ranking, naive = report.trained, report.trained.ranking, report.naive
    figures: dict[str, float | int | None] = {
        "rows": report.rows,
        "positives": report.positives,
        **{name: model.figure(name).value for name in HEADLINE},
        "hit_at_1": ranking.hit_at_1.value,
        "map_at_3": ranking.map_at_3.value,
        "ndcg_at_5": ranking.ndcg_at_5.value,
        "ece_share": _share(model.ece.value, model.base_rate.value),
        "calibration_intercept": model.calibration_intercept.value,
        "naive_auc": naive.all_rows.auc.value,
        "naive_lift_at_10": naive.all_rows.lift_at_10.value,
        **{f"inflation_{name}": naive.inflation.figure(name) for name in INFLATED},
        "score_psi": report.drift.score,
    }
    for name, difference in report.differences.items():
        if name != TRUTH:
            figures[f"log_loss_over_{name}"] = difference.log_loss.value
    reached = report.achievable_gain_share
    if reached is not None:
        figures["achievable_gain_share_log_loss"] = reached.log_loss.value
        figures["achievable_gain_share_average_precision"] = reached.average_precision.value
    return HeadlineMetrics(figures)


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else round(part / whole, 6)
