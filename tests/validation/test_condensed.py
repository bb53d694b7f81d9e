"""The few rows of a table show a gate what all of them would."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest

from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.engines import Engine
from pipeline.validation.batches import to_frames
from pipeline.validation.condensed import condense
from pipeline.validation.expectation_gate import pass_through
from pipeline.validation.expectations import batch_suite

SURVEYS = raw_tables({})["surveys"]
FAULTS: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    "an unknown value": {"instrument": "nsp"},
    "an empty value": {"customer_id": None},
    "no moment": {"sent_at": None},
    "too great a score": {"score": 4711},
}


def _rows(changed: Mapping[str, Any]) -> pa.Table:
    good = [
        {
            "customer_id": f"C{place:02d}",
            "survey_id": f"S{place:02d}",
            "instrument": ("nps", "csat", "ces")[place % 3],
            "score": place % 5 + 1,
            "sent_at": datetime(2024, 1, 1 + place),  # noqa: DTZ001 - a contract's has no zone
        }
        for place in range(20)
    ]
    good[7] |= changed
    return pa.Table.from_pylist(good, schema=SURVEYS.schema)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_gate_sees_in_them_what_it_sees_in_all(engine: Engine, fault: str) -> None:
    rows = _rows(FAULTS[fault])
    few = condense(engine, engine.table(rows), SURVEYS)
    suite = batch_suite(SURVEYS, None)
    outcomes = [
        pass_through(to_frames(table.to_batches(), table.schema), suite) for table in (rows, few)
    ]
    assert outcomes[1] == outcomes[0]
    assert all(outcome.success for outcome in outcomes[0]) == (fault == "none")
    assert few.num_rows < 10


def test_no_rows_are_no_rows(engine: Engine) -> None:
    none = SURVEYS.schema.empty_table()
    assert condense(engine, engine.table(none), SURVEYS).equals(none)
