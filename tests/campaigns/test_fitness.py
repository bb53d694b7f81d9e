"""What may go out by itself, and what a person has to look at first."""

from typing import Any

import pytest

from pipeline.campaigns.fitness import find_obstacles
from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport
from tests.reports.inputs import drift, finding, funnel, verdict

LOGISTIC = {"name": "logistic", "kind": "logistic", "version": "abcdef123456"}
RULE = {"name": "rfm", "kind": "banded_rates", "version": "abcdef123456"}
BROKEN = {"broken_by_champion": ("calibrated_slope",)}
TOO_FEW = finding("enough_positives", "41 outcomes are too few.", holds=False)


def obstacles(decision: str, **changes: Any) -> list[str]:
    """Return what speaks against a wave whose one model has this verdict."""
    given = verdict(decision, **changes)
    claims = ClaimsReport(waves=(), consecutive_misses=0)
    found = find_obstacles([given], [], claims, funnel(), drift())
    return [one.obstacle for one in found]


@pytest.mark.parametrize("decision", ["promoted", "kept"])
def test_a_model_that_passed_may_be_sent(decision: str) -> None:
    assert obstacles(decision) == []


def test_a_logistic_regression_that_passes_the_gate_may_be_sent() -> None:
    """A small company's trees seldom beat it, and month after month nothing would be sent."""
    assert obstacles("fallback", champion=LOGISTIC) == []
    assert obstacles("kept", champion=LOGISTIC) == []


def test_a_logistic_regression_that_could_not_be_asked_is_looked_at_first() -> None:
    assert obstacles("fallback", champion=LOGISTIC, findings=(TOO_FEW,)) == ["gate"]
    assert obstacles("kept", findings=(TOO_FEW,)) == []  # asked when it was promoted


@pytest.mark.parametrize("champion", [LOGISTIC, RULE, None])
@pytest.mark.parametrize("decision", ["fallback", "kept"])
def test_what_does_not_pass_the_gate_is_looked_at_first(
    decision: str, champion: dict[str, str] | None
) -> None:
    given = {} if champion is None else {"champion": champion}
    assert obstacles(decision, **BROKEN, **given) == ["gate"]


@pytest.mark.parametrize("decision", ["fallback", "kept"])
def test_a_rule_is_looked_at_first(decision: str) -> None:
    assert obstacles(decision, champion=RULE) == ["gate"]


def test_a_refused_model_that_scores_unproven_is_looked_at_first() -> None:
    assert obstacles("unproven") == ["gate"]


def test_data_that_have_moved_too_far_are_looked_at_first() -> None:
    claims = ClaimsReport(waves=(), consecutive_misses=0)
    (found,) = find_obstacles([], [], claims, funnel(), drift(stops=True))
    assert (found.obstacle, "120 rows" in found.reason) == ("drift", True)
