from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import (
    GroupFigures,
)
from pipeline.reports.group_differences import (
    tell_groups_that_differ,
)

ANY = Figure(value=0.1, low=0.1, high=0.1)


def group(positives: int, expected: float, low: float, high: float) -> GroupFigures:
    ratio = Figure(value=positives / expected, low=low, high=high)
    return GroupFigures(
        value="other",
        customers=4,
        rows=40,
        positives=positives,
        expected=expected,
        base_rate=ANY,
        selection_rate=ANY,
        lift=ANY,
        observed_to_predicted=ratio,
    )


def is_named(found: GroupFigures) -> bool:
    return "gender other" in tell_groups_that_differ({"gender": (found,)})


def test_a_few_customers_without_an_outcome_are_no_difference() -> None:
    # Every draw of them is without one: 0.00 (0.00 to 0.00). None of 0.4 expected is no surprise:
    # P(0) = e^-0.4 = 0.67.
    assert not is_named(group(0, 0.4, 0.0, 0.0))


def test_none_where_many_were_expected_is_a_difference() -> None:
    assert is_named(group(0, 5.0, 0.0, 0.0))  # 2 e^-5 = 0.013


def test_a_difference_must_hold_for_customers_too_and_not_only_for_their_rows() -> None:
    # 20 of 10 expected: P(X >= 20) = 0.0035. A handful of customers may bring them all.
    assert is_named(group(20, 10.0, 1.2, 2.9))
    assert not is_named(group(20, 10.0, 0.4, 4.0))


def test_no_difference_is_said_in_words() -> None:
    assert tell_groups_that_differ({}).endswith("for: none.")
