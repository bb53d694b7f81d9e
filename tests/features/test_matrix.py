import numpy as np
import pandas as pd
import pytest

from pipeline.features.matrix import load_matrix
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import DataError

ROWS = 4000


def population(positives: int = 40) -> pd.DataFrame:
    number = np.arange(ROWS)
    return pd.DataFrame(
        {
            "as_of_date": pd.to_datetime("2025-01-01").date(),
            "customer_id": [f"c{n % 1000:04d}" for n in number],
            "category": [f"k{n // 1000}" for n in number],
            "split": "train",
            "is_eligible": number % 2 == 0,
            "label": (number < 2 * positives).astype("int64"),
            "held_tier": pd.Series([None] * ROWS, dtype="Int64"),
        }
    )


def family(engine: Engine) -> dict[str, object]:
    customers = pd.DataFrame(
        {
            "as_of_date": pd.to_datetime("2025-01-01").date(),
            "customer_id": [f"c{n:04d}" for n in range(500)],
            "who__age": range(500),
            "who__region": ["north", "north", "south", "south"] * 125,
        }
    )
    return {"who": engine.table(customers)}


def test_a_row_without_a_feature_has_a_missing_value(engine: Engine) -> None:
    found = load_matrix(engine, engine.table(population()), family(engine), splits=["train"])
    assert list(found.features.columns) == ["category", "who__age", "who__region"]
    assert found.features["who__age"].isna().sum() == ROWS / 4
    assert found.features["who__age"].dtype == np.float32
    assert list(found.features["who__region"].cat.categories) == ["north", "south"]


def test_only_eligible_rows_come_unless_all_are_asked_for(engine: Engine) -> None:
    table = engine.table(population())
    assert len(load_matrix(engine, table, {}, splits=["train"]).weights) == ROWS / 2
    every = load_matrix(engine, table, {}, splits=["train"], eligible_only=False)
    assert len(every.weights) == ROWS


def test_sampling_keeps_every_positive_and_the_weight_of_the_negatives(engine: Engine) -> None:
    table = engine.table(population(positives=40))
    found = load_matrix(engine, table, {}, splits=["train"], max_rows=1000)
    assert found.labels is not None
    assert found.labels.sum() == 40
    assert 900 < len(found.labels) < 1100
    assert found.weights[found.labels == 1].sum() == 40
    assert found.weights[found.labels == 0].sum() == pytest.approx(1960)


def test_another_seed_samples_other_negatives_and_the_same_seed_the_same(engine: Engine) -> None:
    table = engine.table(population())

    def drawn(seed: int) -> list[str]:
        keys = load_matrix(engine, table, {}, splits=["train"], max_rows=1000, seed=seed).keys
        return (keys["customer_id"].astype("str") + keys["category"].astype("str")).to_list()

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_a_snapshot_without_outcomes_has_no_labels(engine: Engine) -> None:
    frame = population().assign(label=pd.Series([None] * ROWS, dtype="Int64"), split="scoring")
    assert load_matrix(engine, engine.table(frame), {}, splits=["scoring"]).labels is None


def test_rows_of_one_customer_share_a_group(engine: Engine) -> None:
    found = load_matrix(engine, engine.table(population()), {}, splits=["train"])
    codes = pd.DataFrame({"customer": found.keys["customer_id"], "group": found.groups})
    assert len(codes.drop_duplicates()) == codes["customer"].nunique() == 500


def test_no_row_is_an_error(engine: Engine) -> None:
    with pytest.raises(DataError, match=r"rows of the splits test; found none"):
        load_matrix(engine, engine.table(population()), {}, splits=["test"])
