import json
from datetime import date

import pytest

from pipeline.foundation.errors import BrokenCheckError, DataError
from pipeline.validation import validation_verdict
from pipeline.validation.coverage import Coverage
from pipeline.validation.expectation_gate import Observed, Outcome
from pipeline.validation.expectations import Expectation, Severity
from pipeline.validation.table_facts import Counts
from pipeline.validation.validation_verdict import Finding

COUNTS = Counts(valid=96, quarantined=4, by_rule={"range:score": 4}, cascaded=0)


def outcome(
    says: str,
    *,
    success: bool = True,
    observed: Observed = None,
    severity: Severity = "critical",
    broken: str | None = None,
) -> Outcome:
    expectation = Expectation("minimum", "rows", 9, says, "Give more.", severity)
    return Outcome(expectation, success, observed, broken)


def findings(*outcomes: Outcome) -> list[Finding]:
    return [Finding("surveys", COUNTS, outcomes)]


def test_what_meets_every_expectation_passes() -> None:
    passed = findings(outcome("a"), outcome("b"))
    assert validation_verdict.decide(passed) == "passed"
    validation_verdict.enforce(passed)


def test_each_failed_critical_expectation_stops_the_run_with_one_line() -> None:
    failed = findings(
        outcome("at least 9 rows", success=False, observed=5.0),
        outcome("fine"),
        outcome("kinds known", success=False, observed="quiz"),
    )
    assert validation_verdict.decide(failed) == "failed"
    with pytest.raises(DataError, match="critical expectation; found 2 that do not:") as error:
        validation_verdict.enforce(failed)
    lines = str(error.value).splitlines()
    assert lines[1:3] == [
        "  surveys: expected at least 9 rows; found 5. Give more.",
        "  surveys: expected kinds known; found quiz. Give more. ",
    ]
    assert "data/quarantine" in lines[3]


def test_a_failed_warning_does_not_stop_the_run() -> None:
    warned = findings(outcome("fresh", success=False, observed=99.0, severity="warning"))
    validation_verdict.enforce(warned)
    assert validation_verdict.decide(warned) == "passed"
    assert validation_verdict.warnings(warned) == ["surveys: expected fresh; found 99. Give more."]


def test_a_broken_check_is_not_bad_data() -> None:
    broken = findings(
        outcome("fresh", success=False, broken="no column"),
        outcome("at least 9 rows", success=False, observed=5.0),
    )
    assert validation_verdict.decide(broken) == "broken"
    with pytest.raises(BrokenCheckError, match="1 that does not:\n  surveys: fresh: no column"):
        validation_verdict.enforce(broken)


def test_a_broken_warning_is_broken_too() -> None:
    broken = findings(outcome("fresh", success=False, severity="warning", broken="no column"))
    assert validation_verdict.warnings(broken) == []
    with pytest.raises(BrokenCheckError, match="says nothing about the data"):
        validation_verdict.enforce(broken)


@pytest.mark.parametrize(("valid", "quarantined"), [(6, 3), (7, 4)])
def test_a_lost_or_an_invented_row_breaks_the_count_law(valid: int, quarantined: int) -> None:
    with pytest.raises(BrokenCheckError, match="10 rows of surveys to be valid or quarantined"):
        validation_verdict.check_count_law("surveys", 10, valid, quarantined)


def test_rows_that_are_all_there_keep_the_count_law() -> None:
    validation_verdict.check_count_law("surveys", 10, 6, 4)


def test_the_report_tells_counts_coverage_and_every_expectation() -> None:
    coverage = Coverage(date(2025, 1, 1), date(2025, 6, 30), allowed_days=28)
    found = findings(outcome("at least 9 rows", observed=96.0), outcome("fresh", broken="why"))
    report = validation_verdict.to_report(found, coverage, {"messages", "consents"})
    assert json.loads(report.model_dump_json(exclude_unset=True)) == {
        "verdict": "broken",
        "coverage": {"start": "2025-01-01", "end": "2025-06-30", "latest": "2025-07-28"},
        "missing_tables": ["consents", "messages"],
        "tables": {
            "surveys": {
                "rows_in": 100,
                "valid": 96,
                "quarantined": 4,
                "quarantined_share": 0.04,
                "cascaded": 0,
                "by_rule": {"range:score": 4},
                "expectations": {
                    "at least 9 rows": {"severity": "critical", "success": True, "observed": 96.0},
                    "fresh": {
                        "severity": "critical",
                        "success": True,
                        "observed": None,
                        "broken": "why",
                    },
                },
            }
        },
    }


def test_data_without_coverage_are_reported_so() -> None:
    assert validation_verdict.to_report([], None, ()).coverage is None
    assert "data cover no day" in validation_verdict.summarize([], None)


def test_the_log_line_has_counts_in_and_out() -> None:
    line = validation_verdict.summarize(findings(outcome("a"), outcome("b", success=False)), None)
    assert "1 tables, 100 rows in = 96 valid + 4 quarantined" in line
    assert line.endswith("1 of 2 expectations met: failed")
