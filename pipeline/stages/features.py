"""features: what is known of every customer, and of every customer × category, at each date."""

import logging
from collections.abc import Sequence
from shutil import rmtree

from pipeline.features.family import Family, load
from pipeline.features.feature import KEYS
from pipeline.features.view import View
from pipeline.foundation import config, paths, stored_tables
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.hand_overs.features_report import FamilyCounts, FeaturesReport
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.feature_views import look_back
from pipeline.io.tables import read_folder

log = logging.getLogger(__name__)

ROWS_A_GIGABYTE = 1_000_000
"""Of customers × categories that the engine looks at together, with all that it joins to them."""


def main() -> None:
    """Compute every family that the source allows."""
    params = config.load()
    with open_engine(params.engine) as engine:
        build(engine, params)


def build(engine: Engine, params: Params) -> None:
    """Write data/features/<grain>/<family>.parquet and reports/features.json."""
    families = load(params.features.families, params.source.customer_attributes)
    tables = read_folder(engine, paths.VALIDATED)
    switched_off = {
        one.name: f"the source has no table {', '.join(one.missing(tables))}"
        for one in families
        if one.missing(tables)
    }
    views = look_back(engine, params.models)
    most = int(ROWS_A_GIGABYTE * params.engine.memory_gb)
    parts = (
        views if engine.is_distributed else [part for view in views for part in view.parts(most)]
    )
    rmtree(paths.FEATURES, ignore_errors=True)
    for one in sorted(families, key=_is_light):
        if one.name not in switched_off and not _write(engine, one, parts):
            switched_off[one.name] = "the source's tables say nothing of what it measures"
    for name, reason in switched_off.items():
        log.warning("%s: switched off, %s", name, reason)
    kept = [one for one in families if one.name not in switched_off]
    counts = {
        one.name: FamilyCounts(
            customer=len(one.declared("customer")), candidate=len(one.declared("candidate"))
        )
        for one in kept
    }
    computed = FeaturesReport(families=counts, switched_off=switched_off)
    write_document(computed, paths.COMPUTED_FAMILIES)
    write_document(computed, paths.FEATURES_REPORT)


def _is_light(one: Family) -> bool:
    """Put first what has candidates only: it needs most of the engine's memory, then emptiest."""
    return "customer" in one.expressions


def _write(engine: Engine, one: Family, parts: Sequence[View]) -> bool:
    """Write a family; without a row at any grain it would only be empty columns: remove it."""
    files = {grain: paths.table(paths.FEATURES / grain, one.name) for grain in one.expressions}
    written = {
        grain: engine.write_parts([one.compute(part, grain) for part in parts], path, KEYS[grain])
        for grain, path in files.items()
    }
    if not any(written.values()):
        for path in files.values():
            stored_tables.remove_table(path)
        return False
    for grain, rows in written.items():
        log.info(
            "%s: %s features of %s rows at %s grain",
            one.name,
            len(one.declared(grain)),
            f"{rows:,}",
            grain,
        )
    return True


if __name__ == "__main__":
    run(main)
