from datetime import datetime

import pandas as pd
import pytest

from pipeline.foundation.contracts.tables import raw_tables
from pipeline.validation.batches import to_frames
from pipeline.validation.coverage import Coverage
from pipeline.validation.expectation_gate import Outcome, pass_through
from pipeline.validation.expectations import Expectation, Kind, Limit, batch_suite
from tests.ledger import table

FRAME = pd.DataFrame(
    {
        "name": ["a", "b", None],
        "amount": [1.5, -2.0, 7.25],
        "at": pd.to_datetime(
            pd.Series(["2025-01-01 00:00:00", "2025-03-01 12:00:00", None])
        ).astype("datetime64[us]"),
        "empty": pd.array([None, None, None], dtype="Int64"),
    }
)
NEW_YEAR = datetime(2025, 1, 1)  # noqa: DTZ001 - times are naive UTC
LATER = datetime(2025, 1, 2)  # noqa: DTZ001 - times are naive UTC


def ask(kind: Kind, about: str, limit: Limit = None) -> Outcome:
    (outcome,) = pass_through([FRAME], [Expectation(kind, about, limit, "it holds")])
    return outcome


@pytest.mark.parametrize(
    ("kind", "about", "limit", "success", "observed"),
    [
        ("columns", "", ("name", "amount", "at", "empty"), True, "name, amount, at, empty"),
        ("columns", "", ("amount", "name", "at", "empty"), False, "name, amount, at, empty"),
        ("type", "name", "str", True, "str"),
        ("type", "amount", "int64", False, "float64"),
        ("type", "at", "datetime64[us]", True, "datetime64"),
        ("type", "empty", "int64", True, "int64"),
        ("not_null", "amount", None, True, 0),
        ("not_null", "name", None, False, 1),
        ("allowed", "name", ("a", "b"), True, None),
        ("allowed", "name", ("a",), False, "b"),
        ("minimum", "amount", -2.0, True, -2.0),
        ("minimum", "amount", 0.0, False, -2.0),
        ("maximum", "amount", 7.0, False, 7.25),
        ("minimum", "at", NEW_YEAR, True, "2025-01-01T00:00:00"),
        ("maximum", "at", LATER, False, "2025-03-01T12:00:00"),
        ("minimum", "empty", 1, True, None),
    ],
)
def test_an_expectation_is_met_or_not_and_shows_what_was_seen(
    kind: Kind, about: str, limit: Limit, success: bool, observed: object
) -> None:
    outcome = ask(kind, about, limit)
    assert (outcome.success, outcome.observed, outcome.broken) == (success, observed, None)


@pytest.mark.parametrize(
    ("kind", "about", "limit", "reason"),
    [
        ("minimum", "nowhere", 0, 'The column "nowhere"'),
        ("not_null", "nowhere", None, 'The column "nowhere"'),
        ("minimum", "name", 0, "not supported between instances of 'str' and 'float'"),
    ],
)
def test_a_check_that_raises_is_broken_and_says_nothing_about_the_data(
    kind: Kind, about: str, limit: Limit, reason: str
) -> None:
    outcome = ask(kind, about, limit)
    assert not outcome.success
    assert outcome.observed is None
    assert outcome.broken is not None
    assert reason in outcome.broken


def test_a_broken_check_does_not_break_the_others() -> None:
    suite = [
        Expectation("minimum", "nowhere", 0, "broken"),
        Expectation("not_null", "amount", None, "whole"),
    ]
    broken, whole = pass_through([FRAME], suite)
    assert broken.broken is not None
    assert whole.success


def test_a_suite_that_cannot_be_asked_at_all_is_broken_as_a_whole() -> None:
    suite = [
        Expectation("minimum", "amount", ("not", "a", "number"), "no limit"),
        Expectation("not_null", "amount", None, "never asked"),
    ]
    outcomes = pass_through([FRAME], suite)
    assert [outcome.success for outcome in outcomes] == [False, False]
    assert all("min_value" in str(outcome.broken) for outcome in outcomes)


def test_three_batches_give_the_same_outcomes_as_one() -> None:
    surveys = table(
        "surveys",
        [
            {
                "survey_id": f"s{number}",
                "customer_id": "ana",
                "instrument": "nps" if number else "quiz",
                "sent_at": f"2025-03-{number + 1:02} 10:00:00",
                "answered_at": "2025-04-01 10:00:00" if number > 3 else None,
                "score": number + 3 if number > 3 else None,
            }
            for number in range(9)
        ],
    )
    coverage = Coverage(NEW_YEAR.date(), NEW_YEAR.date(), allowed_days=60)
    suite = batch_suite(raw_tables({})["surveys"], coverage)
    one, three = (
        pass_through(to_frames(surveys.to_batches(size), surveys.schema), suite) for size in (9, 3)
    )
    assert one == three
    failed = {outcome.expectation.says: outcome.observed for outcome in one if not outcome.success}
    assert failed == {
        "instrument is one of nps, csat, ces": "quiz",
        "score is at most 10": 11.0,
        "answered_at is not after 2025-03-02": "2025-04-01T10:00:00",
        "sent_at is not after 2025-03-02": "2025-03-09T10:00:00",
    }


def test_a_table_without_rows_still_shows_its_columns() -> None:
    schema = raw_tables({})["consents"].schema
    outcomes = pass_through(to_frames([], schema), batch_suite(raw_tables({})["consents"], None))
    assert [outcome.expectation.says for outcome in outcomes if not outcome.success] == []
    assert "columns" in {outcome.expectation.kind for outcome in outcomes}
