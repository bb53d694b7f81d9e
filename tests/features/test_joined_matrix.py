"""Rows that an engine joined are the matrix that this process puts together."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.features.joined_matrix import OnEachMatrix, join_features, to_matrix
from pipeline.features.matrix import load_matrix
from pipeline.foundation.contracts.outputs import POPULATION
from pipeline.foundation.engines import Engine

DAY = date(2025, 6, 2)


def tables() -> tuple[pa.Table, dict[str, pa.Table]]:
    ids, categories = ["c2", "c1", "c1", "c3"], ["tv", "tv", "mobile", "tv"]
    keys = {"as_of_date": [DAY] * 4, "customer_id": ids, "category": categories}
    asked = keys | {
        "split": ["scoring"] * 4,
        "is_eligible": [True] * 4,
        "label": [None] * 4,
        "held_tier": [0] * 4,
    }
    of_customers = pa.table(
        {
            "as_of_date": [DAY] * 2,
            "customer_id": ["c1", "c2"],
            "b__text": ["north", None],
            "b__third": [1 / 3, 2.0],
        }
    )
    candidates = pa.table(keys | {"a__count": [2, 1, 10, 3]})
    return pa.table(asked, schema=pa.schema(POPULATION.columns)), {
        "candidate/a": candidates,
        "customer/b": of_customers,
    }


def test_the_joined_rows_are_the_matrix(engine: Engine) -> None:
    asked, families = tables()
    population = engine.table(asked)
    found = {name: engine.table(family) for name, family in families.items()}
    expected = load_matrix(engine, population, found, splits=["scoring"])
    matrix = to_matrix(engine.arrow(join_features(population, found)))
    pd.testing.assert_frame_equal(matrix.keys, expected.keys)
    pd.testing.assert_frame_equal(matrix.features, expected.features)
    assert matrix.features["a__count"].tolist() == [10, 1, 2, 3]  # c1 mobile, c1 tv, c2, c3
    assert matrix.groups.tolist() == expected.groups.tolist() == [0, 0, 1, 2]
    np.testing.assert_array_equal(matrix.weights, expected.weights)
    assert matrix.labels is None


def test_a_function_of_a_matrix_is_applied_to_joined_rows(engine: Engine) -> None:
    asked, families = tables()
    found = {name: engine.table(family) for name, family in families.items()}
    schema = pa.schema([("doubled", pa.float64())])
    twice = OnEachMatrix(
        lambda matrix: pa.table({"doubled": matrix.features["a__count"].astype("float64") * 2})
    )
    rows = engine.map_batches(twice, join_features(engine.table(asked), found), schema)
    assert sorted(engine.arrow(rows)["doubled"].to_pylist()) == [2, 4, 6, 20]
