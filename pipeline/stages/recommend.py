"""recommend: validated tables and segments -> associations, product lists and incentives."""

import logging
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.foundation import config, paths
from pipeline.foundation.config import IncentivesParams, RecommendParams
from pipeline.foundation.contracts.outputs import PRODUCT_ASSOCIATIONS, PRODUCT_LISTS
from pipeline.foundation.contracts.tables import NOT_OFFERED
from pipeline.foundation.engines import open_engine
from pipeline.foundation.errors import ConfigurationError
from pipeline.foundation.running import run
from pipeline.io.outputs import write_output
from pipeline.io.snapshots import scoring_date
from pipeline.io.tables import read_folder
from pipeline.population.history import history
from pipeline.recommendations.associations.baskets import baskets
from pipeline.recommendations.associations.page import page
from pipeline.recommendations.associations.tables import (
    Associations,
    associate,
    product_to_product,
    readable,
)
from pipeline.recommendations.coded import Coded, encode
from pipeline.recommendations.incentives.bounce_back import bounce_back
from pipeline.recommendations.incentives.orders import margin_rate, orders
from pipeline.recommendations.incentives.thresholds import Assumptions, thresholds
from pipeline.recommendations.lists.assembly import Limits
from pipeline.recommendations.lists.candidates import Situation
from pipeline.recommendations.lists.make import product_lists
from pipeline.recommendations.lists.manual import choice
from pipeline.recommendations.lists.mood import is_content

log = logging.getLogger(__name__)
DEPTH = 15  # candidates of a list: what is left after bars still fills a turn
YEAR_DAYS = 365
VISIT_DAYS = 90


def main() -> None:
    """Write the associations, the lists of every customer, and the incentives."""
    params = config.load()
    as_of_date = scoring_date()
    segments = pd.read_parquet(paths.SEGMENTS).drop(columns="customer_type")
    with open_engine(params.engine) as engine:
        past = history(engine, read_folder(engine, paths.VALIDATED), [as_of_date])
        coded = encode(engine, past)
        found = associations_of(coded, params.recommend)
        customers = coded.customers.merge(segments, on="customer_id", how="left", validate="1:1")
        situation = look(coded, customers, found, params.recommend, as_of_date)
        lists = make_lists(coded, situation, params.recommend)
        spend = coded.spend()
    write_output(product_to_product(found), paths.PRODUCT_ASSOCIATIONS, PRODUCT_ASSOCIATIONS)
    write_output(lists, paths.PRODUCT_LISTS, PRODUCT_LISTS)
    report_associations(found, situation, spend, params.recommend)
    write_tables(incentives(spend, situation, params.recommend.incentives), paths.OFFERS_REPORT)
    log.info(
        "%d customers and %d products in; %d associations, %d products shown to %d customers out",
        len(customers),
        len(coded.products),
        sum(len(some) for some in found.best.values()),
        len(lists),
        lists["customer_id"].nunique(),
    )


def associations_of(coded: Coded, chosen: RecommendParams) -> Associations:
    """Return which products go with which."""
    return associate(
        baskets(coded.purchases(), chosen.max_products),
        coded.products,
        min_count=chosen.min_count,
        per_product=chosen.per_product,
    )


def look(
    coded: Coded,
    customers: pd.DataFrame,
    found: Associations,
    chosen: RecommendParams,
    as_of_date: date,
) -> Situation:
    """Gather what the lists are made from."""
    is_offered = coded.products["is_offered"] & (coded.products["category"] != NOT_OFFERED)
    return Situation(
        products=coded.products,
        customers=customers,
        is_content=is_content(
            coded.engine, coded.history, customers["customer_id"], chosen.content_days
        ),
        baskets=found.bought,
        next_rules=found.best["bought_next"],
        bought=coded.bought_lately(YEAR_DAYS),
        held=coded.held(),
        visited=coded.visited(VISIT_DAYS),
        manual=choice(read_manual(chosen.manual_file), coded.products, chosen.lists),
        is_shown=is_offered.to_numpy(bool),
        as_of_date=pd.Timestamp(as_of_date),
        depth=DEPTH,
        novelty_days=chosen.novelty_days,
        review_days=(chosen.review_from_days, chosen.review_until_days),
    )


def read_manual(name: str | None) -> pd.DataFrame:
    """Read the manual selection from the folder of incoming files; none without a name."""
    if name is None:
        return pd.DataFrame({"product_id": []}, dtype="object")
    path = paths.INCOMING / name
    if not path.is_file():
        raise ConfigurationError(
            f"recommend.manual_file in {paths.INCOMING}", f"no {path}", "Put it there, or set null."
        )
    return pd.read_csv(path, dtype="object")


def make_lists(coded: Coded, situation: Situation, chosen: RecommendParams) -> pd.DataFrame:
    """Return the rows of the product lists."""
    lists = product_lists(
        situation,
        coded.returned(),
        chosen.lists,
        Limits(chosen.products, chosen.per_list),
        chosen.consumable_days,
    )
    categories = coded.products["category"].to_numpy()[lists["product"]]
    return lists.assign(as_of_date=situation.as_of_date.date(), category=categories)


def report_associations(
    found: Associations, situation: Situation, spend: pd.DataFrame, chosen: RecommendParams
) -> None:
    """Write the tables of the associations and the page that begins with each."""
    tables = readable(
        found,
        situation.held,
        situation.products,
        spends_below_mean(situation.customers),
        spend,
        hook_days=chosen.hook_days,
        min_count=chosen.min_count,
    )
    write_tables(tables, paths.ASSOCIATIONS_REPORT)
    text = page(tables, situation.as_of_date.date().isoformat())
    (paths.ASSOCIATIONS_REPORT / "README.md").write_text(text, encoding="utf-8")


def spends_below_mean(customers: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Say who bought, and for less than the mean: the target of a reactivation."""
    never = customers["lifecycle_stage"].isin(["prospect", "visitor"])
    return np.asarray(~never & (customers["spend_to_mean"] < 1))


def incentives(
    spend: pd.DataFrame, situation: Situation, chosen: IncentivesParams
) -> Mapping[str, pd.DataFrame]:
    """Return spend thresholds and bounce-back offers."""
    purchases = orders(spend, situation.customers["rfm_segment"])
    rate = margin_rate(situation.bought, situation.products, chosen.margin_rate)
    assumed = Assumptions(
        gift_cost_cents=chosen.gift_cost_cents,
        reach=chosen.reach,
        take_up=chosen.take_up,
        margin_rate=rate,
        min_orders=chosen.min_orders,
        min_share=chosen.min_share,
    )
    vouchers = bounce_back(purchases, voucher_share=chosen.voucher_share, margin_rate=rate)
    return {"spend_thresholds": thresholds(purchases, assumed), "bounce_back": vouchers}


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables as CSV, numbers to six digits so that their text is the same everywhere."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")


if __name__ == "__main__":
    run(main)
