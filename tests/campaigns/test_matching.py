from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest

from pipeline.campaigns.matching import FINDINGS, count_findings, match
from pipeline.foundation.contracts.tables import UNPARSED
from tests.campaigns.waves import WAVE, responses, wave

ARMS = ["treated", "treated", "campaign_control", "universal_control", None]


def matched(*rows: Mapping[str, object]) -> pd.DataFrame:
    return match(responses(*rows), wave(ARMS))


def test_an_order_belongs_to_the_customer_it_names() -> None:
    found = matched({"customer_id": "c0"}).iloc[0]
    assert (found["wave"], found["arm"], found["is_counted"]) == (WAVE, "treated", True)
    assert pd.isna(found["finding"])


def test_a_code_says_whose_it_is() -> None:
    found = matched({"offer_code": "CODE1", "kind": "redeemed"}).iloc[0]
    assert (found["customer_id"], found["is_counted"]) == ("c1", True)


def test_a_code_may_be_typed_in_any_way() -> None:
    found = matched({"offer_code": "co-de 1", "kind": "redeemed"}).iloc[0]
    assert (found["customer_id"], found["is_counted"]) == ("c1", True)


@pytest.mark.parametrize(
    ("row", "finding", "is_counted"),
    [
        ({"customer_id": "c0", UNPARSED: '{"amount": "ten"}'}, "unreadable", False),
        ({"customer_id": "c0", "kind": "bought"}, "unknown_kind", False),
        ({"customer_id": "c0", "occurred_at": None}, "no_moment", False),
        ({}, "nobody_named", False),
        ({"offer_code": "NONE"}, "unknown_code", False),
        ({"customer_id": "c0", "offer_code": "NONE"}, "unknown_code", True),
        ({"customer_id": "c9"}, "unknown_customer", False),
        ({"customer_id": "c1", "offer_code": "CODE0"}, "code_of_another_customer", True),
        ({"customer_id": "c4"}, "no_offer", False),
        ({"customer_id": "c0", "occurred_at": "2025-03-01 23:59:59"}, "before_the_wave", False),
        ({"customer_id": "c0", "occurred_at": "2025-03-30 00:00:00"}, "after_the_offer", False),
        (
            {"offer_code": "CODE0", "kind": "redeemed", "occurred_at": "2025-04-01"},
            "expired_code",
            False,
        ),
        ({"customer_id": "c2", "kind": "opened"}, "control_contacted", True),
        ({"offer_code": "CODE3", "kind": "redeemed"}, "control_contacted", True),
    ],
)
def test_what_is_odd_is_said_and_stays(
    row: Mapping[str, object], finding: str, is_counted: bool
) -> None:
    found = matched(row)
    assert found["finding"].tolist() == [finding]
    assert found["is_counted"].tolist() == [is_counted]


@pytest.mark.parametrize("moment", ["2025-03-02 00:00:00", "2025-03-29 23:59:59"])
def test_the_first_and_the_last_day_of_the_offer_count(moment: str) -> None:
    assert matched({"customer_id": "c0", "occurred_at": moment})["is_counted"].all()


def test_an_order_of_a_control_is_nothing_odd() -> None:
    found = matched({"customer_id": "c2"}, {"customer_id": "c3"})
    assert found["finding"].isna().all()
    assert found["is_counted"].all()


def test_a_code_counts_once_and_the_earliest_redemption_is_the_one() -> None:
    late = {"offer_code": "CODE0", "kind": "redeemed", "occurred_at": "2025-03-12"}
    early = late | {"occurred_at": "2025-03-11", "offer_code": "code0"}
    found = matched(late, early)
    assert found["finding"].fillna("").tolist() == ["redeemed_again", ""]


def test_a_response_sent_twice_counts_once() -> None:
    row = {"customer_id": "c0", "response_id": "r1"}
    found = matched(row, row, {"customer_id": "c0"}, {"customer_id": "c0"})
    assert found["finding"].fillna("").tolist() == [
        "",
        "repeated_response",
        "",
        "repeated_response",
    ]


def two_waves(**later: object) -> pd.DataFrame:
    """Return a wave of five customers, and one two weeks later whose offers have no codes."""
    second = {"wave": "w20250315", "as_of_date": date(2025, 3, 15), "valid_from": date(2025, 3, 15)}
    return pd.concat([wave(ARMS), wave(ARMS, **second | later, offer_code=None)], ignore_index=True)


