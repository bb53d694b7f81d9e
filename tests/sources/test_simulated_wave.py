"""A wave's true effect is what its outcomes differ by, when it is sent and when it is not."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.errors import DataError
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.wave import (
    ask,
    live_through,
    respond,
    share_of_period,
    true_uplift,
)
from tests.campaigns.simulated import decide, last_scene


@pytest.fixture(scope="module")
def scene() -> Scene:
    return last_scene(customers=1500)


@pytest.fixture(scope="module")
def offers(scene: Scene) -> pd.DataFrame:
    return decide(scene)


def take_up(scene: Scene, offers: pd.DataFrame, *, contacted: bool) -> float:
    asked = ask(scene, offers)
    everybody = np.full(len(offers), contacted)
    lived = [
        asked.taken(scene, live_through(np.random.default_rng(seed), scene, asked, everybody))
        for seed in range(60)
    ]
    return float(np.mean(lived))


def test_the_true_uplift_is_the_difference_of_what_happens_with_and_without(
    scene: Scene, offers: pd.DataFrame
) -> None:
    with_contact = take_up(scene, offers, contacted=True)
    without = take_up(scene, offers, contacted=False)
    truth = true_uplift(scene, ask(scene, offers)).mean()
    error = np.sqrt(2 * without * (1 - without) / (60 * len(offers)))
    assert truth > 0
    assert with_contact - without == pytest.approx(truth, abs=4 * error)


def test_without_contact_as_many_take_up_as_the_truth_says(
    scene: Scene, offers: pd.DataFrame
) -> None:
    expected = ask(scene, offers).of(scene.chances).mean()
    error = np.sqrt(expected * (1 - expected) / (60 * len(offers)))
    assert take_up(scene, offers, contacted=False) == pytest.approx(expected, abs=4 * error)


def test_the_share_of_the_period_is_that_of_its_days(scene: Scene, offers: pd.DataFrame) -> None:
    day = offers["as_of_date"].iloc[0]
    weeks = pd.DataFrame(
        {
            "valid_from": [day, day + timedelta(days=7), day - timedelta(days=9), day],
            "valid_until": [
                day + timedelta(days=27),
                day + timedelta(days=13),
                day - timedelta(days=1),
                day + timedelta(days=90),
            ],
        }
    )
    assert share_of_period(scene, weeks).tolist() == [1, 0.25, 0, 1]


def test_everybody_may_order_and_only_the_treated_react_to_messages(
    scene: Scene, offers: pd.DataFrame
) -> None:
    arms = np.where(offers.index % 2 == 0, "treated", "campaign_control")
    sent = offers.assign(arm=arms)
    back = respond(np.random.default_rng(1), scene, sent)
    assert set(back["kind"]) == {"ordered", "redeemed", "opened", "clicked", "unsubscribed"}
    treated = set(sent.loc[arms == "treated", "customer_id"])
    orders = set(back.loc[back["kind"] == "ordered", "customer_id"])
    assert orders & treated
    assert orders - treated
    named = back[(back["kind"] != "ordered") & (back["customer_id"] != "")]
    assert set(named["customer_id"]) <= treated
    codes = set(back.loc[back["kind"] == "redeemed", "offer_code"])
    assert codes <= set(sent.loc[arms == "treated", "offer_code"])
    assert back.loc[back["kind"] == "ordered", "amount"].astype(float).gt(0).all()


def test_a_wave_of_another_day_or_company_is_refused(scene: Scene, offers: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="a wave of 2024-07-29"):
        ask(scene, offers.assign(as_of_date=date(2024, 7, 1)))
    with pytest.raises(DataError, match="that it may not know"):
        ask(scene, offers.assign(customer_id="X"))
