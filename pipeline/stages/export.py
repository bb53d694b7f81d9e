"""export: scores -> the delivery packages of data/exports, all of them or none."""

import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import config, paths
from pipeline.config import Params
from pipeline.contracts.outputs import PROPENSITIES, check
from pipeline.exports import profiles
from pipeline.exports.best import add_lift, best_candidates
from pipeline.exports.facts import ModelFacts, describe_package
from pipeline.exports.package import write_package
from pipeline.exports.profile import Profile, SourceTable
from pipeline.exports.reasons import add_reasons
from pipeline.exports.wording import wording
from pipeline.features import family
from pipeline.stages import run
from pipeline.stages.tables import read_json

log = logging.getLogger(__name__)


def main() -> None:
    """Write every profile's package."""
    params = config.load()
    chosen = [profiles.find(name) for name in params.exports.profiles]
    population = read_json(paths.POPULATION_REPORT)
    as_of_date = date.fromisoformat(population["as_of_dates"]["scoring"][0])
    models: dict[str, ModelFacts] = {
        model: _describe_model(model, population) for model in params.models
    }
    tables = _source_tables(params, models, as_of_date)
    manifest = describe_package(
        as_of_date,
        models,
        read_json(paths.VALIDATION_REPORT)["missing_tables"],
        read_json(paths.FEATURES_REPORT)["switched_off"],
    )
    with _swapped(paths.EXPORTS) as folder:
        for profile in chosen:
            expanded = profile.expand(params.models, params.exports.reasons)
            _write(expanded, tables, folder / profile.name, manifest)
    for model, facts in models.items():
        log.info("%s: scored by %s. %s", model, facts.scored_by, facts.in_words)


def _describe_model(model: str, population: Mapping[str, Any]) -> ModelFacts:
    verdict = read_json(paths.VERDICTS / f"{model}.json")
    return ModelFacts(
        version=verdict["champion"]["version"],
        scored_by=verdict["scored_by"],
        in_words=verdict["in_words"],
        left_out=population["models"][model]["left_out"],
    )


def _source_tables(
    params: Params, models: Mapping[str, ModelFacts], as_of_date: date
) -> dict[SourceTable, pa.Table]:
    """Return what the columns of profiles name: one row a customer, one row a candidate."""
    path = paths.table(paths.SCORES, "propensities")
    check(path, PROPENSITIES)
    scores = add_lift(pq.read_table(path))
    reasons = pq.read_table(paths.table(paths.SCORES, "reasons"))
    ids = pq.read_table(paths.table(paths.VALIDATED, "customers"), columns=["customer_id"])
    versions = {model: facts.version for model, facts in models.items()}
    best = best_candidates(
        ids["customer_id"],
        _known_customers(params.models, as_of_date),
        scores,
        versions,
        as_of_date,
    )
    families = family.load(params.features.families, params.source.customer_attributes)
    sentence = wording(families, params.exports.language)
    customers = add_reasons(best, reasons, params.models, params.exports.reasons, sentence)
    return {"customers": customers, "propensities": scores}


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


def _write(
    profile: Profile,
    tables: Mapping[SourceTable, pa.Table],
    folder: Path,
    manifest: Mapping[str, object],
) -> None:
    folder.mkdir()

    def open_file(name: str) -> BinaryIO:
        return (folder / name).open("wb")

    written = write_package(profile, tables, open_file, manifest)
    log.info(
        "%s: %s customers and %s propensities in; rows out: %s",
        profile.name,
        f"{len(tables['customers']):,}",
        f"{len(tables['propensities']):,}",
        ", ".join(f"{name} {entry.rows:,}" for name, entry in written.items()),
    )


@contextmanager
def _swapped(folder: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of another once everything is written."""
    fresh = paths.TEMPORARY / folder.name
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    yield fresh
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)


if __name__ == "__main__":
    run(main)
