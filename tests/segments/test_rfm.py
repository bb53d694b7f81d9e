"""RFM scores and segment names, and spend against the mean."""

import pandas as pd
import pytest

from pipeline.segments.rfm import RFM_SEGMENTS, fifths, rfm, spend_to_mean


def facts(**columns: list[float]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    usual = {
        "purchase_count": [1] * count,
        "days_since_purchase": [10.0] * count,
        "purchase_count_365d": [1] * count,
        "spend_cents_365d": [100] * count,
    }
    return pd.DataFrame(usual | columns)


def test_ten_different_values_make_fifths_of_two() -> None:
    values = pd.Series(range(10))
    assert list(fifths(values, values >= 0)) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_equal_values_have_equal_scores() -> None:
    values = pd.Series([0, 0, 0, 0, 9])
    assert list(fifths(values, values >= 0)) == [3, 3, 3, 3, 5]


def test_the_latest_buyer_is_the_best_in_recency() -> None:
    found = rfm(facts(days_since_purchase=[1.0, 2.0, 3.0, 4.0, 5.0]))
    assert list(found["recency_score"]) == [5, 4, 3, 2, 1]


def test_who_never_bought_scores_one_and_does_not_move_the_others() -> None:
    found = rfm(facts(purchase_count=[0, 1, 1], spend_cents_365d=[0, 10, 20]))
    assert list(found["monetary_score"]) == [1, 3, 5]
    assert found["rfm_segment"].iloc[0] == "never_bought"


def test_every_combination_of_scores_has_a_name() -> None:
    every = pd.MultiIndex.from_product([range(1, 6)] * 3).to_frame(index=False)
    every.columns = ["recency_score", "frequency_score", "monetary_score"]
    named = pd.concat([rule.holds(every) for rule in RFM_SEGMENTS], axis=1)
    assert named.any(axis=1).all()
    used = {RFM_SEGMENTS[place].name for place in named.to_numpy().argmax(axis=1)}
    assert used == {rule.name for rule in RFM_SEGMENTS}


def test_spend_is_told_as_a_multiple_of_the_mean_of_buyers() -> None:
    found = spend_to_mean(facts(purchase_count=[0, 1, 1], spend_cents_365d=[0, 100, 300]))
    assert list(found) == [0.0, 0.5, 1.5]


def test_without_amounts_nobody_is_above_or_below_the_mean() -> None:
    assert spend_to_mean(facts(spend_cents_365d=[0, 0])).isna().all()


@pytest.mark.parametrize(
    ("scores", "name"),
    [((5, 5, 5), "champions"), ((1, 5, 5), "cannot_lose"), ((1, 1, 5), "hibernating")],
)
def test_names_follow_the_scores(scores: tuple[int, int, int], name: str) -> None:
    row = pd.DataFrame([scores], columns=["recency_score", "frequency_score", "monetary_score"])
    assert next(rule.name for rule in RFM_SEGMENTS if rule.holds(row).all()) == name
