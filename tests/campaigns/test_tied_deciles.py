import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.campaigns.qini import compare_qini, places_of
from pipeline.campaigns.realised import compare_halves, deciles_of, realise_deciles
from pipeline.campaigns.tied_deciles import tied_deciles
from tests.campaigns.waves import drawn


def older_ids_buy_more(count: int = 2_000) -> pd.DataFrame:
    """Return a wave with one propensity for all, in which the first half takes up twice as often."""
    rows = drawn(1, count, uplift=0.0).assign(propensity=0.1)
    chance = np.where(np.arange(count) < count / 2, 0.2, 0.1)
    return rows.assign(take_up=(np.random.default_rng(2).random(count) < chance).astype(int))


def qini_of(rows: pd.DataFrame) -> float | None:
    alone, _ = compare_qini(
        {"propensity": rows["propensity"].to_numpy()},
        (rows["take_up"] == 1).to_numpy(),
        (rows["arm"] == "treated").to_numpy(),
        np.arange(len(rows)),
        replicates=20,
        seed=1,
    )
    return alone["propensity"].value


def test_ties_share_the_decile_of_their_mean_rank() -> None:
    assert tied_deciles(np.array([0.4, 0.1, 0.1])).tolist() == [4, 9, 9]
    assert tied_deciles(np.arange(20.0)).tolist() == [10 - n // 2 for n in range(20)]
    assert places_of(np.array([0.1, 0.4, 0.1])).tolist() == [1, 0, 1]


def test_a_constant_score_neither_ranks_nor_has_a_qini_though_older_ids_buy_more() -> None:
    rows = older_ids_buy_more()
    assert qini_of(rows) == 0
    assert len(realise_deciles(rows)) == 1
    assert compare_halves(rows).difference.value is None


@settings(max_examples=25)
@given(order=st.permutations(range(60)), levels=st.integers(1, 60))
def test_no_decile_rank_or_qini_depends_on_the_order_of_rows(order: list[int], levels: int) -> None:
    rows = drawn(3, 60, uplift=0.1)
    rows = rows.assign(propensity=np.round(rows["propensity"] * levels) / levels)
    mixed = rows.iloc[order].reset_index(drop=True)
    assert deciles_of(mixed).tolist() == deciles_of(rows).iloc[order].tolist()
    as_they_are, permuted = qini_of(rows), qini_of(mixed)
    assert np.isclose(as_they_are or 0, permuted or 0, atol=1e-6)
    for one, other in zip(realise_deciles(rows), realise_deciles(mixed), strict=True):
        assert (one.decile, one.treated, one.control) == (
            other.decile,
            other.treated,
            other.control,
        )
    halves = [compare_halves(each).difference.value for each in (rows, mixed)]
    assert halves[0] == pytest.approx(halves[1])
