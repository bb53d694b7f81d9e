"""No feature of any family knows the future of the companies that the built-in sources bring."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipeline.features import family
from pipeline.foundation import config
from pipeline.foundation.choices import FAMILIES
from pipeline.foundation.config import CompleteJourneyParams, SimulatedParams, SourceParams
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.engines import Engine
from pipeline.sources import read_source
from pipeline.validation.judgement import judge, valid_rows
from tests.features.replay import Replay, assert_same, at
from tests.features.views import truncated
from tests.sources.gathering import gather

pytestmark = pytest.mark.slow
EARLIER_DAYS = (120, 45)
SIMULATED = {
    "name": "simulated",
    "simulated": SimulatedParams(customers=600, periods=16, seed=5, dirty_share=0.002),
}
COMPLETE_JOURNEY = {
    "name": "complete_journey",
    "customer_attributes": {},
    "complete_journey": CompleteJourneyParams.model_construct(
        households=150, min_households=60, repurchase_days=84
    ),
}


def validated(engine: Engine, source: SourceParams) -> Mapping[str, pa.Table]:
    """Return the valid rows of what a source brings."""
    valid: dict[str, ir.Table] = {}
    contract = raw_tables(source.customer_attributes)
    raw = gather(read_source(source)).tables
    for name in [name for name in contract if name in raw]:
        judged = judge(engine.table(raw[name]), contract[name], valid, until=None)
        valid[name] = engine.materialize(valid_rows(judged, contract[name]))
    return {name: engine.arrow(rows) for name, rows in valid.items()}


@pytest.fixture(scope="module")
def every_family() -> Iterator[Replay]:
    replay = Replay(family.load(FAMILIES.names()))
    yield replay
    replay.engine.close()


@pytest.mark.parametrize("changes", [SIMULATED, COMPLETE_JOURNEY], ids=lambda one: str(one["name"]))
def test_all_data_of_a_source_say_of_a_date_what_was_on_file_then(
    engine: Engine, every_family: Replay, changes: Mapping[str, object]
) -> None:
    source = config.load().source.model_copy(update=dict(changes) | {"customer_attributes": {}})
    tables = validated(engine, source)
    last: date = pc.max(tables["product_events"]["occurred_at"]).as_py().date()
    dates = [last - timedelta(days=days) for days in EARLIER_DAYS]
    knowing_all = every_family.compute(tables, dates)
    for day in dates:
        of_day = at(knowing_all, day)
        assert len(of_day["product_history", "customer"]) > 100
        assert_same(every_family.compute(truncated(tables, day), [day]), of_day)
