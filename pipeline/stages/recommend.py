"""recommend: validated tables and segments -> associations, product lists and incentives."""

import logging

from pipeline.foundation import config, paths, stored_tables
from pipeline.foundation.contracts.outputs import PRODUCT_ASSOCIATIONS, PRODUCT_LISTS
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import run
from pipeline.io.outputs import write_output
from pipeline.io.recommendation_files import read_manual_selection, write_csv_tables
from pipeline.io.scoring_day import read_holdings, read_known_customers
from pipeline.io.snapshots import scoring_date
from pipeline.io.tables import read_folder
from pipeline.population.history import history
from pipeline.recommendations.associations.association_page import association_page
from pipeline.recommendations.associations.association_tables import (
    associate,
    product_to_product,
    readable,
    spends_below_mean,
)
from pipeline.recommendations.associations.baskets import baskets
from pipeline.recommendations.coded import encode
from pipeline.recommendations.incentives.incentive_tables import incentive_tables
from pipeline.recommendations.lists.assembly import ListLimits
from pipeline.recommendations.lists.list_inputs import gather_list_inputs
from pipeline.recommendations.lists.product_lists import product_lists

log = logging.getLogger(__name__)


def main() -> None:
    """Write the associations, the lists of every customer, and the incentives."""
    params = config.load()
    chosen, day = params.recommend, scoring_date()
    segments = stored_tables.read_frame(paths.SEGMENTS).drop(columns="customer_type")
    manual = read_manual_selection(chosen.manual_file)
    with open_engine(params.engine) as engine:
        past = history(engine, read_folder(engine, paths.VALIDATED), [day])
        coded = encode(engine, past, read_known_customers(engine, day), read_holdings(engine, day))
        guests = coded.guest_purchases()
        found = associate(
            baskets(coded.purchases(), chosen.max_products, guests),
            coded.products,
            min_count=chosen.min_count,
            per_product=chosen.per_product,
        )
        customers = coded.customers.merge(segments, on="customer_id", how="left", validate="1:1")
        inputs = gather_list_inputs(
            coded, customers, found, guests, manual=manual, chosen=chosen, as_of_date=day
        )
        limits = ListLimits(chosen.products, chosen.per_list)
        lists = product_lists(
            inputs, coded.returned(), chosen.lists, limits, chosen.consumable_days
        )
        spend = coded.spend()
    tables = readable(
        found,
        inputs.held,
        coded.products,
        spends_below_mean(customers),
        spend,
        hook_days=chosen.hook_days,
        min_count=chosen.min_count,
    )
    incentives = incentive_tables(
        spend, customers["rfm_segment"], inputs.bought, coded.products, chosen.incentives
    )
    write_output(product_to_product(found), paths.PRODUCT_ASSOCIATIONS, PRODUCT_ASSOCIATIONS)
    write_output(lists, paths.PRODUCT_LISTS, PRODUCT_LISTS)
    write_csv_tables(tables, paths.ASSOCIATIONS_REPORT)
    page = association_page(tables, day.isoformat())
    (paths.ASSOCIATIONS_REPORT / "README.md").write_text(page, encoding="utf-8")
    write_csv_tables(incentives, paths.OFFERS_REPORT)
    log.info(
        "%d customers, %d products and %d orders of guests in; %d associations, %d products shown to %d customers out",
        len(customers),
        len(coded.products),
        guests["basket"].nunique(),
        sum(len(some) for some in found.best.values()),
        len(lists),
        lists["customer_id"].nunique(),
    )


if __name__ == "__main__":
    run(main)
