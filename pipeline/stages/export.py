"""export: scores -> the delivery packages of data/exports, all of them or none."""

import logging

from pipeline.exports import profiles
from pipeline.exports.delivery_tables import wave_of
from pipeline.exports.manifest import describe_package, describe_wave
from pipeline.exports.wording import wording
from pipeline.features.declared_family import load_declarations
from pipeline.foundation import config, paths
from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.source_tables import SourceTables
from pipeline.foundation.display_names import DisplayNames
from pipeline.foundation.running import run
from pipeline.io.delivery_inputs import read_manifest_models, read_said_of_wave
from pipeline.io.delivery_parts import delivery_parts
from pipeline.io.documents import read_document
from pipeline.io.packages import write_packages
from pipeline.io.snapshots import scoring_date

log = logging.getLogger(__name__)


def main() -> None:
    """Write every profile's package."""
    params = config.load()
    count, as_of_date = params.exports.reasons, scoring_date()
    chosen = [profiles.find(name) for name in params.exports.profiles]
    models = read_manifest_models(params.source.name, tuple(params.models))
    names = DisplayNames(params.exports.language, params.products.category_names)
    families = load_declarations(params.features.families, params.source.customer_attributes)
    parts = delivery_parts(
        as_of_date,
        models,
        wording(families, names),
        count,
        names.language,
        with_contacts=any(one.needs_contact_details for one in chosen),
    )
    offers = read_said_of_wave()
    missing = read_document(paths.SOURCE_TABLES, SourceTables).missing_tables
    switched_off = read_document(paths.COMPUTED_FAMILIES, FeaturesReport).switched_off
    advice = read_document(paths.FUNNEL, FunnelReport).sample_size
    about = describe_package(as_of_date, models, missing, switched_off, params.decide.timezone)
    write_packages(
        [profile.expand(params.models, count) for profile in chosen],
        parts,
        wave_of(offers),
        about | describe_wave(offers, advice),
        params.exports.country_code,
    )
    for model, found in models.items():
        log.info("%s: scored by %s. %s", model, found.scored_by, found.in_words)


if __name__ == "__main__":
    run(main)
