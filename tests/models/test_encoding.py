import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.errors import DataError
from pipeline.models.estimators.encoding import Encoder, fit_encoder

FRAME = pd.DataFrame({"age": [30.0, np.nan], "city": ["york", "bath"]})


def test_texts_become_their_place_in_the_sorted_vocabulary() -> None:
    encoded = fit_encoder(FRAME).encode(FRAME)
    assert encoded.names == ("age", "city")
    assert encoded.text_positions == [1]
    assert encoded.matrix[:, 1].tolist() == [1.0, 0.0]


def test_an_unseen_text_and_an_empty_one_are_missing() -> None:
    later = pd.DataFrame({"age": [1.0, 2.0], "city": ["rome", None]})
    assert np.isnan(fit_encoder(FRAME).encode(later).matrix[:, 1]).all()


@pytest.mark.parametrize("dtype", ["str", "category", "object"])
def test_the_type_of_a_text_column_does_not_matter(dtype: str) -> None:
    typed = FRAME.astype({"city": dtype})
    assert fit_encoder(typed) == fit_encoder(FRAME)
    assert fit_encoder(FRAME).encode(typed).matrix[:, 1].tolist() == [1.0, 0.0]


def test_a_category_that_no_row_has_is_not_in_the_vocabulary() -> None:
    frame = pd.DataFrame({"city": pd.Categorical(["bath"], categories=["bath", "rome"])})
    assert fit_encoder(frame).columns[0].vocabulary == ("bath",)


def test_columns_are_taken_by_name_and_others_are_ignored() -> None:
    shuffled = FRAME.assign(extra=1.0)[["extra", "city", "age"]]
    encoder = fit_encoder(FRAME)
    assert np.array_equal(
        encoder.encode(shuffled).matrix, encoder.encode(FRAME).matrix, equal_nan=True
    )


def test_a_missing_feature_is_named_with_the_nearest_one() -> None:
    with pytest.raises(DataError, match=r"no city.*Did you mean 'cityy'"):
        fit_encoder(FRAME).encode(FRAME.rename(columns={"city": "cityy"}))


def test_numbers_where_the_fit_saw_texts_are_refused() -> None:
    with pytest.raises(DataError, match="'city' to hold texts; found values of type int64"):
        fit_encoder(FRAME).encode(FRAME.assign(city=1))


def test_dates_are_refused() -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(["2026-01-01"])})
    with pytest.raises(DataError, match="features of numbers or texts; found day"):
        fit_encoder(frame)


def test_a_name_that_stands_twice_is_refused() -> None:
    frame = pd.concat([FRAME, FRAME[["age"]]], axis=1)
    with pytest.raises(DataError, match="each feature once; found age more than once"):
        fit_encoder(frame)


def test_whole_numbers_and_flags_with_gaps_are_numbers() -> None:
    frame = pd.DataFrame(
        {
            "count": pd.array([1, None], dtype="Int64"),
            "flag": pd.array([True, None], dtype="boolean"),
        }
    )
    matrix = fit_encoder(frame).encode(frame).matrix
    assert matrix[0].tolist() == [1.0, 1.0]
    assert np.isnan(matrix[1]).all()


def test_an_encoder_survives_saving() -> None:
    encoder = fit_encoder(FRAME)
    assert Encoder.from_json(encoder.to_json()) == encoder
