"""export: scores -> the delivery packages of data/exports, all of them or none."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.exports import profiles
from pipeline.exports.best import add_lift, best_candidates, check_days
from pipeline.exports.contacts import DETAILS, contact_details
from pipeline.exports.facts import ModelFacts, describe_package, describe_wave
from pipeline.exports.offers import add_decision, add_standing, complete_offers, look_up
from pipeline.exports.package import Package, write_package
from pipeline.exports.profile import Profile, SourceTable
from pipeline.exports.reasons import Sentence, add_reasons
from pipeline.exports.wording import wording
from pipeline.features.declared_family import load_declarations
from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.foundation.contracts.hand_overs.population_report import PopulationOfModel
from pipeline.foundation.contracts.hand_overs.populations import Populations
from pipeline.foundation.contracts.hand_overs.source_tables import SourceTables
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.contracts.outputs import (
    NEXT_BEST_OFFERS,
    PRODUCT_ASSOCIATIONS,
    PRODUCT_LISTS,
    PROPENSITIES,
    Output,
    check,
)
from pipeline.foundation.running import run
from pipeline.io.documents import read_document
from pipeline.io.hand_overs import read_held, write_held
from pipeline.io.snapshots import scoring_date
from pipeline.io.tables import read_json, write_json

log = logging.getLogger(__name__)

# Texts that stand in many of the longest tables' rows: in memory each of them is kept once.
_REPEATED = ("model", "category", "model_version", "list", "product_id")


def main() -> None:
    """Write every profile's package."""
    params = config.load()
    chosen = [profiles.find(name) for name in params.exports.profiles]
    asked = read_document(paths.CANDIDATES, Populations).models
    as_of_date = scoring_date()
    models: dict[str, ModelFacts] = {
        model: _describe_model(model, asked[model]) for model in params.models
    }
    tables = source_tables(params, models, as_of_date)
    if any(profile.needs_contact_details for profile in chosen):
        tables["offers"] = add_contact_details(tables["offers"])
    manifest = describe_package(
        as_of_date,
        models,
        read_document(paths.SOURCE_TABLES, SourceTables).missing_tables,
        read_document(paths.COMPUTED_FAMILIES, FeaturesReport).switched_off,
    ) | describe_wave(tables["offers"])
    with (
        paths.replacing_folder(paths.EXPORTS) as folder,
        paths.replacing_folder(paths.HANDED_OVER) as kept,
    ):
        held, wave = {}, _wave(tables)
        for profile in chosen:
            expanded = profile.expand(params.models, params.exports.reasons)
            package = write_profile(expanded, tables, folder, manifest, params.exports.country_code)
            write_held(package.held, kept, expanded, wave)
            held[profile.name] = {name: rows.num_rows for name, rows in package.held.items()}
        write_json(held, kept / wave / "held.json")
    for model, facts in models.items():
        log.info("%s: scored by %s. %s", model, facts.scored_by, facts.in_words)


def _describe_model(model: str, asked: PopulationOfModel) -> ModelFacts:
    verdict = read_json(paths.VERDICTS / f"{model}.json")
    return ModelFacts(
        version=verdict["champion"]["version"],
        scored_by=verdict["scored_by"],
        in_words=verdict["in_words"],
        left_out=[one.model_dump() for one in asked.left_out],
    )


def source_tables(
    params: Params, models: Mapping[str, ModelFacts], as_of_date: date
) -> dict[SourceTable, pa.Table]:
    """Return what the columns of profiles name: customers, candidates, offers, products."""
    path = paths.table(paths.SCORES, "propensities")
    check(path, PROPENSITIES)
    scores = add_lift(pq.read_table(path, read_dictionary=_REPEATED))
    ids = pq.read_table(paths.table(paths.VALIDATED, "customers"), columns=["customer_id"])
    versions = {model: facts.version for model, facts in models.items()}
    best = best_candidates(
        ids["customer_id"],
        _known_customers(params.models, as_of_date),
        scores,
        versions,
        as_of_date,
    )
    families = load_declarations(params.features.families, params.source.customer_attributes)
    sentence = wording(families, params.exports.language)
    reasons, count = pq.read_table(paths.table(paths.SCORES, "reasons")), params.exports.reasons
    customers = add_reasons(best, reasons, params.models, count, sentence)
    offers = _read_offers(count, sentence, as_of_date)
    tables: dict[SourceTable, pa.Table] = {
        "customers": add_decision(customers, offers, count),
        "propensities": scores,
        "offers": offers,
    }
    return tables | _recommendations(offers)


