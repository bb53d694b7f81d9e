import numpy as np

from pipeline.models.contributions import find_reasons

CONCEPTS = ["visits", "visits", "spend", "gender"]
CONTRIBUTIONS = np.array(
    [
        [0.2, 0.3, 0.4, 0.9],
        [-0.1, -0.2, 0.1, 0.0],
    ]
)


def test_features_of_one_concept_are_told_once_by_the_strongest() -> None:
    found = find_reasons(CONTRIBUTIONS, CONCEPTS, count=3)
    assert found.rows.tolist() == [0, 0, 0, 1]
    assert found.positions.tolist() == [1, 2, 3, 1]
    assert found.features.tolist() == [3, 1, 2, 2]
    assert found.contributions.round(6).tolist() == [0.9, 0.5, 0.4, 0.1]


def test_some_concepts_are_told_after_all_others_however_much_they_contributed() -> None:
    found = find_reasons(CONTRIBUTIONS, CONCEPTS, count=3, last={"gender", "visits"})
    assert found.features.tolist() == [2, 3, 1, 2]
    assert found.positions.tolist() == [1, 2, 3, 1]


def test_what_is_small_beside_the_largest_reason_is_none() -> None:
    found = find_reasons(np.array([[1.0, 0.049, 0.051]]), ["a", "b", "c"], count=3, last={"a"})
    assert found.features.tolist() == [2, 0]


def test_no_more_reasons_than_asked_for() -> None:
    found = find_reasons(CONTRIBUTIONS, CONCEPTS, count=1)
    assert found.features.tolist() == [3, 2]


def test_what_lowers_the_score_is_no_reason() -> None:
    found = find_reasons(np.array([[-1.0, -2.0]]), ["a", "b"], count=2)
    assert len(found.rows) == 0


def test_no_reasons_are_told_where_none_are_wanted() -> None:
    assert len(find_reasons(CONTRIBUTIONS, CONCEPTS, count=0).rows) == 0


def test_the_next_reason_takes_the_place_of_one_whose_value_may_not_be_told() -> None:
    tellable = np.array([[True, True, True, False], [True, True, True, True]])
    found = find_reasons(CONTRIBUTIONS, CONCEPTS, count=1, tellable=tellable)
    assert found.rows.tolist() == [0, 1]
    assert found.features.tolist() == [1, 2]


def test_a_concept_is_told_by_its_strongest_feature_whose_value_may_be_told() -> None:
    tellable = np.array([[True, False, False, False], [True, True, False, True]])
    found = find_reasons(CONTRIBUTIONS, CONCEPTS, count=3, tellable=tellable)
    assert found.features.tolist() == [0]
    assert found.contributions.round(6).tolist() == [0.5]


def test_a_feature_that_lowered_the_score_does_not_speak_for_its_concept() -> None:
    contributions = np.array([[0.9, -0.1]])
    tellable = np.array([[False, True]])
    assert len(find_reasons(contributions, ["visits", "visits"], 1, tellable=tellable).rows) == 0
