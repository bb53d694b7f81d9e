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
    "calibration_intercept",
)


def interval(value: float) -> dict[str, float]:
    return {"value": value, "low": value / 2, "high": value * 2}


def figures(**values: float) -> dict[str, Any]:
    return {name: interval(values.get(name, 0.25)) for name in FIGURES}


def rates(part: str, ratio: float) -> dict[str, Any]:
    return {
        "part": part,
        "rows": 600,
        "positives": 30,
        "propensity": 0.04,
        "observed": interval(0.05),
        "ratio": interval(ratio),
    }


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
                    "observed_to_predicted": interval(1.05),
                },
                {
                    "value": "m",
                    "customers": 300,
                    "positives": 30,
                    "selection_rate": interval(0.2),
                    "lift": interval(2.0),
                    "observed_to_predicted": {"value": 1.4, "low": 1.1, "high": 1.7},
                },
            ]
        },
        "calibration": {
            "category": [rates("loan", 1.25)],
            "decile": [rates("1", 0.9), rates("2", 1.1)],
            "tier": [],
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
            _finding("beats_rfm", "It does not beat rfm: 0.1.", holds=False),
            _finding("plausible_auc", "AUC 0.7 is plausible."),
            _finding("no_jump", "The backtest was not asked.", is_asked=False),
        ],
    }


def _finding(
    rule: str, reason: str, *, holds: bool = True, is_asked: bool = True
) -> dict[str, Any]:
    return {"rule": rule, "holds": holds, "is_asked": is_asked, "reason": reason}


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
            "feature": [
                "surveys__last_score",
                "product_history__spend__30d",
                "surveys__days_since_asked",
            ],
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
        "descriptions": {"surveys__last_score": "Last score of any instrument"},
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


def funnel() -> dict[str, Any]:
    steps = [("consent", 10, 2), ("bounced", 8, 0), ("no_offer_worth_its_cost", 8, 1)]
    steps += [("universal_control", 7, 1), ("campaign_control", 6, 2)]
    return {
        "wave": "w20260301",
        "as_of_date": "2026-03-01",
        "customers": 10,
        "funnel": [
            {"step": name, "came": came, "fell": fell, "stayed": came - fell}
            for name, came, fell in steps
        ],
        "touched_by_rule": {"consent": 9, "bounced": 0},
        "rules_switched_off": ["open_incident"],
        "remedies": {},
        "offers": {
            "sent": 4,
            "contact_cost_cents": 1250,
            "expected_profit_cents": 98765,
            "by_model": {"cross_sell": 3, "up_sell": 1},
            "by_category": {"loan": 1, "pet_food": 3},
            "by_channel": {"email": 4},
            "arms": {
                "w20260301-cross_sell campaign_control": 2,
                "w20260301-cross_sell treated": 3,
                "w20260301-up_sell treated": 1,
                "w20260301-up_sell universal_control": 1,
            },
        },
        "allocation": {"is_bound_by_limits": False, "value_cents": 100, "bound_cents": 100},
        "sensitivity": {
            "context": {"changed_offers_share": 0.0, "rank_correlation": 1.0},
            "propensity": {"changed_offers_share": 0.25, "rank_correlation": 0.7},
        },
        "sample_size": {
            "w20260301-cross_sell": {
                "customers": 5,
                "control_share": 0.4,
                "base_rate": 0.03,
                "detectable_uplift": 0.02,
                "customers_for_a_tenth_more": 3000,
            },
            "w20260301-up_sell": {
                "customers": 1,
                "control_share": 0.0,
                "base_rate": 0.03,
                "detectable_uplift": None,
                "customers_for_a_tenth_more": None,
            },
        },
    }


def segments() -> dict[str, Any]:
    group = {"customers": 5, "mean_spend_cents_365d": 12345, "mean_value_12m_cents": 20000}
    errors = {"mean_absolute_error": 5000.0, "mean_prediction": 20000.0}
    forecast = {
        "estimators": {
            "boosted_trees": {**errors, "root_mean_squared_error": 9000.0},
            "own_mean": {**errors, "root_mean_squared_error": 8000.0},
        },
        "observed_mean": 21000.0,
        "used": "own_mean",
        "interval": {"confidence": 0.8, "coverage_on_other_half": 0.79},
    }
    return {
        "as_of_date": "2026-03-01",
        "customers": 10,
        "buyers": 8,
        "buyers_below_mean_spend": 6,
        "with_next_purchase": 7,
        "customer_type": {"business": 4, "consumer": 6},
        "lifecycle_stage": {"loyal": group, "visitor": group},
        "rfm_segment": {"at_risk": group, "champions": group},
        "forecasts": {
            "learnt_on": "2024-03-01",
            "tested_on": "2025-03-01",
            "horizon_days": 365,
            "note": "12 months.",
            "value_12m_cents": forecast,
            "return_rate": forecast,
        },
        "next_purchase": {
            "population_gap_days": 22.0,
            "expected": 9,
            "bought_within_horizon": 8,
            "median_days_off": 10.0,
            "median_days_off_by_the_population_gap": 13.0,
            "share_that_came_by_the_expected_day": 0.48,
        },
    }


def no_measurement() -> dict[str, Any]:
    return {
        "responses": {"rows": 0, "counted": 0, "orders_without_amount": 0, "findings": {}},
        "waves": {},
        "in_words": ["No wave has been sealed yet.", "No responses; see `data/responses`."],
    }


def measurement() -> dict[str, Any]:
    estimate = {"treated": 0.04, "control": 0.03, "difference": interval(0.01)}
    shares = dict.fromkeys(("opened", "clicked", "take_up", "unsubscribed"), interval(0.04))
    return {
        "responses": {
            "rows": 20,
            "counted": 18,
            "orders_without_amount": 1,
            "findings": {"unknown_customer": {"rows": 2, "counted": 0}},
        },
        "waves": {
            "w20260101": {
                "as_of_date": "2026-01-01",
                "arms": {"campaign_control": {"customers": 3, **shares}},
                "conclusion": {"sentences": ["The campaign causes nothing that shows."]},
                "effects": [
                    {
                        "control": "campaign_control",
                        "outcome": "take_up",
                        "is_adjusted": False,
                        "raw": estimate,
                        "adjusted": {},
                    }
                ],
                "truth": {"take_up": {"value": 0.006, "is_covered": True}},
                "rankings": {"in_words": "Propensity stays the ranking."},
                "deciles": [
                    {
                        "decile": 1,
                        "propensity": 0.09,
                        "treated": interval(0.12),
                        "control": interval(0.1),
                        "uplift": {"value": None, "low": None, "high": None},
                    }
                ],
            },
            "w20260201": {"as_of_date": "2026-02-01", "arms": {"no_offer": 3, "treated": 7}},
        },
        "in_words": ["w20260101: The campaign causes nothing that shows."],
    }


def manifest() -> dict[str, Any]:
    return {
        "content_id": "0123456789abcdef",
        "loading": "Load offers.csv to send.",
        "waves": ["w20260301"],
        "valid_from": "2026-03-01",
        "valid_until": "2026-03-28",
        "arms": {"campaign_control": 2, "treated": 4},
        "suppressed": {"campaign_control": 2, "consent": 2, "no_offer_worth_its_cost": 1},
        "accounts": {
            "offers.csv": {
                "rows_in": 10,
                "left_out": {"not to be contacted": 6},
                "rejected": 1,
                "rows_out": 3,
            }
        },
        "not_written": {"product_lists.csv": "there are no product lists"},
        "files": {"offers.csv": {"rows": 3, "bytes": 99, "sha256": "ab" * 32}},
    }