def _read_offers(reasons: int, sentence: Sentence, as_of_date: date) -> pa.Table:
    path = paths.table(paths.OFFERS, "next_best_offers")
    check(path, NEXT_BEST_OFFERS)
    offers = pq.read_table(path)
    check_days(offers, as_of_date, "decide")
    return complete_offers(
        offers,
        pq.read_table(paths.table(paths.VALIDATED, "products"), columns=["product_id", "name"]),
        pq.read_table(paths.table(paths.OFFERS, "reasons")),
        reasons,
        sentence,
    )


def _recommendations(offers: pa.Table) -> dict[SourceTable, pa.Table]:
    """Return the product lists and associations, those of them that there are."""
    files: dict[SourceTable, tuple[Path, Output]] = {
        "product_lists": (paths.PRODUCT_LISTS, PRODUCT_LISTS),
        "product_associations": (paths.PRODUCT_ASSOCIATIONS, PRODUCT_ASSOCIATIONS),
    }
    tables: dict[SourceTable, pa.Table] = {}
    for name, (path, contract) in files.items():
        if path.exists():
            check(path, contract)
            rows = pq.read_table(path, read_dictionary=_REPEATED)
            tables[name] = (
                add_standing(rows, offers) if "customer_id" in rows.schema.names else rows
            )
    return tables


def add_contact_details(offers: pa.Table) -> pa.Table:
    """Return the offers with the e-mail and phone of those who consent; read nowhere else."""
    columns = ["customer_id", "email", "phone"]
    consenting = pq.read_table(
        paths.table(paths.OFFERS, "permitted_channels"),
        columns=[*CUSTOMER_CHANNEL_KEYS],
        filters=[("has_consent", "=", True)],
    )
    details = contact_details(
        pq.read_table(paths.table(paths.VALIDATED, "customers"), columns=columns), consenting
    )
    for name in DETAILS:
        values = look_up(offers["customer_id"], details["customer_id"], details[name])
        offers = offers.append_column(name, values)
    return offers


def _known_customers(models: Sequence[str], as_of_date: date) -> pa.ChunkedArray:
    """Return who was asked about at all on the day of looking, eligible or not."""
    asked = [
        pq.read_table(
            paths.table(paths.POPULATION, model),
            columns=["customer_id"],
            filters=[("as_of_date", "=", as_of_date)],
        )
        for model in models
    ]
    return pa.chunked_array([pc.unique(pa.concat_tables(asked)["customer_id"])])


def write_profile(
    profile: Profile,
    tables: Mapping[SourceTable, pa.Table],
    folder: Path,
    manifest: Mapping[str, object],
    country_code: str | None,
) -> Package:
    """Write one package, without what its target holds already if it wants changes only."""
    package_folder = folder / profile.name
    package_folder.mkdir()

    def open_file(name: str) -> BinaryIO:
        return (package_folder / name).open("wb")

    held = read_held(profile, _wave(tables))
    package = write_package(profile, tables, open_file, manifest, country_code, held=held)
    log.info(
        "%s: %s customers and %s offers in; rows out: %s; content %s",
        profile.name,
        f"{len(tables['customers']):,}",
        f"{len(tables['offers']):,}",
        ", ".join(f"{name} {entry.rows:,}" for name, entry in package.files.items()),
        package.content_id,
    )
    return package


def _wave(tables: Mapping[SourceTable, pa.Table]) -> str:
    return str(pc.max(tables["offers"]["wave"]).as_py())


if __name__ == "__main__":
    run(main)
