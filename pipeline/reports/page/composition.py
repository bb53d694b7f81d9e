"""From what the stages wrote to the parts of both pages, in the order in which they are read."""

from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.reports.formatting import count
from pipeline.reports.glossary import CAMPAIGN, MODELS, explained_on
from pipeline.reports.page.model_pictures import draw_pictures
from pipeline.reports.page.page_inputs import PageInputs
from pipeline.reports.page.parts import CampaignPage, ModelSection, ModelsPage, PageSection
from pipeline.reports.page.sections.brief import describe_brief
from pipeline.reports.page.sections.customer_section import describe_customers
from pipeline.reports.page.sections.data_section import (
    describe_deliveries,
    describe_quality,
    describe_snapshots,
    tell_missing,
    tell_quality,
)
from pipeline.reports.page.sections.drift_section import describe_drift, tell_drift
from pipeline.reports.page.sections.measurement_section import describe_measurement
from pipeline.reports.page.sections.model_section import describe_model
from pipeline.reports.page.sections.package_section import describe_packages
from pipeline.reports.page.sections.planner_section import describe_planner
from pipeline.reports.page.sections.recommendation_section import describe_recommendations
from pipeline.reports.page.sections.wave_section import describe_wave


def compose_campaign(inputs: PageInputs) -> CampaignPage:
    """Return the parts of the campaign's page, every text worded and every drawing drawn."""
    return CampaignPage(
        title="Whom to offer what next",
        source=inputs.provenance.source,
        statement=inputs.provenance.statement,
        as_of_date=str(inputs.funnel.as_of_date),
        brief=describe_brief(inputs.funnel, inputs.manifests, inputs.planner.exploration),
        planner=describe_planner(inputs.planner, inputs.funnel.claim),
        sections=_describe_campaign(inputs),
        packages=describe_packages(inputs.manifests),
        glossary=explained_on(CAMPAIGN),
        models=inputs.links.models,
    )


def compose_models(inputs: PageInputs) -> ModelsPage:
    """Return the parts of the models' page, every text worded and every drawing drawn."""
    population, validation, features = inputs.population, inputs.validation, inputs.features
    as_of_date = str(population.as_of_dates.scoring[0])
    return ModelsPage(
        title="Model quality",
        source=inputs.provenance.source,
        statement=inputs.provenance.statement,
        as_of_date=as_of_date,
        facts=[
            ("Customers known", count(population.customers)),
            ("Scored as of", as_of_date),
            ("Tested as of", ", ".join(str(day) for day in population.as_of_dates.test)),
            ("Feature families", str(len(features.families))),
            ("Features, the category aside", count(_count_features(features))),
        ],
        models=_describe_models(inputs),
        snapshots=describe_snapshots(population),
        quality=describe_quality(validation),
        quality_words=tell_quality(validation),
        drift=describe_drift(inputs.drift),
        drift_words=tell_drift(inputs.drift),
        missing=tell_missing(validation, features),
        deliveries=describe_deliveries(inputs.manifests),
        glossary=explained_on(MODELS),
        campaign=inputs.links.campaign,
    )


def _count_features(features: FeaturesReport) -> int:
    return sum(counts.customer + counts.candidate for counts in features.families.values())


def _describe_campaign(inputs: PageInputs) -> list[PageSection]:
    return [
        describe_wave(inputs.funnel, inputs.rule_limits, inputs.wave),
        describe_measurement(inputs.measurement, inputs.links.measurement),
        describe_customers(inputs.segments),
        describe_recommendations(
            inputs.recommendations, inputs.wave.shown, inputs.links.recommendations
        ),
    ]


def _describe_models(inputs: PageInputs) -> list[ModelSection]:
    return [
        describe_model(name, found, draw_pictures(name, found), inputs.links.cards[name])
        for name, found in inputs.models.items()
    ]
