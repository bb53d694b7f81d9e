"""Small inputs of the page: the documents that the stages before hand over."""

from datetime import date
from typing import Any

import pandas as pd

from pipeline.foundation.contracts.hand_overs.backtest_study import BacktestStudy
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.drift_report import (
    DriftFinding,
    DriftReport,
    FamilyDrift,
    TableVolume,
)
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.measurement_report import MeasurementReport
from pipeline.foundation.contracts.hand_overs.package_manifest import PackageManifest
from pipeline.foundation.contracts.hand_overs.population_report import (
    LeftOutCategory,
    PopulationReport,
)
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.provenance import Provenance
from pipeline.foundation.contracts.hand_overs.segments_report import SegmentsReport
from pipeline.foundation.contracts.hand_overs.validation_report import ValidationReport
from pipeline.offers.campaign_plan import PlanGroup
from pipeline.reports.page.model_inputs import ModelInputs
from pipeline.reports.page.page_inputs import PageInputs, PageLinks
from pipeline.reports.page.planner_inputs import Exploration, PlannerInputs
from pipeline.reports.page.recommendation_inputs import (
    HeldProduct,
    ProductSet,
    RecommendationTables,
    Thresholds,
)
from pipeline.reports.page.score_summary import summarize_scores
from pipeline.reports.page.wave_tables import ShownProduct, WaveTables

SCORES = (
    "auc",
    "average_precision",
    "log_loss",
    "brier",
    "ece",
    "base_rate",
    "mean_propensity",
    *(f"{what}_at_{top}" for what in ("lift", "gain") for top in (1, 5, 10, 20)),
)
UNKNOWN = Figure(value=None, low=None, high=None)


def interval(value: float) -> dict[str, float]:
    return {"value": value, "low": value / 2, "high": value * 2}


def figures(**values: float) -> dict[str, Any]:
    return {name: interval(values.get(name, 0.25)) for name in SCORES}


def scorer(**values: float) -> dict[str, Any]:
    ranking = {name: interval(0.25) for name in ("hit_at_1", "map_at_3", "ndcg_at_5")}
    line = {name: interval(0.25) for name in ("calibration_slope", "calibration_intercept")}
    return {**figures(**values), **line, "ranking": {**ranking, "lists_with_a_positive": 45}}


def rates(part: str | int, ratio: float) -> dict[str, Any]:
    return {
        "part": part,
        "rows": 600,
        "positives": 30,
        "propensity": 0.04,
        "observed": interval(0.05),
        "ratio": interval(ratio),
    }


def group(value: str, customers: int, positives: int, **given: Any) -> dict[str, Any]:
    counts = {"value": value, "customers": customers, "rows": 2 * customers, "positives": positives}
    return {**counts, "base_rate": interval(0.05), **given}


def naive(average_precision: float) -> dict[str, Any]:
    given = {"average_precision": interval(average_precision)}
    return {"auc": interval(0.25), "lift_at_10": interval(0.25), **given}


def cell(part: str, ratio: float) -> dict[str, Any]:
    return {
        "by": "category",
        "part": part,
        "rows": 600,
        "outcomes": round(30 * ratio),
        "expected": 30.0,
        "ratio": interval(ratio),
        "p_value": 0.2,
        "p_value_of_all": 0.2,
        "verdict": "within chance",
    }


def evaluation(**changes: Any) -> EvaluationReport:
    differences = {one: interval(-0.1) for one in ("auc", "average_precision", "log_loss")}
    content: dict[str, Any] = {
        "model": "up_sell",
        "version": "abcdef123456",
        "population": "eligible rows of the out-of-time test",
        "as_of_dates": ("2026-02-01",),
        "rows": 1000,
        "positives": 50,
        "customers": 700,
        "bootstrap_replicates": 200,
        "absent_baselines": (),
        "scorers": {
            "model": scorer(log_loss=0.2, lift_at_10=3.2, auc=0.712, gain_at_10=0.32),
            "rfm": scorer(log_loss=0.3, lift_at_10=1.5, auc=0.601, gain_at_10=0.15),
            "truth": scorer(log_loss=0.1),
        },
        "differences": dict.fromkeys(("rfm", "truth"), differences),
        "by_category": {
            "loan": {"rows": 600, "positives": 30, **figures()},
            "mobile": {"rows": 400, "positives": 20, **figures()},
        },
        "naive": {
            "all_rows": {"rows": 3000, **naive(average_precision=0.4)},
            "eligible": naive(average_precision=0.1),
            "inflation": {"auc": 0.1, "average_precision": 0.3, "lift_at_10": -0.5},
        },
        "groups": {
            "gender": (
                group(
                    "f",
                    400,
                    20,
                    selection_rate=interval(0.12),
                    lift=interval(3.1),
                    observed_to_predicted=interval(1.05),
                ),
                group(
                    "m",
                    300,
                    90,
                    expected=64.3,
                    selection_rate=interval(0.2),
                    lift=interval(2.0),
                    observed_to_predicted={"value": 1.4, "low": 1.1, "high": 1.7},
                ),
            )
        },
        "calibration": {
            "category": (rates("loan", 1.25),),
            "decile": (rates(1, 0.9), rates(2, 1.1)),
            "tier": (),
        },
        "cells": (cell("loan", 1.25),),
        "achievable_gain_share": dict.fromkeys(("average_precision", "log_loss"), interval(0.4)),
        "strongest_features": (),
        "drift": {"limit": 0.25, "score": 0.02, "features": ()},
    }
    return EvaluationReport.model_validate(content | changes)


