"""Parts put under each other are the table that was never apart."""

import numpy as np
import pandas as pd

from pipeline.statistics.stacking import stack_codes, stack_frames

WHOLE = pd.DataFrame(
    {
        "customer_id": pd.Categorical(["a", "a", "b", "c"]),
        "category": pd.Categorical(["tv", "internet", "tv", "mobile"]),
        "value": np.array([1.0, 2.0, np.nan, 4.0], dtype=np.float32),
    }
)


def part(rows: slice) -> pd.DataFrame:
    texts = {name: WHOLE[name][rows].cat.remove_unused_categories() for name in WHOLE.columns[:2]}
    return WHOLE[rows].assign(**texts)


def test_a_text_that_a_part_lacks_is_a_category_of_the_whole_in_its_order() -> None:
    found = stack_frames([part(slice(0, 2)), part(slice(2, 4))])
    pd.testing.assert_frame_equal(found, WHOLE)
    assert list(found["category"].cat.categories) == ["internet", "mobile", "tv"]


def test_one_part_is_the_whole() -> None:
    assert stack_frames([WHOLE]) is WHOLE


def test_codes_of_a_later_part_follow_those_of_the_parts_before() -> None:
    parts = [np.array([0, 1, 1]), np.array([0, 0]), np.array([], dtype=np.int64), np.array([1, 0])]
    assert stack_codes(parts).tolist() == [0, 1, 1, 2, 2, 4, 3]
