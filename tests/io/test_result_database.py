"""Results go back into the company's database: a wave whole or not at all, and once."""

import os
import signal
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.foundation.config import ResultsParams
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.io import result_database
from pipeline.io.result_database import write_results
from pipeline.io.result_tables import ResultTable, result_tables
from tests.databases import VARIABLE, execute, new_database, rows, sqlite_url

PARAMS = ResultsParams(url_variable=VARIABLE)


@pytest.fixture(params=["postgresql", "sqlite"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Give an empty database of either kind, named by the environment."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path / "results.db")
        execute(url)
    else:
        url = new_database(request.getfixturevalue("postgres"), "results")
    monkeypatch.setenv(VARIABLE, url)
    return url


def wave(day: int, *customers: str) -> list[ResultTable]:
    """Return decisions of a wave, and scores of its first customer alone."""
    name, on = f"w202501{day:02}", date(2025, 1, day)
    decisions = pa.table(
        {
            "as_of_date": pa.array([on] * len(customers), pa.date32()),
            "wave": [name] * len(customers),
            "customer_id": list(customers),
            "arm": pa.array(["treated", *[None] * (len(customers) - 1)], pa.string()),
            "is_explored": pa.array([True, *[None] * (len(customers) - 1)], pa.bool_()),
            "value_cents": pa.array([199, *[None] * (len(customers) - 1)], pa.int64()),
            "propensity": [0.25] * len(customers),
        }
    )
    scores = decisions.slice(0, 1).select(["as_of_date", "wave", "customer_id", "propensity"])
    return [
        ResultTable("decisions", ("customer_id",), decisions),
        ResultTable("scores", ("customer_id",), scores),
    ]


def customers_of(url: str, table: str) -> list[tuple[object, ...]]:
    return rows(url, f"SELECT wave, customer_id FROM propensity_{table} ORDER BY 1, 2")  # noqa: S608 - a test's own


def test_a_wave_that_is_written_again_replaces_itself(database: str) -> None:
    write_results(wave(6, "c1", "c2"), PARAMS)
    write_results(wave(6, "c1", "c3"), PARAMS)
    assert customers_of(database, "decisions") == [("w20250106", "c1"), ("w20250106", "c3")]
    assert customers_of(database, "scores") == [("w20250106", "c1")]


def test_waves_stay_and_a_view_shows_the_latest(database: str) -> None:
    write_results(wave(13, "c1"), PARAMS)
    write_results(wave(6, "c1", "c2"), PARAMS)
    assert len(customers_of(database, "decisions")) == 3
    assert customers_of(database, "decisions_latest") == [("w20250113", "c1")]
    assert customers_of(database, "scores_latest") == [("w20250113", "c1")]
    write_results(wave(20, "c9"), PARAMS)
    assert customers_of(database, "scores_latest") == [("w20250120", "c9")]


def test_values_keep_their_types_and_empty_stays_empty(database: str) -> None:
    write_results(wave(6, "c1", "c2"), PARAMS)
    query = (
        "SELECT as_of_date, arm, is_explored, value_cents, propensity "
        "FROM propensity_decisions ORDER BY customer_id"
    )
    first, second = rows(database, query)
    assert (str(first[0]), *first[1:]) == ("2025-01-06", "treated", True, 199, 0.25)
    assert second[1:4] == (None, None, None)


def test_a_write_that_is_killed_leaves_the_rows_of_before(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_results(wave(6, "c1", "c2"), PARAMS)
    replace = result_database._replace

    def replace_and_die(*arguments: Any) -> None:
        replace(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(result_database, "_replace", replace_and_die)
    child = get_context("fork").Process(target=write_results, args=(wave(6, "c7"), PARAMS))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    monkeypatch.setattr(result_database, "_replace", replace)
    assert customers_of(database, "decisions") == [("w20250106", "c1"), ("w20250106", "c2")]
    write_results(wave(6, "c7"), PARAMS)
    assert customers_of(database, "decisions") == [("w20250106", "c7")]


def test_a_write_that_fails_leaves_the_rows_of_before_in_every_table(database: str) -> None:
    write_results(wave(6, "c1"), PARAMS)
    decisions, scores = wave(6, "c5")
    twice = ResultTable("scores", scores.keys, pa.concat_tables([scores.rows, scores.rows]))
    with pytest.raises(DataError, match=r"c5|UNIQUE"):
        write_results([decisions, twice], PARAMS)
    assert customers_of(database, "decisions") == [("w20250106", "c1")]


def test_a_table_of_another_version_is_refused_with_the_columns_it_lacks(database: str) -> None:
    execute(database, "CREATE TABLE propensity_decisions (wave text, as_of_date date, arm text)")
    with pytest.raises(DataError, match="none called customer_id, is_explored, propensity, value"):
        write_results(wave(6, "c1"), PARAMS)


def test_the_password_is_in_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://ana:planted-pw@127.0.0.1:1/shop")
    with pytest.raises(DataError) as refused:
        write_results(wave(6, "c1"), PARAMS)
    assert "planted-pw" not in str(refused.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "snowflake://ana:planted-pw@account/shop")
    with pytest.raises(ConfigurationError, match=r"pip install \"snowflake-sqlalchemy\""):
        write_results(wave(6, "c1"), PARAMS)


def test_only_who_is_to_be_contacted_has_an_offer_and_everybody_a_decision() -> None:
    count = 2
    texts = ("customer_id", "household_id", "arm", "suppression_reason", "model", "category")
    more = ("product_id", "effect_origin", "channel", "device", "campaign", "offer_code")
    offers = pa.table(
        {
            **{name: ["a", "b"] for name in (*texts, *more, "product_name", "reason_1")},
            **{name: [0.5] * count for name in ("propensity", "effect", "effect_low")},
            **{name: [0.5] * count for name in ("effect_high", "priority_cents")},
            **{
                name: [1] * count
                for name in ("value_cents", "contact_cost_cents", "weekday", "hour")
            },
            **{
                name: [date(2025, 1, 6)] * count
                for name in ("as_of_date", "valid_from", "valid_until")
            },
            "wave": ["w20250106"] * count,
            "is_universal_control": [False] * count,
            "is_explored": [False] * count,
            "action_probability": [1.0] * count,
            "is_sendable": [True, False],
        }
    )
    floats = ("score", "propensity", "propensity_low", "propensity_high", "base_rate", "lift")
    scores = pa.table(
        {
            "as_of_date": [date(2025, 1, 6)],
            "customer_id": pa.array(["a"]).dictionary_encode(),
            **{name: ["m"] for name in ("model", "category", "model_version")},
            **{name: [0.5] for name in floats},
            **{name: [1] for name in ("rank", "top_percent", "decile")},
        }
    )
    found = {
        table.name: table.rows
        for table in result_tables({"offers": offers, "propensities": scores}, reasons=1)
    }
    assert found["offers"]["customer_id"].to_pylist() == ["a"]
    assert found["decisions"]["customer_id"].to_pylist() == ["a", "b"]
    assert "offer_code" not in found["decisions"].column_names
    assert found["scores"].to_pylist()[0]["wave"] == "w20250106"
    assert found["scores"].schema.field("customer_id").type == pa.string()
