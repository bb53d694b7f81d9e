"""What nearly all rows have in common."""

from datetime import date

import pyarrow as pa
import pytest

from pipeline.features.common_texts import find_common_texts
from pipeline.foundation.engines import Engine

DAY = date(2025, 6, 2)
REGION, TASTE = "socio_demographics__region", "affinity__taste"


def families(common: int, rows: int) -> dict[str, pa.Table]:
    ids = [f"c{number:03d}" for number in range(rows)]
    keys = {"as_of_date": [DAY] * rows, "customer_id": ids}
    places = ["UK" if number < common else f"place {number}" for number in range(rows)]
    tea = keys | {"category": ["tea"] * rows, TASTE: [None] * rows}
    return {
        "candidate/affinity": pa.table(tea, schema=schema("category", TASTE)),
        "customer/socio_demographics": pa.table(keys | {REGION: places}, schema=schema(REGION)),
    }


def schema(*texts: str) -> pa.Schema:
    columns = [("as_of_date", pa.date32()), ("customer_id", pa.string())]
    return pa.schema([*columns, *((name, pa.string()) for name in texts)])


@pytest.mark.parametrize(
    ("common", "rows", "found"),
    [
        (75, 100, {REGION: {"UK"}}),
        (74, 100, {}),
        (23, 30, {REGION: {"UK"}}),
        (29, 29, {}),  # of fewer than 30 rows nobody can say
    ],
)
def test_a_text_of_three_in_four_rows_is_common(
    engine: Engine, common: int, rows: int, found: dict[str, set[str]]
) -> None:
    tables = {name: engine.table(table) for name, table in families(common, rows).items()}
    wanted = tables["candidate/affinity"].select("as_of_date", "customer_id", "category")
    assert find_common_texts(engine, wanted, tables) == found


def test_only_the_rows_that_are_asked_for_count(engine: Engine) -> None:
    tables = {name: engine.table(table) for name, table in families(40, 100).items()}
    asked = tables["candidate/affinity"].select("as_of_date", "customer_id", "category")
    wanted = asked.filter(asked.customer_id < "c040")
    assert find_common_texts(engine, wanted, tables) == {REGION: {"UK"}}
