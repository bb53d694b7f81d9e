import numpy as np
import pandas as pd
import pytest

from pipeline.campaigns.effect_ranking import compare_rankings, rank_by_effect
from pipeline.campaigns.qini import compare_qini, qini
from tests.campaigns.waves import drawn

ONES = np.ones(40)
PLACES = np.arange(40) // 2
TREATED = np.arange(40) % 2 == 0


def persuadable(count: int, uplift: float) -> pd.DataFrame:
    """Return a wave in which only the dear offers move anybody, and propensity says nothing."""
    rows = drawn(3, count, uplift=0.0)
    is_dear = np.arange(count) % 2 == 0
    moved = is_dear & (rows["arm"] == "treated").to_numpy()
    took = np.random.default_rng(4).random(count) < 0.05 + uplift * moved
    return rows.assign(value_cents=np.where(is_dear, 5000, 1000), take_up=took.astype(int))


def test_an_order_that_puts_all_whom_the_contact_moves_first_has_the_largest_qini() -> None:
    # Bins of one treated and one control; the treated of the first ten bins respond.
    # The curve rises to 1/2 at half of the way and stays: the area is 1/8 + 1/4, less 1/4.
    moved = TREATED & (PLACES < 10)
    assert qini(PLACES, moved, TREATED, ONES) == pytest.approx(0.125)
    assert qini(19 - PLACES, moved, TREATED, ONES) == pytest.approx(-0.125)


def test_an_order_that_has_nothing_to_do_with_the_effect_has_none() -> None:
    everybody_or_nobody = PLACES < 10
    assert qini(PLACES, everybody_or_nobody, TREATED, ONES) == pytest.approx(0)
    assert qini(PLACES, TREATED, TREATED, ONES) == pytest.approx(0)


def test_a_weight_of_two_is_a_row_that_stands_there_twice() -> None:
    random = np.random.default_rng(1)
    responded = random.random(40) < 0.5
    weights = 1.0 + (np.arange(40) % 3 == 0)
    rows = np.repeat(np.arange(40), weights.astype(int))
    twice = qini(PLACES[rows], responded[rows], TREATED[rows], np.ones(len(rows)))
    assert qini(PLACES, responded, TREATED, weights) == pytest.approx(twice)


def test_the_limits_of_an_empty_ranking_hold_nothing() -> None:
    random = np.random.default_rng(2)
    treated = random.random(4_000) < 0.7
    responded = random.random(4_000) < 0.1
    alone, pairs = compare_qini(
        {"one": random.random(4_000), "other": random.random(4_000)},
        responded,
        treated,
        np.arange(4_000),
        replicates=200,
        seed=1,
    )
    for interval in (*alone.values(), *pairs.values()):
        assert interval.low is not None
        assert interval.high is not None
        assert interval.low < 0 < interval.high
    assert pairs[("one", "other")].value == pytest.approx(-(pairs[("other", "one")].value or 0))


def test_where_contacts_move_other_people_than_propensity_says_effect_earns_its_use() -> None:
    rows = persuadable(8_000, uplift=0.15)
    ranked = rank_by_effect(rows, seed=1, threads=1)
    assert ranked is not None
    priced = ranked.merge(rows[["customer_id", "value_cents"]], on="customer_id")
    by_offer = priced.groupby("value_cents")["estimated_effect"].mean()
    assert by_offer[5000] - by_offer[1000] == pytest.approx(0.15, abs=0.05)
    found = compare_rankings(rows, ranked, replicates=100, seed=1)
    assert found.has_earned_it
    assert "has earned its use" in found.in_words


def test_where_nobody_is_moved_propensity_stays_the_ranking() -> None:
    rows = persuadable(8_000, uplift=0.0)
    ranked = rank_by_effect(rows, seed=1, threads=1)
    assert ranked is not None
    found = compare_rankings(rows, ranked, replicates=100, seed=1)
    assert not found.has_earned_it
    assert "propensity stays the ranking" in found.in_words


def test_estimated_effects_do_not_depend_on_the_draw_of_another_run() -> None:
    rows = persuadable(8_000, uplift=0.15)
    first = rank_by_effect(rows, seed=1, threads=1)
    again = rank_by_effect(rows, seed=1, threads=2)
    assert first is not None
    assert again is not None
    assert first.equals(again)


def test_a_handful_of_responses_is_not_ranked_by_effect() -> None:
    assert rank_by_effect(persuadable(800, uplift=0.1), seed=1, threads=1) is None
