import numpy as np
import pandas as pd
import pytest

from pipeline.campaigns.breakdown import break_down
from pipeline.campaigns.rates import rate
from pipeline.campaigns.realised import (
    compare_halves,
    deciles_of,
    realise_calibration,
    realise_deciles,
)
from tests.campaigns.waves import drawn


def hundred() -> pd.DataFrame:
    """Return a hundred customers, the likeliest last; the likeliest twenty take up."""
    rows = drawn(1, 100, uplift=0.0).assign(propensity=np.arange(100) / 100)
    took = (np.arange(100) >= 80).astype(int)
    arm = np.where(np.arange(100) % 2 == 0, "treated", "campaign_control")
    return rows.assign(arm=arm, take_up=took)


def test_decile_one_is_the_likeliest_tenth() -> None:
    assert deciles_of(hundred()).tolist() == [10 - number // 10 for number in range(100)]


def test_each_decile_says_what_was_promised_and_what_came() -> None:
    first, second, third, *_ = realise_deciles(hundred())
    assert first.decile == 1
    assert first.propensity == pytest.approx(0.945)
    assert (first.treated_customers, first.control_customers) == (5, 5)
    assert (first.treated.value, first.control.value, first.uplift.value) == (1, 1, 0)
    assert (first.lift, second.lift, third.lift) == (5, 5, 0)


def test_calibration_is_told_of_each_arm() -> None:
    found = realise_calibration(hundred())
    assert list(found) == ["campaign_control", "treated"]
    assert found["treated"].propensity == pytest.approx(0.49)
    assert found["treated"].observed == rate(10, 50)


def test_the_likelier_half_takes_up_more_if_the_model_ranks() -> None:
    ranking = compare_halves(drawn(2, 5_000, uplift=0.0))
    assert ranking.ratio.low is not None
    assert ranking.ratio.low > 1
    blind = compare_halves(drawn(2, 5_000, uplift=0.0, slope=0.0))
    assert blind.ratio.low is not None
    assert blind.ratio.high is not None
    assert blind.ratio.low < 1 < blind.ratio.high


def test_a_share_of_nobody_is_not_known() -> None:
    assert rate(0, 0).value is None
    assert rate(0, 50).low == 0


def test_responses_are_cut_by_what_the_wave_knows() -> None:
    rows = hundred().assign(
        channel=np.where(np.arange(100) < 80, "email", "sms"),
        opened=lambda all_rows: all_rows["arm"] == "treated",
        reason=None,
    )
    found = break_down(rows)
    assert list(found) == ["campaign", "category", "channel", "reason"]
    email, sms = found["channel"]
    assert (email.value, email.customers, email.take_up.value, email.opened.value) == (
        "email",
        40,
        0,
        1,
    )
    assert (sms.value, sms.take_up.value, sms.control_take_up.value) == ("sms", 1, 1)
    assert found["reason"] == []
