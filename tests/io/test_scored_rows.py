"""Places and best rows, worked out by hand."""

from datetime import date

import pandas as pd
import pyarrow as pa

from pipeline.foundation.engines import Engine
from pipeline.io.scored_rows import SCORED, best_rows, place_rows

DAY = date(2025, 6, 2)


def scored(rows: list[tuple[str, str, float]]) -> pa.Table:
    """Return rows of category, customer and score; the propensity is a hundredth of the score."""
    frame = pd.DataFrame(rows, columns=["category", "customer_id", "score"])
    columns = {name: [None] * len(rows) for name in SCORED.names} | {
        **frame.to_dict("list"),
        "model": ["up_sell"] * len(rows),
        "as_of_date": [DAY] * len(rows),
        "propensity": [score / 100 for _, _, score in rows],
    }
    return pa.table(columns, schema=SCORED)


def test_of_equal_scores_the_first_customer_has_the_better_place(engine: Engine) -> None:
    rows = [("tv", "c7", 0.4), ("tv", "c3", 0.4), ("pet", "c5", 0.1)]
    placed = engine.arrow(place_rows(engine.table(scored(rows)), "v1")).to_pandas()
    found = placed.set_index(["category", "customer_id"])[["rank", "top_percent", "decile"]]
    assert found.loc[("tv", "c3")].tolist() == [1, 50, 5]
    assert found.loc[("tv", "c7")].tolist() == [2, 100, 10]
    assert found.loc[("pet", "c5")].tolist() == [1, 100, 10]
    assert set(placed["model_version"]) == {"v1"}


def test_a_rank_on_the_border_stays_in_the_better_part(engine: Engine) -> None:
    rows = [("tv", f"c{place:03d}", 1000.0 - place) for place in range(1, 201)]
    placed = engine.arrow(place_rows(engine.table(scored(rows)), "v1")).to_pandas()
    found = placed.set_index("rank")[["top_percent", "decile"]]
    assert found.loc[2].tolist() == [1, 1]
    assert found.loc[3].tolist() == [2, 1]
    assert found.loc[20].tolist() == [10, 1]
    assert found.loc[21].tolist() == [11, 2]


def test_the_best_row_of_a_customer_is_the_likeliest_and_of_equal_ones_the_first_by_name(
    engine: Engine,
) -> None:
    rows = [("tv", "c1", 0.4), ("pet", "c1", 0.4), ("tv", "c2", 0.1), ("pet", "c2", 0.05)]
    best = engine.arrow(best_rows(engine.table(scored(rows))).order_by("customer_id"))
    assert best.to_pylist() == [
        {"as_of_date": DAY, "customer_id": "c1", "category": "pet"},
        {"as_of_date": DAY, "customer_id": "c2", "category": "tv"},
    ]
