import numpy as np
import pandas as pd
import pytest

from pipeline.campaigns.average_effect import average_effect
from pipeline.campaigns.matching import match
from pipeline.campaigns.wave_outcomes import is_answered, outcomes
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


@pytest.mark.parametrize(
    ("amounts", "take_up", "revenue", "profit"),
    [
        ([4990, -4990], 0, 0, -10),
        ([4990, -2000], 1, 2990, 990),
        ([4990, 2000, -4990], 1, 2000, 990),
        ([4990, 4990, -4990, -4990], 0, 0, -10),
        ([None, -4990], 0, -4990, -10),
        ([-4990], 0, 0, -10),
    ],
)
def test_a_full_refund_undoes_a_take_up_and_its_profit(
    amounts: list[int | None], take_up: int, revenue: int, profit: int
) -> None:
    sent = wave(ARMS)
    rows = [
        {"customer_id": "c0", "amount_cents": amount, "occurred_at": f"2025-03-{10 + day}"}
        for day, amount in enumerate(amounts)
    ]
    first = outcomes(sent, match(responses(*rows), sent)).iloc[0]
    assert (first["take_up"], first["revenue_cents"], first["profit_cents"]) == (
        take_up,
        revenue,
        profit,
    )


def test_two_waves_seven_days_apart_that_cause_nothing_are_found_to_cause_nothing() -> None:
    random = np.random.default_rng(1)
    names = [f"k{number:04d}" for number in range(4_000)]
    drawn = {
        name: np.where(random.random(4_000) < 0.7, "treated", "campaign_control").tolist()
        for name in ("w20250301", "w20250308")
    }
    waves = pd.concat(
        [
            wave(
                arms,
                customer_id=names,
                wave=name,
                offer_code=[
                    f"{name}{n}" if arm == "treated" else None for n, arm in enumerate(arms)
                ],
                valid_from=pd.Timestamp(name[1:]).date(),
                valid_until=(pd.Timestamp(name[1:]) + pd.Timedelta(days=27)).date(),
            )
            for name, arms in drawn.items()
        ],
        ignore_index=True,
    )
    buyers = np.flatnonzero(random.random(4_000) < 0.2)
    day = random.integers(0, 35, len(buyers))
    codes = waves["offer_code"].where(waves["wave"] == "w20250301").dropna()
    back = responses(
        *(
            {
                "customer_id": names[buyer],
                "offer_code": codes.get(buyer),
                "occurred_at": f"{pd.Timestamp('2025-03-01') + pd.Timedelta(days=int(after))}",
            }
            for buyer, after in zip(buyers, day, strict=True)
        )
    )
    matched = match(back, waves)
    assert matched["is_counted"].all()
    for _, rows in waves.groupby("wave"):
        did = outcomes(rows, matched)
        found = average_effect(did, "campaign_control", "take_up").raw
        # 28 of the 35 days on which orders lie are the wave's: 0.2 x 28 / 35 = 0.16.
        assert found.treated == pytest.approx(0.16, abs=0.02)
        assert found.control == pytest.approx(0.16, abs=0.02)
        assert found.difference.low is not None
        assert found.difference.high is not None
        assert found.difference.low < 0 < found.difference.high


def test_whom_a_later_wave_leaves_out_makes_no_effect_of_the_earlier_one() -> None:
    # Nothing is caused: all four order on day 20. The later wave offers to the controls alone,
    # since the others were just contacted.
    first = wave(["treated", "treated", "campaign_control", "campaign_control"])
    later = first.assign(
        wave="w20250308",
        arm=pd.Series([None, None, "treated", "campaign_control"]),
        offer_code=None,
    )
    waves = pd.concat([first, later], ignore_index=True)
    back = responses(*({"customer_id": f"c{n}", "occurred_at": "2025-03-20"} for n in range(4)))
    assert outcomes(first, match(back, waves))["take_up"].tolist() == [1, 1, 1, 1]


def test_a_wave_is_answered_by_an_order_that_a_later_one_shares() -> None:
    first = wave(ARMS)
    waves = pd.concat([first, first.assign(wave="w20250308", offer_code=None)], ignore_index=True)
    matched = match(responses({"customer_id": "c0"}), waves)
    assert set(matched["wave"]) == {"w20250308"}
    assert is_answered(first, matched)
    assert not is_answered(first.iloc[1:], matched)
