from pipeline.campaigns.matching import match
from pipeline.campaigns.wave_outcomes import outcomes
from tests.campaigns.waves import responses, wave

ARMS = ["treated", "treated", "campaign_control", "universal_control", None]


def test_everybody_in_an_arm_counts_whether_they_did_anything_or_not() -> None:
    sent = wave(ARMS)
    back = responses(
        {"customer_id": "c0", "amount_cents": 500},
        {"customer_id": "c0", "amount_cents": 700},
        {"customer_id": "c2", "amount_cents": 900},
        {"customer_id": "c1", "kind": "opened"},
    )
    found = outcomes(sent, match(back, sent))
    assert found["customer_id"].tolist() == ["c0", "c1", "c2", "c3"]
    assert found["take_up"].tolist() == [1, 0, 1, 0]
    assert found["revenue_cents"].tolist() == [1200, 0, 900, 0]
    assert found["opened"].tolist() == [False, True, False, False]


def test_profit_is_the_offers_value_if_taken_up_less_the_contact_of_the_treated() -> None:
    sent = wave(ARMS)
    back = responses({"customer_id": "c0"}, {"customer_id": "c2"})
    found = outcomes(sent, match(back, sent))
    assert found["profit_cents"].tolist() == [990, -10, 1000, 0]


def test_what_does_not_count_is_no_outcome() -> None:
    sent = wave(ARMS)
    back = responses({"customer_id": "c0", "occurred_at": "2025-02-01", "amount_cents": 500})
    found = outcomes(sent, match(back, sent))
    assert not found[["take_up", "revenue_cents"]].to_numpy().any()


def test_who_has_no_household_is_alone() -> None:
    sent = wave(ARMS, household_id=None)
    found = outcomes(sent, match(responses({}), sent))
    assert found["household"].is_unique


def test_customers_of_one_household_are_one_unit_of_the_draw() -> None:
    sent = wave(ARMS, household_id=["h", "h", "x", None, "h"])
    found = outcomes(sent, match(responses({}), sent))["household"]
    assert found.nunique() == 3
    assert found.iloc[0] == found.iloc[1]
