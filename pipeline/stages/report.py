"""report: what every stage wrote -> reports/index.html, one page that needs no network."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from pipeline.features import family
from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.running import run
from pipeline.io.tables import read_json
from pipeline.reports.customer_section import describe_customers
from pipeline.reports.data_section import (
    describe_deliveries,
    describe_quality,
    describe_snapshots,
    tell_missing,
    tell_quality,
)
from pipeline.reports.measurement_section import describe_measurement
from pipeline.reports.model_inputs import ModelInputs
from pipeline.reports.model_section import describe_model
from pipeline.reports.package_section import describe_packages
from pipeline.reports.page import render
from pipeline.reports.parts import ModelSection, Report, Section
from pipeline.reports.pictures import draw_pictures
from pipeline.reports.scores import summarize_scores
from pipeline.reports.wave_section import describe_wave
from pipeline.reports.words import GLOSSARY, count

log = logging.getLogger(__name__)

_PLOTS = ("gain", "calibration", "lift_by_decile", "baselines", "importance")


def main() -> None:
    """Write the page."""
    params = config.load()
    population = read_json(paths.POPULATION_REPORT)
    models = [_read_model(model, population, params) for model in params.models]
    page = render(_gather(params, population, models))
    with paths.replacing(paths.REPORT) as partial:
        partial.write_text(page, encoding="utf-8")
    log.info("%s models in; %s, %s kB", len(models), paths.REPORT, f"{len(page) / 1000:,.0f}")


def _gather(params: Params, population: Mapping[str, Any], models: list[ModelSection]) -> Report:
    validation = read_json(paths.VALIDATION_REPORT)
    features = read_json(paths.FEATURES_REPORT)
    manifests = {
        str(paths.EXPORTS / name): read_json(paths.EXPORTS / name / "manifest.json")
        for name in params.exports.profiles
    }
    provenance = read_json(paths.RAW / "provenance.json")
    dates = population["as_of_dates"]
    return Report(
        title="Up-sell and cross-sell propensities",
        source=provenance["source"],
        statement=provenance["statement"],
        as_of_date=dates["scoring"][0],
        facts=[
            ("Customers known", count(population["customers"])),
            ("Scored as of", dates["scoring"][0]),
            ("Tested as of", ", ".join(dates["test"])),
            ("Feature families", str(len(features["families"]))),
            ("Features", count(sum(sum(each.values()) for each in features["families"].values()))),
        ],
        sections=_describe_campaign(params),
        models=models,
        snapshots=describe_snapshots(population),
        quality=describe_quality(validation),
        quality_words=tell_quality(validation),
        missing=tell_missing(validation, features),
        packages=describe_packages(manifests),
        deliveries=describe_deliveries(manifests),
        glossary=GLOSSARY,
    )


def _describe_campaign(params: Params) -> list[Section]:
    """Return what the CRM team asks first: the wave, what earlier ones caused, the customers."""
    wave = describe_wave(read_json(paths.FUNNEL), params.contact_policy.limits)
    page = _seen_from_page(paths.MEASUREMENT_PAGE)
    measured = describe_measurement(read_json(paths.MEASUREMENT_REPORT), page)
    links = [
        ("What goes with what: rules, hooks, bundles", paths.ASSOCIATIONS_REPORT / "README.md"),
        ("What to promise for more: thresholds and vouchers", paths.OFFERS_REPORT),
    ]
    seen = [(what, _seen_from_page(place)) for what, place in links]
    return [wave, measured, describe_customers(read_json(paths.SEGMENTS_REPORT), seen)]


def _seen_from_page(path: Path) -> str:
    return path.relative_to(paths.REPORT.parent).as_posix()


def _read_model(model: str, population: Mapping[str, Any], params: Params) -> ModelSection:
    scores = pq.read_table(
        paths.table(paths.SCORES, "propensities"),
        columns=["category", "propensity", "decile", "base_rate"],
        filters=[("model", "=", model)],
        read_dictionary=["category"],
    )
    families = family.load(params.features.families, params.source.customer_attributes)
    inputs = ModelInputs(
        evaluation=read_json(paths.EVALUATION_REPORTS / f"{model}.json"),
        verdict=read_json(paths.VERDICTS / f"{model}.json"),
        population=population["models"][model],
        plots={name: pd.read_csv(paths.PLOTS / model / f"{name}.csv") for name in _PLOTS},
        scores=summarize_scores(scores.to_pandas()),
        descriptions={
            "category": "The category on offer",
            **{one.column(each): each.description for one in families for each in one.features},
        },
    )
    card = _seen_from_page(paths.MODEL_CARDS / f"{model}.md")
    return describe_model(model, inputs, draw_pictures(model, inputs), card)


if __name__ == "__main__":
    run(main)
