"""Everything the pages are made from, as the stages before wrote it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.foundation.contracts.hand_overs.drift_report import DriftReport
from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.measurement_report import MeasurementReport
from pipeline.foundation.contracts.hand_overs.package_manifest import PackageManifest
from pipeline.foundation.contracts.hand_overs.population_report import PopulationReport
from pipeline.foundation.contracts.hand_overs.provenance import Provenance
from pipeline.foundation.contracts.hand_overs.segments_report import SegmentsReport
from pipeline.foundation.contracts.hand_overs.validation_report import ValidationReport
from pipeline.reports.page.model_inputs import ModelInputs
from pipeline.reports.page.planner_inputs import PlannerInputs
from pipeline.reports.page.recommendation_inputs import RecommendationTables
from pipeline.reports.page.wave_tables import WaveTables


@dataclass(frozen=True)
class PageLinks:
    """Where other files lie, seen from the pages."""

    campaign: str
    models: str
    measurement: str
    recommendations: Sequence[tuple[str, str]]
    """(what it is, where)."""
    cards: Mapping[str, str]
    """Model → its card."""


@dataclass(frozen=True)
class PageInputs:
    """What the stages wrote."""

    provenance: Provenance
    validation: ValidationReport
    drift: DriftReport
    population: PopulationReport
    features: FeaturesReport
    funnel: FunnelReport
    measurement: MeasurementReport
    segments: SegmentsReport
    manifests: Mapping[str, PackageManifest]
    """By folder."""
    models: Mapping[str, ModelInputs]
    recommendations: RecommendationTables
    planner: PlannerInputs
    wave: WaveTables
    rule_limits: Mapping[str, Mapping[str, object]]
    """How far each rule of the contact policy goes."""
    links: PageLinks
