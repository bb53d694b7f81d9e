"""Exploration: who is explored, what they get, and with which probability."""

import numpy as np
import pandas as pd
import pytest

from pipeline.offers.exploration import explore

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
