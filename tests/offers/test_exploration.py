"""Exploration: who is explored, what they get, and with which probability."""

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.contracts.frame_rows import to_rows
from pipeline.foundation.engines import Engine
from pipeline.offers.allocation import Limits
from pipeline.offers.customer_contacts import CONTACTS
from pipeline.offers.exploration import (
    LOGGED,
    explore,
    explore_offers,
    log_contacts,
    read_chosen,
)

CHANNELS = ("email", "phone", "sms")


def contacts(customers: int) -> pd.DataFrame:
    """Every customer may get mobile on three channels and tv by e-mail."""
    ids = [f"C{number:05d}" for number in range(customers)]
    mobile = pd.MultiIndex.from_product([ids, ["cross_sell"], ["mobile"], CHANNELS])
    tv = pd.MultiIndex.from_product([ids, ["up_sell"], ["tv"], ["email"]])
    frame = mobile.append(tv).to_frame(index=False)
    frame.columns = pd.Index(["customer_id", "model", "category", "channel"])
    return frame


def wanted(rows: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """The policy calls everybody about mobile."""
    is_wanted: np.ndarray[tuple[int], np.dtype[np.bool_]] = (rows["channel"] == "phone").to_numpy()
    return is_wanted


def test_the_probability_of_the_wanted_contact_and_of_the_others_by_hand() -> None:
    rows = contacts(1)
    found = explore(rows, wanted(rows), share=0.08, salt="w1").action_probability
    assert dict(zip(rows["channel"] + " " + rows["category"], found, strict=True)) == pytest.approx(
        {"email mobile": 0.02, "phone mobile": 0.94, "sms mobile": 0.02, "email tv": 0.02}
    )


def test_probabilities_of_a_customer_with_a_wanted_contact_add_up_to_one() -> None:
    rows = contacts(50)
    found = explore(rows, wanted(rows), share=0.3, salt="w1").action_probability
    assert pd.Series(found).groupby(rows["customer_id"]).sum().to_numpy() == pytest.approx(1)


def test_whom_the_policy_leaves_alone_has_a_contact_with_the_share_of_exploration_only() -> None:
    rows = contacts(1)
    nobody = np.zeros(len(rows), dtype=bool)
    assert explore(rows, nobody, share=0.1, salt="w1").action_probability.sum() == pytest.approx(
        0.1
    )


def test_explored_customers_come_to_the_share_and_get_one_contact_each() -> None:
    rows = contacts(20_000)
    drawn = rows[explore(rows, wanted(rows), share=0.05, salt="w1").is_drawn]
    assert not drawn["customer_id"].duplicated().any()
    assert abs(len(drawn) - 1_000) < 5 * np.sqrt(20_000 * 0.05 * 0.95)


def test_every_permitted_contact_is_drawn_equally_often() -> None:
    rows = contacts(20_000)
    drawn = rows[explore(rows, wanted(rows), share=1, salt="w1").is_drawn]
    counts = drawn.groupby(["category", "channel"]).size()
    assert len(drawn) == 20_000
    assert (abs(counts - 5_000) < 5 * np.sqrt(20_000 * 0.25 * 0.75)).all()


def test_the_order_of_the_rows_moves_no_draw() -> None:
    rows = contacts(300)
    shuffled = rows.sample(frac=1, random_state=5)
    kept = explore(rows, wanted(rows), share=0.5, salt="w1")
    again = explore(shuffled, wanted(shuffled), share=0.5, salt="w1")
    assert set(rows.index[kept.is_drawn]) == set(shuffled.index[again.is_drawn])


def test_another_wave_explores_others() -> None:
    rows = contacts(2_000)
    one = rows.loc[explore(rows, wanted(rows), share=0.1, salt="w1").is_drawn, "customer_id"]
    two = rows.loc[explore(rows, wanted(rows), share=0.1, salt="w2").is_drawn, "customer_id"]
    assert 5 < len(set(one) & set(two)) < 45  # 20 are expected of two independent draws


def test_without_exploration_the_policy_decides_alone() -> None:
    rows = contacts(10)
    found = explore(rows, wanted(rows), share=0, salt="w1")
    assert not found.is_drawn.any()
    assert found.action_probability.tolist() == wanted(rows).astype(float).tolist()


# The offers of a wave

NO_LIMITS = Limits(models={}, categories={}, channels={}, budget_cents=None)


def weighed(customers: int) -> pd.DataFrame:
    rows = contacts(customers)
    costs = rows["channel"].map({"email": 1, "sms": 6, "phone": 450})
    return rows.assign(
        contact_cost_cents=costs, priority_cents=5.0, adds_cents=3.0, is_explorable=True
    )


def chosen(rows: pd.DataFrame) -> pd.DataFrame:
    """The policy calls everybody about mobile."""
    return rows[rows["channel"] == "phone"].reset_index(drop=True)


def explored(
    engine: Engine, rows: pd.DataFrame, limits: Limits, share: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the contacts that may be drawn, and the offers once some are drawn."""
    whole = to_rows(rows.reindex(columns=CONTACTS.names), CONTACTS)
    keys = engine.table(chosen(rows)[["model", "customer_id", "category", "channel"]])
    logged = log_contacts(engine, engine.table(whole), keys, share=share, salt="w1")
    found: pd.DataFrame = engine.arrow(logged).to_pandas()
    own = read_chosen(engine, engine.table(whole), keys, logged)
    return found, explore_offers(own, found[found["is_drawn"]], limits, salt="w1")


def test_explored_offers_are_marked_and_everybody_keeps_one(engine: Engine) -> None:
    rows = weighed(4_000)
    logged, offers = explored(engine, rows, NO_LIMITS, 0.1)
    assert list(logged.columns) == LOGGED.names
    assert len(logged) == len(rows)
    assert offers["customer_id"].tolist() == sorted(set(rows["customer_id"]))
    drawn = offers[offers["is_explored"]]
    assert abs(len(drawn) - 400) < 5 * np.sqrt(4_000 * 0.1 * 0.9)
    assert set(drawn["channel"]) == {"email", "sms", "phone"}
    is_wanted = drawn["channel"] == "phone"
    assert drawn.loc[is_wanted, "action_probability"].to_numpy() == pytest.approx(0.925)
    assert drawn.loc[~is_wanted, "action_probability"].to_numpy() == pytest.approx(0.025)
    kept = offers[~offers["is_explored"]]
    assert kept["action_probability"].to_numpy() == pytest.approx(0.925)
    # What decides says what an offer is worth; a drawn contact stands by what it adds.
    assert set(kept["priority_cents"]) == {5.0}
    assert set(drawn["priority_cents"]) == {3.0}


def test_no_draw_exceeds_what_the_limits_leave_beside_everybodys_own_offer(engine: Engine) -> None:
    rows = weighed(1_000)
    limits = Limits(models={}, categories={}, channels={"sms": 7}, budget_cents=None)
    _, offers = explored(engine, rows, limits, 0.5)
    assert (offers["channel"] == "sms").sum() == 7
    nothing_left = Limits(models={}, categories={}, channels={}, budget_cents=450 * 1_000)
    _, kept = explored(engine, rows, nothing_left, 0.5)
    assert not kept["is_explored"].any()


def test_only_contacts_that_could_pay_are_drawn_and_only_for_whoever_has_an_offer(
    engine: Engine,
) -> None:
    rows = weighed(2).assign(is_explorable=lambda frame: frame["channel"] != "sms")
    rows.loc[(rows["customer_id"] == "C00001") & (rows["channel"] == "phone"), "channel"] = "mail"
    logged, _ = explored(engine, rows, NO_LIMITS, 0.5)
    assert set(logged["customer_id"]) == {"C00000"}
    assert set(logged["channel"]) == {"email", "phone"}
