"""RFM scores and segment names, and spend against the mean."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipeline.foundation.engines import Engine
from pipeline.segments.rfm import RFM_SEGMENTS, RfmScale, rfm_scale


def facts(**columns: list[float]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    usual = {
        "purchase_count": [1] * count,
        "days_since_purchase": [10.0] * count,
        "purchase_count_365d": [1] * count,
        "spend_cents_365d": [100] * count,
    }
    return pd.DataFrame(usual | columns)


def scale_of(engine: Engine, everybody: pd.DataFrame) -> RfmScale:
    return rfm_scale(engine, engine.table(pa.Table.from_pandas(everybody, preserve_index=False)))


def scores(engine: Engine, name: str, asked: pd.DataFrame, everybody: pd.DataFrame) -> list[int]:
    """Return one score of some customers among everybody."""
    scale = scale_of(engine, everybody)
    return list(scale.rfm(asked)[name])


def test_ten_different_values_make_fifths_of_two(engine: Engine) -> None:
    ten = facts(spend_cents_365d=list(range(10)))
    found = scores(engine, "monetary_score", ten, ten)
    assert found == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_equal_values_have_equal_scores(engine: Engine) -> None:
    five = facts(purchase_count_365d=[0, 0, 0, 0, 9])
    assert scores(engine, "frequency_score", five, five) == [3, 3, 3, 3, 5]


def test_the_latest_buyer_is_the_best_in_recency(engine: Engine) -> None:
    five = facts(days_since_purchase=[1.0, 2.0, 3.0, 4.0, 5.0])
    assert scores(engine, "recency_score", five, five) == [5, 4, 3, 2, 1]


def test_a_customer_scores_among_everybody_whoever_is_looked_at(engine: Engine) -> None:
    ten = facts(spend_cents_365d=list(range(10)))
    assert scores(engine, "monetary_score", ten[6:8], ten) == [4, 4]


def test_scores_are_those_of_middle_ranks_over_the_number_of_buyers(engine: Engine) -> None:
    values = list(np.random.default_rng(5).integers(0, 40, 997))
    everybody = facts(spend_cents_365d=values)
    ranks = everybody["spend_cents_365d"].rank(method="average", pct=True)
    expected = np.ceil(ranks * 5).astype(int).tolist()
    assert scores(engine, "monetary_score", everybody, everybody) == expected


def test_who_never_bought_scores_one_and_does_not_move_the_others(engine: Engine) -> None:
    three = facts(purchase_count=[0, 1, 1], spend_cents_365d=[0, 10, 20])
    found = scale_of(engine, three).rfm(three)
    assert list(found["monetary_score"]) == [1, 3, 5]
    assert found["rfm_segment"].iloc[0] == "never_bought"


def test_where_nobody_bought_everybody_scores_one(engine: Engine) -> None:
    two = facts(purchase_count=[0, 0], days_since_purchase=[float("nan")] * 2)
    scale = scale_of(engine, two)
    assert list(scale.rfm(two)["rfm_segment"]) == ["never_bought", "never_bought"]
    assert scale.spend_to_mean(two).isna().all()


def test_every_combination_of_scores_has_a_name() -> None:
    every = pd.MultiIndex.from_product([range(1, 6)] * 3).to_frame(index=False)
    every.columns = ["recency_score", "frequency_score", "monetary_score"]
    named = pd.concat([rule.holds(every) for rule in RFM_SEGMENTS], axis=1)
    assert named.any(axis=1).all()
    used = {RFM_SEGMENTS[place].name for place in named.to_numpy().argmax(axis=1)}
    assert used == {rule.name for rule in RFM_SEGMENTS}


def test_spend_is_told_as_a_multiple_of_the_mean_of_buyers(engine: Engine) -> None:
    three = facts(purchase_count=[0, 1, 1], spend_cents_365d=[0, 100, 300])
    assert list(scale_of(engine, three).spend_to_mean(three)) == [0.0, 0.5, 1.5]


def test_without_amounts_nobody_is_above_or_below_the_mean(engine: Engine) -> None:
    two = facts(spend_cents_365d=[0, 0])
    assert scale_of(engine, two).spend_to_mean(two).isna().all()


@pytest.mark.parametrize(
    ("three", "name"),
    [((5, 5, 5), "champions"), ((1, 5, 5), "cannot_lose"), ((1, 1, 5), "hibernating")],
)
def test_names_follow_the_scores(three: tuple[int, int, int], name: str) -> None:
    row = pd.DataFrame([three], columns=["recency_score", "frequency_score", "monetary_score"])
    assert next(rule.name for rule in RFM_SEGMENTS if rule.holds(row).all()) == name
