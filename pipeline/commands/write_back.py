"""write_back: scores, offers, product lists and everybody's decision -> tables of a database.

No DVC stage: it changes what lies outside the project. Written again, a wave replaces itself.
"""

import logging

from pipeline.exports.delivery_tables import delivery_tables, wave_of
from pipeline.exports.wording import wording
from pipeline.features.declared_family import load_declarations
from pipeline.foundation import config
from pipeline.foundation.display_names import DisplayNames
from pipeline.foundation.errors import ConfigurationError
from pipeline.foundation.running import run
from pipeline.io.delivery_inputs import (
    check_inputs,
    everybody,
    read_delivery_inputs,
    read_manifest_models,
)
from pipeline.io.result_database import write_results
from pipeline.io.result_tables import result_tables
from pipeline.io.snapshots import scoring_date

log = logging.getLogger(__name__)


def main() -> None:
    """Write the wave that was decided last."""
    params = config.load()
    if params.exports.database is None:
        raise ConfigurationError(
            "in exports.database where results are written back to",
            "null",
            "Set it to {url_variable: PROPENSITY_DATABASE_URL, schema: null} in params.yaml.",
        )
    models = read_manifest_models(params.source.name, tuple(params.models))
    names = DisplayNames(params.exports.language, params.products.category_names)
    families = load_declarations(params.features.families, params.source.customer_attributes)
    check_inputs()
    tables = delivery_tables(
        read_delivery_inputs(everybody(), scoring_date(), models, with_contacts=False),
        wording(families, names),
        params.exports.reasons,
        names.language,
    )
    results = result_tables(tables, params.exports.reasons)
    write_results(results, params.exports.database)
    counts = ", ".join(f"{table.name} {table.rows.num_rows:,}" for table in results)
    log.info(
        "%s: written to the database in %s: %s",
        wave_of(tables["offers"]),
        params.exports.database.url_variable,
        counts,
    )


if __name__ == "__main__":
    run(main)