@pytest.mark.parametrize("code", [None, "CODE0"])
def test_an_order_belongs_to_the_customers_own_latest_running_offer_whatever_its_code(
    code: str | None,
) -> None:
    rows = [
        {"customer_id": "c0", "offer_code": code, "occurred_at": moment}
        for moment in ("2025-02-01", "2025-03-14 23:59:59", "2025-03-15 00:00:00")
    ]
    found = match(responses(*rows), two_waves())
    assert found["wave"].tolist() == [WAVE, WAVE, "w20250315"]
    assert found["finding"].fillna("").tolist() == ["before_the_wave", "", ""]


def test_an_order_of_a_customer_whom_the_later_wave_leaves_out_counts_for_the_earlier() -> None:
    waves = two_waves()
    is_out = (waves["wave"] == "w20250315") & (waves["customer_id"] == "c2")
    waves.loc[is_out, "arm"] = None
    found = match(responses({"customer_id": "c2", "occurred_at": "2025-03-20"}), waves).iloc[0]
    assert (found["wave"], found["arm"], found["is_counted"]) == (WAVE, "campaign_control", True)


def test_an_order_of_another_category_is_of_no_offer() -> None:
    waves = two_waves(category="milk", product_id="milk1")
    told = [
        {"customer_id": "c0", "occurred_at": "2025-03-20", "category": "tea"},
        {"customer_id": "c0", "occurred_at": "2025-03-20", "product_id": "milk1"},
        {"customer_id": "c0", "occurred_at": "2025-03-20", "category": "bread"},
        {"customer_id": "c0", "occurred_at": "2025-03-20", "product_id": "bread1"},
    ]
    found = match(responses(*told), waves)
    assert found["wave"].tolist()[:2] == [WAVE, "w20250315"]
    assert found["finding"].fillna("").tolist() == ["", "", "other_category", "other_category"]
    assert found["is_counted"].tolist() == [True, True, False, False]


def test_a_click_belongs_to_the_wave_of_its_code() -> None:
    row = {"offer_code": "CODE0", "kind": "clicked", "occurred_at": "2025-03-20"}
    assert match(responses(row), two_waves())["wave"].tolist() == [WAVE]


def test_an_order_that_only_a_code_tells_the_customer_of_counts_and_is_told() -> None:
    found = matched({"offer_code": "CODE1"}).iloc[0]
    assert (found["customer_id"], found["is_counted"]) == ("c1", True)
    assert found["finding"] == "named_by_code_alone"


def test_a_refund_counts_where_the_order_does_that_it_pays_back() -> None:
    rows = [
        {"customer_id": "c0", "amount_cents": 4990, "occurred_at": "2025-03-10"},
        {"customer_id": "c0", "amount_cents": 2000, "occurred_at": "2025-03-12"},
        {"customer_id": "c0", "amount_cents": -4990, "occurred_at": "2025-05-01"},
        {"customer_id": "c1", "amount_cents": -4990, "occurred_at": "2025-03-10"},
    ]
    found = matched(*rows)
    assert found["counts_at"].iloc[2] == pd.Timestamp("2025-03-10")
    assert found["finding"].fillna("").tolist() == ["", "", "refund", "refund_without_order"]
    assert found["is_counted"].tolist() == [True, True, True, False]


def test_no_row_is_lost_and_what_does_not_count_says_why() -> None:
    rows = [
        {"customer_id": customer, "offer_code": code, "kind": kind, "occurred_at": moment}
        for customer in ("c0", "c2", "c4", "c9", None)
        for code in ("CODE0", "CODE2", "NONE", None)
        for kind in ("ordered", "redeemed", "other")
        for moment in ("2025-01-01", "2025-03-10", "2025-05-01", None)
    ]
    found = matched(*rows)
    assert len(found) == len(rows)
    assert found.loc[~found["is_counted"], "finding"].notna().all()
    assert set(found["finding"].dropna()) <= set(FINDINGS)


def test_findings_are_counted_with_how_many_count_all_the_same() -> None:
    found = matched({"customer_id": "c2", "kind": "opened"}, {"customer_id": "c9"}, {})
    assert count_findings(found) == {
        "nobody_named": {"rows": 1, "counted": 0, "orders": 1},
        "unknown_customer": {"rows": 1, "counted": 0, "orders": 1},
        "control_contacted": {"rows": 1, "counted": 1, "orders": 0},
    }
