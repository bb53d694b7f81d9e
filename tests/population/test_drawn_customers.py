from datetime import date

import pyarrow as pa
import pytest

from pipeline.foundation.engines import Engine
from pipeline.population.drawn_customers import LEARNT, drawn_share, is_drawn, learnt_from
from tests.ledger import rows_of

MARCH, APRIL = date(2025, 3, 1), date(2025, 4, 1)
CUSTOMERS = [f"c{number:04d}" for number in range(2000)]


def drawn(engine: Engine, share: float, purpose: str = LEARNT) -> set[str]:
    everybody = engine.table(pa.table({"customer_id": CUSTOMERS}))
    chosen = everybody.filter(is_drawn(everybody.customer_id, share, purpose))
    return {str(row["customer_id"]) for row in rows_of(engine, chosen)}


@pytest.mark.parametrize(
    ("customers", "most", "share"), [(100, None, 1.0), (100, 100, 1.0), (400, 100, 0.25)]
)
def test_no_more_than_the_most_are_drawn(customers: int, most: int | None, share: float) -> None:
    assert drawn_share(customers, most) == share


def test_about_the_share_is_drawn_and_a_larger_share_draws_the_same_and_others(
    engine: Engine,
) -> None:
    # Of 2,000 a quarter is 500, give or take four standard deviations of 19.4.
    quarter, half = drawn(engine, 0.25), drawn(engine, 0.5)
    assert 500 - 78 < len(quarter) < 500 + 78
    assert quarter < half
    assert len(drawn(engine, 1.0)) == len(CUSTOMERS)


def test_another_purpose_draws_independently(engine: Engine) -> None:
    # Both draw a half: a quarter is in both, 500 give or take 78.
    both = drawn(engine, 0.5) & drawn(engine, 0.5, "measured")
    assert 500 - 78 < len(both) < 500 + 78


def test_at_later_dates_everybody_stays(engine: Engine) -> None:
    days = [MARCH] * len(CUSTOMERS) + [APRIL] * len(CUSTOMERS)
    rows = engine.table(
        pa.table({"as_of_date": pa.array(days, pa.date32()), "customer_id": CUSTOMERS * 2})
    )
    found = rows_of(engine, learnt_from(rows, [MARCH], 0.25))
    then = {str(row["customer_id"]) for row in found if row["as_of_date"] == MARCH}
    assert then == drawn(engine, 0.25)
    assert sum(row["as_of_date"] == APRIL for row in found) == len(CUSTOMERS)
