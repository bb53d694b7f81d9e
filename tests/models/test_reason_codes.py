"""Reason codes: concepts over windows, and values as text."""

import numpy as np
import pandas as pd

from pipeline.features.reason_eligibility import concept_of
from pipeline.models.reason_codes import values_of


def test_the_windows_of_a_measure_are_one_concept() -> None:
    assert concept_of("product_history__spend__30d") == concept_of("product_history__spend__365d")
    assert concept_of("category") == "category"


def test_values_become_short_texts_and_gaps_stay_empty() -> None:
    features = pd.DataFrame(
        {
            "number": np.array([1.5, np.nan, 3.0], dtype="float32"),
            "text": pd.Categorical(["a", None, "b"]),
        }
    )
    rows, columns = np.array([0, 1, 2, 0, 1]), np.array([0, 0, 0, 1, 1])
    assert values_of(features, rows, columns) == ["1.5", None, "3", "a", None]
