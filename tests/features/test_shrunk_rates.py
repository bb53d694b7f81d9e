"""Rates of few trials are shrunk to a prior; numbers worked out by hand."""

import ibis
import pandas as pd
import pytest

from pipeline.features.shrunk_rates import shrunk_rate, shrunk_share
from pipeline.foundation.engines import Engine


def test_a_prior_counts_as_so_many_trials(engine: Engine) -> None:
    rows = engine.table(pd.DataFrame({"hits": [0, 1, 40], "trials": [1, 1, 200]}))
    rate = shrunk_rate(rows.hits, rows.trials, ibis.literal(0.02), strength=5)
    found = engine.arrow(rows.select("trials", "hits", rate=rate)).to_pandas()
    expected = {(0, 1): 0.1 / 6, (1, 1): 1.1 / 6, (40, 200): 40.1 / 205}
    for hits, trials, rate_found in found[["hits", "trials", "rate"]].itertuples(index=False):
        assert rate_found == pytest.approx(expected[hits, trials])


def test_a_share_is_shrunk_to_that_of_its_own_population_and_missing_without_trials(
    engine: Engine,
) -> None:
    frame = pd.DataFrame(
        {
            "day": ["a", "a", "a", "b"],
            "who": list("xyzx"),
            "hits": [1, 0, 0, 2],
            "trials": [1, 3, 0, 2],
        }
    )
    rows = engine.table(frame)
    share = shrunk_share(rows.hits, rows.trials, 4, [rows.day])
    found = engine.arrow(rows.select("day", "who", share=share).order_by("day", "who")).to_pandas()
    # Of day a 1 of 4: (1 + 4 / 4) / (1 + 4) and (0 + 1) / (3 + 4). Of day b 2 of 2.
    assert found["share"].iloc[[0, 1, 3]].tolist() == pytest.approx([0.4, 1 / 7, 1.0])
    assert found["share"].isna().tolist() == [False, False, True, False]
