"""Where the pages find what every stage wrote."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.features.declared_family import load_declarations
from pipeline.foundation import paths, stored_tables
from pipeline.foundation.config import ModelName, Params
from pipeline.foundation.contracts.hand_overs.drift_report import DriftReport
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.measurement_report import MeasurementReport
from pipeline.foundation.contracts.hand_overs.package_manifest import PackageManifest
from pipeline.foundation.contracts.hand_overs.population_report import PopulationReport
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.provenance import Provenance
from pipeline.foundation.contracts.hand_overs.segments_report import SegmentsReport
from pipeline.foundation.contracts.hand_overs.validation_report import ValidationReport
from pipeline.io.backtests import read_backtest
from pipeline.io.documents import read_document
from pipeline.io.planner_tables import read_planner_inputs
from pipeline.io.recommendation_tables import read_recommendation_tables
from pipeline.io.shown_products import count_shown
from pipeline.io.wave_tables import read_wave_tables
from pipeline.reports.page.documents import LinkedDocument, page_of
from pipeline.reports.page.model_inputs import ModelInputs
from pipeline.reports.page.page_inputs import PageInputs, PageLinks
from pipeline.reports.page.score_summary import summarize_scores
from pipeline.reports.page.table_documents import tell_thresholds, tell_vouchers

_THRESHOLDS = paths.OFFERS_REPORT / "spend_thresholds.csv"
_VOUCHERS = paths.OFFERS_REPORT / "bounce_back.csv"
_PLOTS = ("gain", "calibration", "lift_by_decile", "baselines", "importance")


def read_page_inputs(params: Params) -> PageInputs:
    """Read the documents, plot tables and scores that the pages show."""
    population = read_document(paths.POPULATION_REPORT, PopulationReport)
    folders = [paths.EXPORTS / name for name in params.exports.profiles]
    shown = count_shown()
    return PageInputs(
        provenance=read_document(paths.PROVENANCE, Provenance),
        validation=read_document(paths.VALIDATION_REPORT, ValidationReport),
        drift=read_document(paths.DRIFT_REPORT, DriftReport),
        population=population,
        features=read_document(paths.FEATURES_REPORT, FeaturesReport),
        funnel=read_document(paths.FUNNEL, FunnelReport),
        measurement=read_document(paths.MEASUREMENT_REPORT, MeasurementReport),
        segments=read_document(paths.SEGMENTS_REPORT, SegmentsReport),
        manifests={
            str(folder): read_document(folder / "manifest.json", PackageManifest)
            for folder in folders
        },
        models={model: _read_model(model, population, params) for model in params.models},
        recommendations=read_recommendation_tables(shown),
        planner=read_planner_inputs(params.decide.contact_costs_cents, params.decide.effect.prior),
        wave=read_wave_tables(shown),
        rule_limits=params.contact_policy.limits,
        links=PageLinks(
            campaign=_seen_from_page(paths.CAMPAIGN_PAGE),
            models=_seen_from_page(paths.MODELS_PAGE),
            measurement=page_of(_seen_from_page(paths.MEASUREMENT_PAGE)),
            recommendations=_recommendation_links(),
            cards={
                model: page_of(_seen_from_page(paths.MODEL_CARDS / f"{model}.md"))
                for model in params.models
            },
        ),
    )


def read_linked_documents(params: Params) -> list[LinkedDocument]:
    """Read the Markdown and the tables that the pages link to."""
    found = [
        *(paths.MODEL_CARDS / f"{model}.md" for model in params.models),
        paths.ASSOCIATIONS_REPORT / "README.md",
        paths.MEASUREMENT_PAGE,
    ]
    written = [
        LinkedDocument(_seen_from_page(one), one.read_text(encoding="utf-8")) for one in found
    ]
    tables = [
        tell(pd.read_csv(path), _seen_from_page(path))
        for path, tell in ((_THRESHOLDS, tell_thresholds), (_VOUCHERS, tell_vouchers))
    ]
    return [
        replace(one, bytes=_sizes((paths.REPORTS / one.path).parent)) for one in (*written, *tables)
    ]


def _sizes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_size for file in sorted(folder.glob("*.csv"))}


def _read_model(model: ModelName, population: PopulationReport, params: Params) -> ModelInputs:
    scores = stored_tables.read_table(
        paths.table(paths.SCORES, "propensities"),
        columns=["category", "propensity", "decile", "base_rate"],
        filters=[("model", "=", model)],
        read_dictionary=["category"],
    )
    families = load_declarations(params.features.families, params.source.customer_attributes)
    return ModelInputs(
        evaluation=read_document(paths.EVALUATION_REPORTS / f"{model}.json", EvaluationReport),
        verdict=read_document(paths.VERDICTS / f"{model}.json", PromotionVerdict),
        left_out=population.models[model].left_out,
        pooled=population.models[model].pooled,
        plots={name: pd.read_csv(paths.PLOTS / model / f"{name}.csv") for name in _PLOTS},
        scores=summarize_scores(scores.to_pandas()),
        backtest=read_backtest(params.source.name, model),
        descriptions={
            "category": "The category on offer",
            **{one.column(each): each.description for one in families for each in one.features},
        },
    )


def _seen_from_page(path: Path) -> str:
    return path.relative_to(paths.REPORTS).as_posix()


def _recommendation_links() -> list[tuple[str, str]]:
    return [
        (
            "All associations: rules, hooks, bundles, substitutes",
            page_of(_seen_from_page(paths.ASSOCIATIONS_REPORT / "README.md")),
        ),
        (
            "All spend thresholds, with what makes them pay",
            page_of(_seen_from_page(_THRESHOLDS.with_suffix(".md"))),
        ),
        (
            "All bounce-back vouchers",
            page_of(_seen_from_page(_VOUCHERS.with_suffix(".md"))),
        ),
    ]
