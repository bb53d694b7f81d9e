"""Effects of rows where they are, and in this process, are the same."""

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.effects.learning import Strata, learn_effects
from pipeline.effects.shrinking import Prior
from pipeline.foundation.contracts.frame_rows import OnFrames, to_rows
from pipeline.foundation.contracts.outputs import EFFECTS
from pipeline.foundation.engines import Engine
from pipeline.io.effect_predictions import SCHEMA, EffectPredictor


@pytest.fixture(scope="module")
def predictor() -> EffectPredictor:
    strata = Strata(("email", "sms"), {"category": ("pet", "tv")})
    learnt = learn_effects(strata, Prior(0.08, 0.2), None, None)
    return EffectPredictor(learnt.model, ("email", "sms"), 0.9)


def scored() -> pd.DataFrame:
    rows = [("c1", "pet", 0.1), ("c1", "tv", 0.02), ("c2", "pet", 0.3)]
    return pd.DataFrame(rows, columns=["customer_id", "category", "propensity"]).assign(
        as_of_date=date(2025, 6, 2), model="cross_sell"
    )


def test_every_row_has_the_effect_of_each_channel(predictor: EffectPredictor) -> None:
    found = predictor(scored())
    assert list(found["channel"]) == ["email", "sms"] * 3
    assert found["customer_id"].tolist() == ["c1"] * 4 + ["c2"] * 2
    assert found["share"].to_numpy() == pytest.approx(0.08)
    # Odds of 3 to 7 by 1.08 are 0.462857, a probability of 0.316406.
    assert found["effect"].iloc[4] == pytest.approx(0.016406, abs=1e-6)


def test_the_engine_applies_it_to_rows_of_any_candidates(
    predictor: EffectPredictor, engine: Engine
) -> None:
    rows = engine.table(pa.Table.from_pandas(scored(), preserve_index=False))
    found = engine.arrow(engine.map_batches(OnFrames(predictor, SCHEMA), rows, SCHEMA))
    order = [(key, "ascending") for key in EFFECTS.keys]
    assert found.sort_by(order).equals(to_rows(predictor(scored()), SCHEMA).sort_by(order))
