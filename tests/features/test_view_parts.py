"""A view of many rows is looked at some dates at a time."""

from datetime import date

import pyarrow as pa
import pytest

from pipeline.features.family import load
from pipeline.features.feature import KEYS
from pipeline.features.view import group_dates
from pipeline.foundation.engines import Engine
from tests.company import company
from tests.features.views import view

DAYS = [date(2024, month, 1) for month in (3, 6, 9, 12)]


def test_dates_stay_together_while_their_rows_have_room() -> None:
    rows = dict(zip(DAYS, (4, 3, 3, 9), strict=True))
    assert group_dates(rows, 7) == [[DAYS[0], DAYS[1]], [DAYS[2]], [DAYS[3]]]
    assert group_dates(rows, 100) == [DAYS]
    assert group_dates(dict(reversed(rows.items())), 1) == [[day] for day in DAYS]
    assert group_dates({}, 7) == []


@pytest.mark.parametrize("name", ["affinity", "surveys"])
def test_some_dates_at_a_time_say_the_same(engine: Engine, name: str) -> None:
    whole = view(engine, company(3, customers=60, facts=400), DAYS)
    asked = engine.arrow(whole.asked).num_rows
    parts = whole.parts(asked // 2)
    assert 1 < len(parts) < len(DAYS) + 1
    (one,) = load([name])
    for grain in one.expressions:
        order = [(key, "ascending") for key in KEYS[grain]]
        expected = engine.arrow(one.compute(whole, grain)).sort_by(order)
        found = pa.concat_tables(engine.arrow(one.compute(part, grain)) for part in parts)
        assert found.sort_by(order).equals(expected)
        assert expected.num_rows > 0