def verdict(
    decision: str = "promoted", scored_by: str = "model", **changes: Any
) -> PromotionVerdict:
    identity = {"name": "up_sell", "kind": "blend", "version": "abcdef123456"}
    content: dict[str, Any] = {
        "model": "up_sell",
        "source": "simulated",
        "decision": decision,
        "scored_by": scored_by,
        "in_words": "This is decided. It does not beat rfm: 0.1.",
        "challenger": identity,
        "champion": identity,
        "champion_before": None,
        "why_the_champion_could_not_score": None,
        "grade": {
            "letter": "B",
            "in_words": "Grade B.",
            "best_simple_rule": "rfm",
            "times_as_many": 1.4,
            "at_least": 1.3,
        },
        "override": None,
        "backtest": {"as_of_date": None, "auc": None, "missing_because": "no backtest was made"},
        "rules": {
            "confidence": 0.95,
            "max_auc": 0.95,
            "max_auc_jump": 0.05,
            "max_ece_share": 0.2,
            "max_gain_share": 0.5,
            "max_lone_share": 0.7,
            "min_positives": 100,
            "min_slope": 0.8,
            "max_slope": 1.25,
        },
        "findings": (
            finding("beats_rfm", "It does not beat rfm: 0.1.", holds=False),
            finding("plausible_auc", "AUC 0.7 is plausible."),
            finding("no_jump", "The backtest was not asked.", is_asked=False),
        ),
    }
    return PromotionVerdict.model_validate(content | changes)


def finding(rule: str, reason: str, *, holds: bool = True, is_asked: bool = True) -> dict[str, Any]:
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


def backtest_study() -> BacktestStudy:
    return BacktestStudy.model_validate(
        {
            "made_from": {
                "source": "simulated",
                "statement": "A company.",
                "customers": 5,
                "gap_days": 0,
                "outcome_days": 28,
            },
            "dates": ("2025-11-01", "2025-12-01"),
            "auc": [
                {"as_of_date": "2025-11-01", "value": 0.7, "low": 0.68, "high": 0.72},
                {"as_of_date": "2025-12-01", "value": 0.72, "low": 0.7, "high": 0.74},
            ],
            "ageing": (),
            "stability": (),
            "base_rates": {},
        }
    )


def model_inputs(**changes: Any) -> ModelInputs:
    given: dict[str, Any] = {
        "evaluation": evaluation(),
        "verdict": verdict(),
        "left_out": (LeftOutCategory(category="tea", outcomes=3),),
        "pooled": (LeftOutCategory(category="pet", outcomes=60),),
        "plots": plots(),
        "scores": summarize_scores(scores()),
        "backtest": backtest_study(),
        "descriptions": {"surveys__last_score": "Last score of any instrument"},
    }
    return ModelInputs(**{**given, **changes})


def population() -> PopulationReport:
    rows = {
        "train": {"all": 10, "eligible": 9, "positives": 4},
        "scoring": {"all": 5, "eligible": 5, "positives": 0},
    }
    asked = {"candidates": ("loan", "mobile"), "left_out": (), "rows": rows}
    content = {
        "as_of_dates": {
            "scoring": ("2026-03-01",),
            "test": ("2026-02-01",),
            "train": ("2025-11-01", "2025-12-01"),
            "validation": ("2026-01-01",),
        },
        "customers": 4,
        "models": {"cross_sell": asked, "up_sell": asked},
    }
    return PopulationReport.model_validate(content)


def features(**switched_off: str) -> FeaturesReport:
    counts = {"customer": 2, "candidate": 1}
    return FeaturesReport.model_validate(
        {"families": {"product_history": counts}, "switched_off": switched_off}
    )


def validation(**changes: Any) -> ValidationReport:
    content: dict[str, Any] = {
        "verdict": "passed",
        "coverage": {"start": "2024-01-01", "end": "2026-02-28", "latest": "2026-03-28"},
        "missing_tables": ("surveys",),
        "tables": {
            "customers": {
                "rows_in": 12,
                "valid": 10,
                "quarantined": 2,
                "quarantined_share": 2 / 12,
                "cascaded": 0,
                "by_rule": {"unique:customer_id": 1, "not_null:customer_id": 1},
                "expectations": {
                    "at least 50 rows": {"success": False, "severity": "warning", "observed": 10},
                    "few quarantined": {"success": True, "severity": "critical", "observed": 0.1},
                },
            }
        },
    }
    return ValidationReport.model_validate(content | changes)


