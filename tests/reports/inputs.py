"""Small inputs of the page, in the shapes that the stages before write."""

from typing import Any

import pandas as pd

from pipeline.reports.model_inputs import ModelInputs
from pipeline.reports.scores import summarize_scores

FIGURES = (
    "auc",
    "average_precision",
    "log_loss",
    "ece",
    "base_rate",
    "mean_propensity",
    "lift_at_10",
    "gain_at_10",
    "gain_at_20",
    "calibration_slope",
)


def interval(value: float) -> dict[str, float]:
    return {"value": value, "low": value / 2, "high": value * 2}


def figures(**values: float) -> dict[str, Any]:
    return {name: interval(values.get(name, 0.25)) for name in FIGURES}


def evaluation() -> dict[str, Any]:
    return {
        "rows": 1000,
        "positives": 50,
        "scorers": {
            "model": figures(log_loss=0.2, lift_at_10=3.2, auc=0.712, gain_at_10=0.32),
            "rfm": figures(log_loss=0.3, lift_at_10=1.5, auc=0.601, gain_at_10=0.15),
            "truth": figures(log_loss=0.1),
        },
        "differences": {name: {"log_loss": interval(-0.1)} for name in ("rfm", "truth")},
        "by_category": {
            "loan": {"rows": 600, "positives": 30, **figures()},
            "mobile": {"rows": 400, "positives": 20, **figures()},
        },
        "naive": {
            "all_rows": {"rows": 3000, **figures(average_precision=0.4)},
            "eligible": figures(average_precision=0.1),
            "inflation": {"auc": 0.1, "average_precision": 0.3, "lift_at_10": -0.5},
        },
        "groups": {
            "gender": [
                {
                    "value": "f",
                    "customers": 400,
                    "positives": 20,
                    "selection_rate": interval(0.12),
                    "lift": interval(3.1),
                    "observed_to_stated": interval(1.05),
                }
            ]
        },
        "achievable_gain_share": {"average_precision": interval(0.4)},
    }


def verdict(decision: str = "promoted", scored_by: str = "model") -> dict[str, Any]:
    return {
        "decision": decision,
        "scored_by": scored_by,
        "in_words": "This is decided. It does not beat rfm: 0.1.",
        "champion": {"version": "abcdef123456"},
        "grade": {"letter": "B"},
        "override": None,
        "findings": [
            {"rule": "beats_rfm", "holds": False, "reason": "It does not beat rfm: 0.1."},
            {"rule": "plausible_auc", "holds": True, "reason": "AUC 0.7 is plausible."},
        ],
    }


def plots() -> dict[str, pd.DataFrame]:
    gain = pd.DataFrame({"share": [0.0, 0.5, 1.0], "gain": [0.0, 0.8, 1.0]})
    lift = pd.DataFrame(
        {"decile": range(1, 11), "lift": [3.2, 2, 1, 1, 1, 0.5, 0.5, 0.4, 0.3, 0.1]}
    )
    calibration = pd.DataFrame(
        {"propensity": [0.1, 0.3], "observed": [0.1, 0.2], "low": [0.05, 0.1], "high": [0.2, 0.4]}
    )
    names = ("model", "rfm", "truth")
    baselines = pd.DataFrame(
        {
            "scorer": names,
            "average_precision": [0.3, 0.2, 0.5],
            "average_precision_low": [0.25, 0.1, 0.4],
            "average_precision_high": [0.35, 0.3, 0.6],
        }
    )
    importance = pd.DataFrame(
        {
            "feature": ["surveys__last_nps", "product_history__spend__30d", "surveys__asked__90d"],
            "gain_share": [0.5, 0.3, 0.2],
        }
    )
    return {
        "gain": pd.concat([gain.assign(scorer=name) for name in names]),
        "lift_by_decile": pd.concat([lift.assign(scorer=name) for name in names]),
        "calibration": pd.concat([calibration.assign(scorer=name) for name in names]),
        "baselines": baselines,
        "importance": importance,
    }


def scores() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "category": ["loan"] * 10 + ["mobile"] * 2,
            "propensity": [0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.2],
            "decile": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 1],
            "base_rate": [0.1] * 10 + [0.2] * 2,
        }
    )


def model_inputs(**changes: Any) -> ModelInputs:
    given: dict[str, Any] = {
        "evaluation": evaluation(),
        "verdict": verdict(),
        "population": {"left_out": [{"category": "tea", "outcomes": 3}]},
        "plots": plots(),
        "scores": summarize_scores(scores()),
        "descriptions": {"surveys__last_nps": "Last NPS score"},
    }
    return ModelInputs(**{**given, **changes})


def population() -> dict[str, Any]:
    rows = {
        "train": {"all": 10, "eligible": 9, "positives": 4},
        "scoring": {"all": 5, "eligible": 5, "positives": 0},
    }
    return {
        "as_of_dates": {
            "scoring": ["2026-03-01"],
            "test": ["2026-02-01"],
            "train": ["2025-11-01", "2025-12-01"],
            "validation": ["2026-01-01"],
        },
        "customers": 4,
        "models": {
            "cross_sell": {"left_out": [], "rows": rows},
            "up_sell": {"left_out": [], "rows": rows},
        },
    }


def validation() -> dict[str, Any]:
    return {
        "coverage": {"start": "2024-01-01", "end": "2026-02-28"},
        "missing_tables": ["surveys"],
        "tables": {
            "customers": {
                "rows_in": 12,
                "valid": 10,
                "quarantined": 2,
                "quarantined_share": 2 / 12,
                "by_rule": {"unique:customer_id": 1, "not_null:customer_id": 1},
                "expectations": {
                    "at least 50 rows": {"success": False, "severity": "warning", "observed": 10},
                    "few quarantined": {"success": True, "severity": "critical", "observed": 0.1},
                },
            }
        },
    }
