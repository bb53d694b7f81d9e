"""A wave's true effect is what its outcomes differ by, when it is sent and when it is not."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.config import SimulatedParams
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.errors import DataError
from pipeline.sources.simulated.ledger import ACQUIRED
from pipeline.sources.simulated.responses import respond
from pipeline.sources.simulated.scene import Scene
from pipeline.sources.simulated.sealed_waves import contacted_of
from pipeline.sources.simulated.simulation import Company, simulate
from pipeline.sources.simulated.tables import extract
from pipeline.sources.simulated.timeline import start_of
from pipeline.sources.simulated.wave import ask, share_of_period, true_uplift
from tests.campaigns.simulated import decide, last_scene, live_through


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
    back = respond(scene, sent)
    usual = {"ordered", "redeemed", "opened", "clicked"}
    assert usual <= set(back["kind"]) <= {*usual, "unsubscribed"}
    treated = set(sent.loc[arms == "treated", "customer_id"])
    orders = set(back.loc[back["kind"] == "ordered", "customer_id"])
    assert orders & treated
    assert orders - treated
    named = back[(back["kind"] != "ordered") & (back["customer_id"] != "")]
    assert set(named["customer_id"]) <= treated
    codes = set(back.loc[back["kind"] == "redeemed", "offer_code"])
    assert codes <= set(sent.loc[arms == "treated", "offer_code"])
    assert back.loc[back["kind"] == "ordered", "amount"].astype(float).gt(0).all()


def test_no_response_has_the_id_of_another_waves(scene: Scene, offers: pd.DataFrame) -> None:
    treated = offers.assign(arm="treated")
    first, second = (respond(scene, treated.assign(wave=wave)) for wave in ("w1", "w2"))
    ids = [*first["response_id"], *second["response_id"]]
    assert len(set(ids)) == len(first) + len(second) > 100


def test_a_wave_of_another_day_or_company_is_refused(scene: Scene, offers: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="a wave of 2024-07-29"):
        ask(scene, offers.assign(as_of_date=date(2024, 7, 1)))
    with pytest.raises(DataError, match="that it may not know"):
        ask(scene, offers.assign(customer_id="X"))


@pytest.fixture(scope="module")
def sent(offers: pd.DataFrame) -> pd.DataFrame:
    arms = np.where(offers.index % 4 == 0, "campaign_control", "treated")
    return offers.assign(arm=arms, offer_code=None)


def lived(later: int, sent: pd.DataFrame | None) -> Company:
    """Return the company of `scene`, so many periods later."""
    params = SimulatedParams(
        customers=1500, periods=14, later_periods=later, seed=5, dirty_share=0.0
    )
    return simulate(params, None if sent is None else contacted_of(sent))


@pytest.fixture(scope="module")
def after(sent: pd.DataFrame) -> Company:
    return lived(1, sent)


@pytest.fixture(scope="module")
def after_nothing() -> Company:
    return lived(1, None)


def table(company: Company, name: str) -> pd.DataFrame:
    found: pd.DataFrame = extract(company, raw_tables({})[name]).to_pandas()
    return found


def test_a_wave_sealed_on_the_day_on_which_the_records_end_changes_nothing_of_them(
    scene: Scene, sent: pd.DataFrame
) -> None:
    company = lived(0, sent)
    for name in ("product_events", "messages"):
        pd.testing.assert_frame_equal(table(company, name), table(lived(0, None), name))
    assert (company.last.chances.cancel == scene.chances.cancel).all()


def test_what_was_known_before_the_wave_stays_as_it_was(
    after: Company, after_nothing: Company, sent: pd.DataFrame
) -> None:
    day = pd.Timestamp(sent["as_of_date"].iloc[0])
    for name, moment in (("product_events", "occurred_at"), ("messages", "sent_at")):
        with_wave, without = (table(one, name) for one in (after, after_nothing))
        one, other = (rows[rows[moment] < day] for rows in (with_wave, without))
        pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


def test_the_records_hold_the_waves_messages_and_all_of_them_arrive(
    after: Company, sent: pd.DataFrame
) -> None:
    messages = table(after, "messages")
    own = messages[messages["campaign_id"].isin(sent["campaign"])]
    treated = sent[(sent["arm"] == "treated") & (sent["channel"] != "web")]
    assert set(own["customer_id"]) == set(treated["customer_id"])
    assert len(own) == len(treated)
    assert own["bounced_at"].isna().all()
    told = own.merge(treated, on="customer_id", suffixes=("", "_asked"))
    assert (told["category"] == told["category_asked"]).all()
    assert (told["channel"] == told["channel_asked"]).all()
    assert messages["campaign_id"].str.startswith("K").sum() == len(messages) - len(own)


def test_the_orders_that_come_back_are_those_that_the_records_tell(
    scene: Scene, sent: pd.DataFrame, after: Company
) -> None:
    back = respond(scene, sent)
    orders = back[back["kind"] == "ordered"]
    events = table(after, "product_events")
    products = table(after, "products")[["product_id", "category"]]
    bought = events[events["kind"] == "acquired"].merge(products, on="product_id")
    bought = bought.merge(sent[["customer_id", "category"]], on=["customer_id", "category"])
    moments = bought["occurred_at"].dt.strftime("%Y-%m-%d %H:%M:%S")
    known = set(zip(bought["customer_id"], moments, strict=True))
    told = set(zip(orders["customer_id"], orders["occurred_at"], strict=True))
    assert len(told) > 100
    # Some are entered days late: after the records end.
    assert len(told - known) < 0.03 * len(told)


def bought_in_period(company: Company, period: int) -> set[tuple[int, int]]:
    """Return customer and category, by their places, of what was acquired in a period."""
    rows = company.events.ledger
    start, end = start_of(period), start_of(period + 1)
    is_now = (rows.kind == ACQUIRED) & (rows.occurred >= start) & (rows.occurred < end)
    category = company.last.catalogue.category[rows.product[is_now]]
    return set(zip(rows.customer[is_now].tolist(), category.tolist(), strict=True))


def test_only_those_who_were_contacted_do_otherwise_and_more_of_them_buy(
    scene: Scene, after: Company, after_nothing: Company, sent: pd.DataFrame
) -> None:
    with_wave, without = (bought_in_period(one, 14) for one in (after, after_nothing))
    known = set(np.flatnonzero(scene.known).tolist())
    gained = {pair for pair in with_wave - without if pair[0] in known}
    lost = {pair for pair in without - with_wave if pair[0] in known}
    asked = ask(scene, contacted_of(sent))
    contacted = set(zip(asked.customer.tolist(), asked.category.tolist(), strict=True))
    assert {customer for customer, _ in gained | lost} <= set(asked.customer.tolist())
    assert len(gained & contacted) > 3 * len(lost & contacted)
