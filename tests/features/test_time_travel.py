"""No feature of any family knows the future, whatever the ledger: laws on random companies."""

from collections.abc import Iterator
from datetime import date

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline.features import family, held_associations, latent_factors, view
from pipeline.features.families.affinity import compute as affinity
from pipeline.foundation.choices import FAMILIES
from pipeline.population.history import History
from pipeline.population.sequence import in_sequence
from tests.features.ledgers import AS_OF_DATES, late, ledger_of, tables_of
from tests.features.replay import Replay, assert_blind_to_the_future, assert_same, at

pytestmark = pytest.mark.slow
FIXED = settings(
    max_examples=4,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # a seed is no simpler for being smaller
)
seeds = st.integers(0, 2**32 - 1)
days = st.sampled_from(AS_OF_DATES)
several_dates = st.lists(days, min_size=2, max_size=3, unique=True)


@pytest.fixture(scope="module")
def every_family() -> Iterator[Replay]:
    """Return every family; two customers who hold the same make a rule, since there are so few."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held_associations, "MIN_SUPPORT_CUSTOMERS", 2)
        replay = Replay(family.load(FAMILIES.names()))
    yield replay
    replay.engine.close()


@FIXED
@given(seed=seeds, dates=several_dates)
def test_all_data_say_of_a_date_what_was_on_file_then(
    every_family: Replay, seed: int, dates: list[date]
) -> None:
    assert_blind_to_the_future(every_family, tables_of(ledger_of(seed)), dates)


@FIXED
@given(seed=seeds, news=seeds, day=days)
def test_facts_that_came_late_change_nothing(
    every_family: Replay, seed: int, news: int, day: date
) -> None:
    ledger, came_late = ledger_of(seed), late(ledger_of(news), day)
    before = every_family.compute(tables_of(ledger), [day])
    assert_same(before, every_family.compute(tables_of(ledger, came_late), [day]))


@FIXED
@given(seed=seeds, dates=several_dates)
def test_a_date_is_answered_alone_as_beside_others(
    every_family: Replay, seed: int, dates: list[date]
) -> None:
    tables = tables_of(ledger_of(seed))
    alone = every_family.compute(tables, dates[:1])
    assert_same(alone, at(every_family.compute(tables, dates), dates[0]))


def test_the_ledgers_give_every_feature_a_value(every_family: Replay) -> None:
    found = every_family.compute(tables_of(ledger_of(1, rows=300)), AS_OF_DATES)
    empty = [name for rows in found.values() for name in rows if not rows[name].notna().any()]
    assert empty == []


def test_a_sequence_in_the_order_of_occurrence_breaks_the_law(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def misplaced(past: History) -> ir.Table:
        events = past.tables["product_events"]
        forgotten = events.mutate(learnt_at=events.known_at, known_at=events.occurred_at)
        rows = in_sequence(History({**past.tables, "product_events": forgotten}, past.dates))
        return rows.mutate(known_at=rows.learnt_at).drop("learnt_at")

    monkeypatch.setattr(view, "in_sequence", misplaced)
    assert_breaks_the_law("product_history")


def test_factors_of_a_later_date_break_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_the_last(pairs: pa.Table) -> pa.Table:
        days = pairs["as_of_date"]
        last = latent_factors.factorise(pairs.filter(pc.equal(days, pc.max(days))))
        each = [
            last.set_column(0, "as_of_date", pa.array([day] * len(last), pa.date32()))
            for day in pc.unique(days).to_pylist()
        ]
        return pa.concat_tables([last.slice(0, 0), *each])

    monkeypatch.setattr(affinity, "factorise", of_the_last)
    assert_breaks_the_law("affinity")


def assert_breaks_the_law(name: str) -> None:
    """Find a ledger of which a family, as it was made for this test, knows the future."""
    replay = Replay(family.load([name]))

    @FIXED
    @given(seed=seeds, dates=several_dates)
    def travel(seed: int, dates: list[date]) -> None:
        assert_blind_to_the_future(replay, tables_of(ledger_of(seed)), dates)

    with pytest.raises(AssertionError, match=f"{name}__"):
        travel()
    replay.engine.close()
