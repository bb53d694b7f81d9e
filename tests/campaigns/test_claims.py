from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.campaigns.average_effect import compare_arms
from pipeline.campaigns.claims import agrees, check_claim, claim
from pipeline.campaigns.measurement import report_claims
from pipeline.statistics.bootstrap import Interval
from tests.campaigns.waves import drawn, wave


def claiming(rows: pd.DataFrame, effect: float, half: float = 0.01) -> pd.DataFrame:
    return rows.assign(
        effect=effect, effect_low=effect - half, effect_high=effect + half, effect_origin="assumed"
    )


def test_two_offers_claim_the_sum_of_their_effects_net_of_cost() -> None:
    sent = wave(["treated", "treated", "campaign_control"]).assign(
        effect=[0.02, 0.04, 0.5],
        effect_low=[0.01, 0.0, 0.5],
        effect_high=[0.03, 0.08, 0.5],
        effect_origin=["randomised", "assumed", "assumed"],
    )
    found = claim(sent)
    assert found is not None
    assert list(asdict(found.take_ups).values()) == pytest.approx([0.06, 0.01, 0.11])
    assert list(asdict(found.profit_cents).values()) == pytest.approx([40, -10, 90])
    assert found.origins == (("assumed", 1), ("randomised", 1))


def test_a_wave_without_effects_claims_nothing() -> None:
    rows = drawn(1, 200, uplift=0.0).assign(effect=np.nan)
    assert claim(rows) is None
    assert check_claim(rows, compare_arms(rows)) is None


@pytest.mark.parametrize(
    ("measured", "is_held"),
    [
        # 20 - 50 = -30, and sqrt(25^2 + 10^2) = 26.9 above it is still below 0.
        (Interval(20, -5, 45), False),
        # 25 - 50 = -25: 26.9 above it is 1.9.
        (Interval(25, 0, 50), True),
        (Interval(50, 49, 51), True),
        (Interval(80, 70, 90), False),
        (Interval(None, None, None), None),
    ],
)
def test_a_claim_agrees_if_the_interval_of_the_difference_holds_none(
    measured: Interval, is_held: bool | None
) -> None:
    assert agrees(Interval(50, 40, 60), measured) is is_held


def test_a_claim_that_is_true_is_held_and_one_that_is_not_is_told() -> None:
    rows = drawn(2, 20_000, uplift=0.05)
    true, false = (check_claim(claiming(rows, each), compare_arms(rows)) for each in (0.05, 0.15))
    assert true is not None
    assert false is not None
    assert (true.is_held, false.is_held) == (True, False)
    assert "The two agree within their intervals." in true.sentences[0]
    assert "The claim lies outside" in false.sentences[0]
    assert true.claimed.take_ups.value == pytest.approx(0.05 * (rows["arm"] == "treated").sum())


def test_claimed_effects_are_calibrated_by_channel_and_by_decile() -> None:
    rows = drawn(3, 20_000, uplift=0.0).assign(
        channel=lambda all_rows: np.where(all_rows.index % 2 == 0, "email", "phone")
    )
    is_moved = (rows["channel"] == "phone") & (rows["arm"] == "treated")
    took = rows["take_up"] | (is_moved & (np.random.default_rng(4).random(len(rows)) < 0.1))
    rows = claiming(rows.assign(take_up=took.astype(int)), 0.0)
    rows = rows.assign(effect=np.where(rows["channel"] == "phone", 0.09, 0.0))
    found = check_claim(rows, compare_arms(rows))
    assert found is not None
    email, phone = found.by_channel
    assert (email.value, email.claimed.value) == ("email", 0)
    assert phone.claimed.value == pytest.approx(0.09)
    for part, truth in ((email, 0.0), (phone, 0.09)):
        assert part.measured.low is not None
        assert part.measured.high is not None
        assert part.measured.low <= truth <= part.measured.high
    # Ties share the decile of their mean rank: 5,000.5 of 20,000 for the phone, 15,000.5 else.
    assert [part.value for part in found.by_decile] == ["3", "8"]


def test_misses_in_a_row_are_counted_back_from_the_last_wave() -> None:
    def measured(day: str, is_held: bool | None) -> dict[str, Any]:
        figure = {"value": 1.0, "low": 0.0, "high": 2.0}
        names = ("take_ups", "measured_take_ups", "profit_cents", "measured_profit_cents")
        return {
            "as_of_date": day,
            "sample_ratio": {"is_mismatch": False},
            "claim": {**dict.fromkeys(names, figure), "is_held": is_held},
        }

    waves = {
        "w4": measured("2025-04-01", is_held=False),
        "w1": measured("2025-01-01", is_held=False),
        "w2": measured("2025-02-01", is_held=True),
        "w3": measured("2025-03-01", is_held=False),
        "w5": measured("2025-05-01", is_held=None),
        "w6": {"as_of_date": "2025-06-01"},
    }
    found = report_claims(waves)
    assert [one["wave"] for one in found["waves"]] == ["w1", "w2", "w3", "w4"]
    assert found["consecutive_misses"] == 2
    mismatched = waves["w4"] | {"sample_ratio": {"is_mismatch": True}}
    assert report_claims(waves | {"w4": mismatched})["consecutive_misses"] == 1
    assert report_claims({"w2": waves["w2"]})["consecutive_misses"] == 0
    assert report_claims({})["consecutive_misses"] == 0
