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
    assert found["finding"].fillna("").tolist() == ["", "repeated_response", "", ""]


def test_without_a_code_a_response_belongs_to_the_latest_wave_that_had_begun() -> None:
    later = wave(
        ARMS, wave="w20250315", as_of_date=date(2025, 3, 15), valid_from=date(2025, 3, 15)
    ).assign(offer_code=None)
    waves = pd.concat([wave(ARMS), later], ignore_index=True)
    rows = [
        {"customer_id": "c0", "occurred_at": moment}
        for moment in ("2025-02-01", "2025-03-14 23:59:59", "2025-03-15 00:00:00")
    ]
    found = match(responses(*rows, {"offer_code": "CODE0", "occurred_at": "2025-03-20"}), waves)
    assert found["wave"].tolist() == [WAVE, WAVE, "w20250315", WAVE]
    assert found["finding"].fillna("").tolist() == ["before_the_wave", "", "", ""]


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
        "nobody_named": {"rows": 1, "counted": 0},
        "unknown_customer": {"rows": 1, "counted": 0},
        "control_contacted": {"rows": 1, "counted": 1},
    }
