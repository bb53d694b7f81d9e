from datetime import date, datetime

import pytest

from pipeline.foundation.config import ValidateParams
from pipeline.foundation.contracts.columns import ARROW_TYPES
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.validation.coverage import Coverage
from pipeline.validation.expectations import BATCH_TYPES, Expectation, batch_suite, facts_suite

CONTRACT = raw_tables({"income": "number"})
COVERAGE = Coverage(date(2024, 1, 1), date(2024, 6, 30), allowed_days=28)
PARAMS = ValidateParams(
    max_quarantined_share=0.05,
    min_rows={"surveys": 40},
    max_null_share={"surveys.score": 0.3},
    max_stale_days=60,
    batch_rows=1000,
)
KNOWN = {
    "rows": 9.0,
    "quarantined_share": 0.0,
    "repeated_keys": 0.0,
    "orphans_customer_id": 0.0,
    "null_share_score": 0.0,
    "null_share_comment": 0.0,
    "stale_days": 0.0,
}


def said(table: str) -> list[str]:
    return [one.says for one in batch_suite(CONTRACT[table], COVERAGE)]


def facts_of(table: str, **without: None) -> dict[str, Expectation]:
    known = {name: value for name, value in KNOWN.items() if name not in without}
    return {one.about: one for one in facts_suite(CONTRACT[table], PARAMS, known)}


def test_every_contract_type_has_a_type_in_batches() -> None:
    assert set(BATCH_TYPES) == set(ARROW_TYPES)


def test_every_batch_is_held_to_columns_types_ranges_and_allowed_values() -> None:
    asked = said("surveys")
    assert asked[0] == "the contract's columns, in their order"
    for says in (
        "survey_id has the type str",
        "survey_id is never empty",
        "instrument is one of nps, csat, ces",
        "score is at least 0",
        "score is at most 10",
        "sent_at is not after 2024-07-28",
        "answered_at is not after 2024-07-28",
    ):
        assert says in asked
    assert "comment is never empty" not in asked


def test_product_events_end_with_the_last_covered_day() -> None:
    assert "occurred_at is not after 2024-06-30" in said("product_events")


def test_without_coverage_no_moment_is_held_against_it() -> None:
    asked = [one.says for one in batch_suite(CONTRACT["surveys"], None)]
    assert not [says for says in asked if "not after" in says]


def test_personal_values_are_shown_by_no_expectation() -> None:
    suite = batch_suite(CONTRACT["customers"], COVERAGE)
    personal = [one.kind for one in suite if one.about in ("email", "phone")]
    assert personal == ["type", "type"]


def test_a_date_is_held_against_a_time_of_the_same_day() -> None:
    suite = batch_suite(CONTRACT["customers"], COVERAGE)
    limits = [one.limit for one in suite if (one.kind, one.about) == ("minimum", "birth_date")]
    assert limits == [datetime(1900, 1, 1)]  # noqa: DTZ001 - times are naive UTC


def test_the_facts_are_held_against_the_parameters() -> None:
    limits = {about: one.limit for about, one in facts_of("surveys").items()}
    assert limits == {
        "rows": 40,
        "quarantined_share": 0.05,
        "stale_days": 60,
        "repeated_keys": 0,
        "orphans_customer_id": 0,
        "null_share_score": 0.3,
    }


def test_a_fact_that_is_not_known_is_not_asked_for() -> None:
    assert "stale_days" not in facts_of("surveys", stale_days=None)


@pytest.mark.parametrize(
    ("table", "severity"),
    [("surveys", "critical"), ("interactions", "critical"), ("consents", "warning")],
)
def test_an_old_table_stops_the_run_unless_it_may_be_quiet(table: str, severity: str) -> None:
    assert facts_of(table)["stale_days"].severity == severity


def test_a_required_table_has_at_least_one_row_whatever_the_parameters_say() -> None:
    assert facts_of("customers")["rows"].limit == 1
    assert "rows" not in facts_of("messages")


def test_every_expectation_of_a_table_is_said_once() -> None:
    for name in CONTRACT:
        says = said(name) + [one.says for one in facts_of(name).values()]
        assert len(says) == len(set(says))


def test_nothing_wrong_with_the_orders_of_guests_stops_a_run() -> None:
    found = facts_of("guest_events")
    assert {found[fact].severity for fact in ("quarantined_share", "stale_days")} == {"warning"}
    assert facts_of("product_events")["quarantined_share"].severity == "critical"
