"""From what the stages wrote to the parts of the page, in the order in which they are read."""

from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.reports.formatting import count
from pipeline.reports.glossary import explained_on_page
from pipeline.reports.page.model_pictures import draw_pictures
from pipeline.reports.page.page_inputs import PageInputs
from pipeline.reports.page.parts import ModelSection, PageSection, Report
from pipeline.reports.page.sections.customer_section import describe_customers
from pipeline.reports.page.sections.data_section import (
    describe_deliveries,
    describe_quality,
    describe_snapshots,
    tell_missing,
    tell_quality,
)
from pipeline.reports.page.sections.measurement_section import describe_measurement
from pipeline.reports.page.sections.model_section import describe_model
from pipeline.reports.page.sections.package_section import describe_packages
from pipeline.reports.page.sections.wave_section import describe_wave


def compose(inputs: PageInputs) -> Report:
    """Return the page's parts, every text worded and every drawing drawn."""
    population, validation, features = inputs.population, inputs.validation, inputs.features
    as_of_date = str(population.as_of_dates.scoring[0])
    return Report(
        title="Up-sell and cross-sell propensities",
        source=inputs.provenance.source,
        statement=inputs.provenance.statement,
        as_of_date=as_of_date,
        facts=[
            ("Customers known", count(population.customers)),
            ("Scored as of", as_of_date),
            ("Tested as of", ", ".join(str(day) for day in population.as_of_dates.test)),
            ("Feature families", str(len(features.families))),
            ("Features", count(_count_features(features))),
        ],
        sections=_describe_campaign(inputs),
        models=_describe_models(inputs),
        snapshots=describe_snapshots(population),
        quality=describe_quality(validation),
        quality_words=tell_quality(validation),
        missing=tell_missing(validation, features),
        packages=describe_packages(inputs.manifests),
        deliveries=describe_deliveries(inputs.manifests),
        glossary=explained_on_page(),
    )


def _count_features(features: FeaturesReport) -> int:
    return sum(counts.customer + counts.candidate for counts in features.families.values())


def _describe_campaign(inputs: PageInputs) -> list[PageSection]:
    """Return what the CRM team asks first: the wave, what earlier ones caused, the customers."""
    links = [
        (
            "Product associations (what goes with what): rules, hooks, bundles",
            inputs.links.associations,
        ),
        ("What to promise for more: thresholds and vouchers", inputs.links.offers),
    ]
    return [
        describe_wave(inputs.funnel, inputs.rule_limits),
        describe_measurement(inputs.measurement, inputs.links.measurement),
        describe_customers(inputs.segments, links),
    ]


def _describe_models(inputs: PageInputs) -> list[ModelSection]:
    return [
        describe_model(name, found, draw_pictures(name, found), inputs.links.cards[name])
        for name, found in inputs.models.items()
    ]
