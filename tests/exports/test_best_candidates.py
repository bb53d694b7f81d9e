"""One row per customer: the category with the highest propensity."""

from datetime import date

import pyarrow as pa
import pytest

from pipeline.exports.best_candidates import add_lift, best_candidates
from pipeline.foundation.errors import DataError

DAY = date(2026, 3, 1)
VERSIONS = {"cross_sell": "v1"}


def ids(*names: str) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(names, pa.string())])


def scores(
    *rows: tuple[str, str, float], base_rate: float | None = 0.1, day: date = DAY
) -> pa.Table:
    count = len(rows)
    table = pa.table(
        {
            "model": pa.array(["cross_sell"] * count, pa.string()),
            "category": pa.array([row[0] for row in rows], pa.string()),
            "customer_id": pa.array([row[1] for row in rows], pa.string()),
            "as_of_date": pa.array([day] * count, pa.date32()),
            "propensity": pa.array([row[2] for row in rows], pa.float64()),
            "propensity_low": pa.array([row[2] / 2 for row in rows], pa.float64()),
            "propensity_high": pa.array([row[2] * 2 for row in rows], pa.float64()),
            "top_percent": pa.array(range(1, count + 1), pa.int64()),
            "decile": pa.array([1] * count, pa.int64()),
            "base_rate": pa.array([base_rate] * count, pa.float64()),
        }
    )
    return add_lift(table)


def best(customers: pa.ChunkedArray, table: pa.Table) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = best_candidates(
        customers, customers, table, VERSIONS, DAY
    ).to_pylist()
    return rows


def test_the_category_with_the_highest_propensity_is_named_with_its_own_figures() -> None:
    table = scores(("loan", "a", 0.2), ("mobile", "a", 0.3), ("loan", "b", 0.4))
    first, second = best(ids("a", "b"), table)
    assert first["cross_sell_category"] == "mobile"
    assert first["cross_sell_propensity"] == 0.3
    assert (first["cross_sell_propensity_low"], first["cross_sell_propensity_high"]) == (0.15, 0.6)
    assert first["cross_sell_top_percent"] == 2
    assert second["cross_sell_category"] == "loan"


def test_equal_propensities_go_to_the_first_category_in_the_alphabet() -> None:
    table = scores(("mobile", "a", 0.3), ("broadband", "a", 0.3), ("loan", "a", 0.3))
    assert best(ids("a"), table)[0]["cross_sell_category"] == "broadband"


def test_lift_is_propensity_over_base_rate() -> None:
    assert best(ids("a"), scores(("loan", "a", 0.25)))[0]["cross_sell_lift"] == 2.5


@pytest.mark.parametrize("base_rate", [0.0, None])
def test_lift_is_empty_where_the_base_rate_is_zero_or_unknown(base_rate: float | None) -> None:
    table = scores(("loan", "a", 0.25), base_rate=base_rate)
    assert best(ids("a"), table)[0]["cross_sell_lift"] is None


def test_a_customer_without_a_candidate_stays_in_with_the_reason() -> None:
    row = best(ids("a", "b"), scores(("loan", "a", 0.2)))[1]
    assert row["customer_id"] == "b"
    assert row["cross_sell_category"] is None
    assert row["cross_sell_note"] == "Already holds a product of every category on offer."
    assert row["cross_sell_model_version"] == "v1"


def test_a_customer_with_a_candidate_has_no_note() -> None:
    assert best(ids("a"), scores(("loan", "a", 0.2)))[0]["cross_sell_note"] is None


def test_a_customer_not_yet_known_is_said_to_be_so() -> None:
    table = best_candidates(ids("a", "new"), ids("a"), scores(("loan", "a", 0.2)), VERSIONS, DAY)
    assert table["cross_sell_note"].to_pylist() == [
        None,
        "Was not yet a customer on the as-of date.",
    ]


def test_nobody_eligible_leaves_every_customer_with_a_note() -> None:
    assert [row["cross_sell_category"] for row in best(ids("a", "b"), scores())] == [None, None]


def test_a_score_of_somebody_who_is_not_a_valid_customer_is_refused() -> None:
    with pytest.raises(DataError, match="1 of customers that are not valid, such as 'ghost'"):
        best(ids("a"), scores(("loan", "ghost", 0.2)))


def test_scores_of_another_day_are_refused() -> None:
    with pytest.raises(DataError, match=r"wrote for 2026-03-01; found 2026-02-01"):
        best(ids("a"), scores(("loan", "a", 0.2), day=date(2026, 2, 1)))


def test_a_note_is_in_the_language_of_the_exports() -> None:
    table = best_candidates(
        ids("a", "b", "new"),
        ids("a", "b"),
        scores(("loan", "a", 0.2)),
        VERSIONS,
        DAY,
        language="es",
    )
    assert table["cross_sell_note"].to_pylist() == [
        None,
        "Ya tiene un producto de cada categoría en venta.",
        "Todavía no era cliente en la fecha de referencia.",
    ]
