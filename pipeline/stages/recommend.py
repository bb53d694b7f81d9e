"""recommend: validated tables and segments -> associations, product lists and incentives."""

import logging
from collections.abc import Mapping

import ibis.expr.types as ir

from pipeline.foundation import config, paths
from pipeline.foundation.contracts.outputs import PRODUCT_ASSOCIATIONS, PRODUCT_LISTS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import run
from pipeline.io.outputs import write_output, write_rows
from pipeline.io.recommendation_files import read_manual_selection, write_csv_tables
from pipeline.io.scoring_day import read_holdings, read_known_customers
from pipeline.io.snapshots import scoring_date
from pipeline.io.tables import read_folder
from pipeline.population.history import history
from pipeline.recommendations.associations.association_page import association_page
from pipeline.recommendations.associations.association_tables import product_to_product
from pipeline.recommendations.associations.gathered_associations import (
    find_associations,
    tell_associations,
)
from pipeline.recommendations.coded import Coded, encode
from pipeline.recommendations.incentives.incentive_tables import incentive_tables
from pipeline.recommendations.lists.gathered_shelf import gather_shelf
from pipeline.recommendations.lists.product_lists import product_lists

log = logging.getLogger(__name__)


def main() -> None:
    """Write the associations, the lists of every customer, and the incentives."""
    params = config.load()
    chosen, day = params.recommend, scoring_date()
    manual = read_manual_selection(chosen.manual_file)
    with open_engine(params.engine) as engine:
        past = history(engine, read_folder(engine, paths.VALIDATED), [day])
        segments = read_segments(engine)
        known, held = read_known_customers(engine, day), read_holdings(engine, day)
        coded = encode(engine, past, known, held, segments)
        found = find_associations(coded, chosen)
        shelf = gather_shelf(coded, found, manual=manual, chosen=chosen, as_of_date=day)
        lists = product_lists(coded, shelf, chosen)
        write_rows(engine, lists, paths.PRODUCT_LISTS, PRODUCT_LISTS)
        tables = tell_associations(coded, found, chosen)
        incentives = incentive_tables(coded, chosen.incentives)
        counts = _count(coded, lists)
    write_output(product_to_product(found), paths.PRODUCT_ASSOCIATIONS, PRODUCT_ASSOCIATIONS)
    write_csv_tables(tables, paths.ASSOCIATIONS_REPORT)
    page = association_page(tables, day.isoformat())
    (paths.ASSOCIATIONS_REPORT / "README.md").write_text(page, encoding="utf-8")
    write_csv_tables(incentives, paths.OFFERS_REPORT)
    log.info(
        "%d customers, %d products and %d orders of guests in; %d associations, %d products shown to %d customers out",
        counts["customers"],
        len(coded.products),
        counts["orders"],
        sum(len(some) for some in found.best.values()),
        counts["shown"],
        counts["shown_to"],
    )


def read_segments(engine: Engine) -> ir.Table:
    """Return what the segments say of each customer that lists and incentives ask for."""
    segments = engine.read(paths.SEGMENTS)
    return segments.select("customer_id", "lifecycle_stage", "rfm_segment", "spend_to_mean")


def _count(coded: Coded, lists: ir.Table) -> Mapping[str, int]:
    """Count who was looked at and who is shown something."""
    customers, guests = coded.customers, coded.guest_purchases
    counts = (
        customers.aggregate(customers=customers.count()),
        # A line without an order is one of its own.
        guests.aggregate(
            orders=guests.order_id.nunique() + guests.count() - guests.order_id.count()
        ),
        lists.aggregate(shown=lists.count(), shown_to=lists.customer_id.nunique()),
    )
    return {
        name: int(value)
        for some in counts
        for name, value in coded.engine.arrow(some).to_pylist()[0].items()
    }


if __name__ == "__main__":
    run(main)