def funnel(**changes: Any) -> FunnelReport:
    steps = [("consent", 10, 2), ("bounced", 8, 0), ("no_offer_worth_its_cost", 8, 1)]
    steps += [("universal_control", 7, 1), ("campaign_control", 6, 2)]
    content: dict[str, Any] = {
        "wave": "w20260301",
        "as_of_date": "2026-03-01",
        "customers": 10,
        "funnel": [
            {"step": name, "came": came, "fell": fell, "stayed": came - fell}
            for name, came, fell in steps
        ],
        "touched_by_rule": {"consent": 9, "bounced": 0},
        "rules_switched_off": ("open_incident",),
        "remedies": {},
        "offers": {
            "sent": 4,
            "contact_cost_cents": 1250,
            "by_model": {"cross_sell": 3, "up_sell": 1},
            "by_category": {"loan": 1, "pet_food": 3},
            "by_channel": {"email": 4},
            "arms": {
                "w20260301-cross_sell campaign_control": 2,
                "w20260301-cross_sell treated": 3,
                "w20260301-up_sell treated": 1,
                "w20260301-up_sell universal_control": 1,
            },
            "outlook": {
                "email": {
                    "contacts": 4,
                    "predicted_sales": 9.5,
                    "predicted_sales_value_cents": 2907,
                    "contact_cost_cents": 1250,
                    "incremental_profit_cents": 98765,
                    "break_even_share": 0.43,
                }
            },
        },
        "claim": {
            "decided_by": "effect",
            "contacted": 4,
            "explored": 1,
            "take_ups_predicted": 9.5,
            "take_ups_caused": {"value": 1.5, "low": 0.5, "high": 2.5},
            "incremental_profit_cents": {"value": 98765, "low": -1200, "high": 150000},
            "contact_cost_cents": 1250,
            "origins": {"assumed": 1, "observational": 3},
            "statement": "The contacts are expected to cause 2 take-ups.",
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
    return FunnelReport.model_validate(content | changes)


def segments(**changes: Any) -> SegmentsReport:
    group = {"customers": 5, "mean_spend_cents_365d": 12345, "mean_value_12m_cents": 20000}
    errors = {"mean_absolute_error": 5000.0, "mean_prediction": 20000.0}
    forecast = {
        "estimators": {
            "boosted_trees": {**errors, "root_mean_squared_error": 9000.0},
            "own_mean": {**errors, "root_mean_squared_error": 8000.0},
        },
        "observed_mean": 21000.0,
        "used": "own_mean",
    }
    held = {"confidence": 0.8, "coverage_on_other_half": 0.79}
    content: dict[str, Any] = {
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
            "value_12m_cents": {**forecast, "interval": held},
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
    return SegmentsReport.model_validate(content | changes)


def no_measurement(**changes: Any) -> MeasurementReport:
    content: dict[str, Any] = {
        "responses": {"rows": 0, "counted": 0, "orders_without_amount": 0, "findings": {}},
        "waves": {},
        "in_words": ["No wave has been sealed yet.", "No responses; see `data/responses`."],
    }
    return MeasurementReport.model_validate(content | changes)


def measurement(**changes: Any) -> MeasurementReport:
    estimate = {
        "treated": 0.04,
        "control": 0.03,
        "difference": interval(0.01),
        "ratio": interval(1.3),
    }
    names = ("opened", "clicked", "redeemed", "take_up", "unsubscribed")
    shares = dict.fromkeys(names, interval(0.04))
    customers = {"treated_customers": 7, "control_customers": 3}
    content: dict[str, Any] = {
        "responses": {
            "rows": 20,
            "counted": 18,
            "orders_without_amount": 1,
            "findings": {"unknown_customer": {"rows": 2, "counted": 0}},
        },
        "waves": {
            "w20260101": {
                "as_of_date": "2026-01-01",
                "arms": {"campaign_control": {"customers": 3, "revenue_cents": 500, **shares}},
                "customers": 10,
                "conclusion": {
                    "ranks": None,
                    "campaign": "nothing",
                    "sentences": ("The campaign causes nothing that shows.",),
                },
                "effects": [
                    {
                        "control": "campaign_control",
                        "outcome": "take_up",
                        "is_adjusted": False,
                        **customers,
                        "raw": estimate,
                        "adjusted": estimate | {"treated": 0.05},
                        "total": interval(0.07),
                    }
                ],
                "truth": {"take_up": {"value": 0.006, "is_covered": True}},
                "by_campaign": {},
                "detectable_uplift": None,
                "break_even_uplift": None,
                "halves": estimate,
                "calibration": {},
                "breakdown": {},
                "rankings": {"has_earned_it": False, "in_words": "Propensity stays the ranking."},
                "deciles": [
                    {
                        "decile": 1,
                        "propensity": 0.09,
                        "treated": interval(0.12),
                        "control": interval(0.1),
                        "uplift": UNKNOWN,
                        "lift": None,
                        **customers,
                    }
                ],
            },
            "w20260201": {"as_of_date": "2026-02-01", "arms": {"no_offer": 3, "treated": 7}},
        },
        "in_words": ["w20260101: The campaign causes nothing that shows."],
    }
    return MeasurementReport.model_validate(content | changes)


def manifest(**changes: Any) -> PackageManifest:
    content: dict[str, Any] = {
        "profile": "generic",
        "as_of_date": "2026-03-01",
        "direction": "1 is best",
        "models": {},
        "missing_tables": (),
        "switched_off_feature_families": {},
        "content_id": "0123456789abcdef",
        "loading": "Load offers.csv to send.",
        "waves": ("w20260301",),
        "valid_from": "2026-03-01",
        "valid_until": "2026-03-28",
        "arms": {"campaign_control": 2, "treated": 4},
        "effects": {"observational": 7},
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
    return PackageManifest.model_validate(content | changes)


def recommendations() -> RecommendationTables:
    return RecommendationTables(
        top_products=[HeldProduct("Kettle (P1)", 4, 0.4)],
        bought_together=[
            ProductSet(["Kettle (P1)", "Tea (P2)"], 40, Figure(value=2.1, low=1.4, high=3.1))
        ],
        bought_next=[],
        bundles=[],
        hooks=[],
        thresholds=Thresholds(looked_at=2, paying=0),
        lists={"loyal": {"reminder": 0.75, "novelties": 0.25}},
    )


def planner() -> PlannerInputs:
    """Four customers, of whom three pay by e-mail at 1.00 and one by phone at 9.50 costs more."""
    both = {"email": 0.5, "phone": 1.0}
    return PlannerInputs(
        groups=[
            PlanGroup(3, 6.25, 2000.0, both, {"email": 60000.0, "phone": 62000.0}),
            PlanGroup(1, 3.25, 907.0, {"phone": 0.5}, {"phone": 40015.0}),
        ],
        costs_cents={"email": 100, "phone": 950},
        exploration=Exploration(contacts=3, at_a_loss=2, lost_cents=1234.0),
        assumed_share=0.08,
    )


def wave_tables() -> WaveTables:
    by_stage = pd.DataFrame(
        {
            "segment": ["loyal", "loyal", "loyal"],
            "category": ["loan", "pet_food", "pet_food"],
            "channel": ["email", "email", "phone"],
            "contacts": [1, 2, 1],
            "sales": [2.0, 4.0, 3.5],
            "cost_cents": [100.0, 200.0, 950.0],
            "adds_cents": [20000.0, 40000.0, 38765.0],
        }
    )
    return WaveTables(
        by_segment={"lifecycle_stage": by_stage},
        examples=["C1 in wave w20260301 is to be contacted.\nOffer: P1 of loan."],
        shown={"loyal": [ShownProduct("Kettle", 3, "reminder")]},
    )


def drift(*, stops: bool = False) -> DriftReport:
    """Return a still company, whose one finding is only to be looked at, or stops the wave."""
    reason = "surveys: 120 rows in the 28 days before 2026-03-01, where 250 are usual."
    return DriftReport(
        scoring_as_of_date=date(2026, 3, 1),
        tables={
            "surveys": TableVolume(
                silent_days=0, longest_silence_days=3, rows=120, usual_rows=250.0
            )
        },
        families={
            "surveys": FamilyDrift(features=8, moved=0, strongest=None, psi=None, usual_psi=None)
        },
        new_categories={},
        findings=(DriftFinding(reason=reason, stops=stops),),
    )


def page_inputs() -> PageInputs:
    return PageInputs(
        provenance=Provenance(source="simulated", statement="Nobody in it exists."),
        validation=validation(),
        drift=drift(),
        population=population(),
        features=features(),
        funnel=funnel(),
        measurement=measurement(),
        segments=segments(),
        manifests={"generic": manifest()},
        models={name: model_inputs() for name in ("up_sell", "cross_sell")},
        recommendations=recommendations(),
        planner=planner(),
        wave=wave_tables(),
        rule_limits={},
        links=PageLinks(
            campaign="index.html",
            models="models.html",
            measurement="measurement.md",
            recommendations=[("All associations", "associations/README.md")],
            cards=dict.fromkeys(("up_sell", "cross_sell"), "card.md"),
        ),
    )
