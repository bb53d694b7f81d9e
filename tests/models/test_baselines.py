import logging
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from pipeline.models.estimators.baselines import BaselinePlan, fit_rules
from pipeline.models.estimators.group_rate import fit_group_rate
from pipeline.models.estimators.logistic import fit_logistic_regression
from pipeline.models.estimators.rule_ranker import RuleColumn, fit_rule_ranker
from pipeline.models.examples import Examples
from tests.models.tables import table


def examples_of(features: Mapping[str, object], labels: list[int]) -> Examples:
    count = len(labels)
    return Examples(
        pd.DataFrame(features), np.array(labels, float), np.ones(count), np.arange(count)
    )


def rate(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def test_a_group_rate_leans_on_the_rate_of_all() -> None:
    examples = examples_of(
        {"shop": ["a"] * 80 + ["b"] * 20}, [1] * 15 + [0] * 65 + [1] * 5 + [0] * 15
    )
    scorer = fit_group_rate(examples, "shop")
    # The rate of all is 0.2, so five positives stand for 25 rows: (15 + 5) / (80 + 25).
    assert scorer.rates["a"] == pytest.approx(20 / 105, abs=1e-6)
    assert scorer.rates["b"] == pytest.approx(10 / 45, abs=1e-6)


def test_an_unseen_or_empty_group_has_the_rate_of_all() -> None:
    examples = examples_of({"shop": ["a"] * 80 + ["b"] * 20}, [1] * 20 + [0] * 80)
    raw = fit_group_rate(examples, "shop").raw(pd.DataFrame({"shop": ["c", None]}))
    assert [rate(value) for value in raw] == pytest.approx([0.2, 0.2])


def test_a_rule_learns_which_end_of_its_order_is_the_better_one() -> None:
    labels = [0] * 500 + [0, 1] * 250
    rising = {"number": np.arange(1000.0)}
    for is_smaller_better in (False, True):
        scorer = fit_rule_ranker(
            examples_of(rising, labels), [RuleColumn("number", is_smaller_better)]
        )
        low, high = scorer.raw(pd.DataFrame({"number": [10.0, 990.0]}))
        assert rate(low) < 0.1
        assert rate(high) > 0.4


def test_a_missing_value_has_its_own_rate_in_a_rule_of_one_column() -> None:
    numbers = np.r_[np.arange(500.0), np.full(500, np.nan)]
    scorer = fit_rule_ranker(
        examples_of({"number": numbers}, [0, 0, 0, 0, 1] * 100 + [0, 1] * 250),
        [RuleColumn("number")],
    )
    # 250 of 500 rows and one positive at the rate of all, 0.35.
    missing = scorer.raw(pd.DataFrame({"number": [np.nan]}))[0]
    assert rate(missing) == pytest.approx(251 / (500 + 1 / 0.35), abs=1e-5)


def test_a_missing_value_ranks_worst_among_several_columns() -> None:
    numbers = np.arange(1000.0)
    scorer = fit_rule_ranker(
        examples_of({"one": numbers, "two": numbers}, [0] * 500 + [0, 1] * 250),
        [RuleColumn("one"), RuleColumn("two")],
    )
    known, half = scorer.raw(pd.DataFrame({"one": [990.0, 990.0], "two": [990.0, np.nan]}))
    assert half < known


def test_a_rule_over_an_empty_column_says_the_base_rate() -> None:
    scorer = fit_rule_ranker(
        examples_of({"number": np.full(100, np.nan)}, [1] * 20 + [0] * 80), [RuleColumn("number")]
    )
    assert rate(scorer.raw(pd.DataFrame({"number": [np.nan]}))[0]) == pytest.approx(0.2, abs=1e-4)


def test_logistic_regression_is_that_of_scikit_learn_on_standard_numbers() -> None:
    random = np.random.default_rng(1)
    numbers = random.normal(size=(2000, 2))
    labels = (random.random(2000) < 1 / (1 + np.exp(1 - numbers @ [1.0, -0.5]))).astype(int)
    examples = examples_of({"a": numbers[:, 0], "b": numbers[:, 1]}, labels.tolist())
    standard = (numbers - numbers.mean(axis=0)) / numbers.std(axis=0)
    expected = LogisticRegression(tol=1e-8).fit(standard, labels).decision_function(standard)
    found = fit_logistic_regression(examples, seed=1).raw(examples.features)
    assert np.abs(found - expected).max() < 1e-3


def test_logistic_regression_ends_where_it_ends_from_wherever_it_starts() -> None:
    rows, others = table(1500, 4).examples, table(1500, 9).examples
    start = fit_logistic_regression(others, seed=1)
    found = fit_logistic_regression(rows, seed=1, start=start)
    alone = fit_logistic_regression(rows, seed=1)
    assert found.coefficients == pytest.approx(alone.coefficients, abs=1e-4)


def test_logistic_regression_takes_gaps_texts_and_endless_values() -> None:
    table_ = table(1500, seed=3).examples
    scorer = fit_logistic_regression(table_, seed=1)
    later = table_.features.head(3).assign(
        category=pd.Series(["loan", "unseen", None], dtype="str"),
        history__recency=[np.nan, np.inf, 1e30],
    )
    assert np.isfinite(scorer.raw(later)).all()


def test_numbers_that_are_empty_in_the_same_rows_share_one_indicator() -> None:
    random = np.random.default_rng(1)
    numbers = {name: random.normal(size=400) for name in ("left", "right", "other")}
    is_empty = random.random((2, 400)) < 0.3
    numbers["left"][is_empty[0]] = numbers["right"][is_empty[0]] = np.nan
    numbers["other"][is_empty[1]] = np.nan
    labels = (random.random(400) < np.where(is_empty[0], 0.6, 0.2)).astype(int).tolist()
    found = fit_logistic_regression(examples_of(numbers, labels), seed=1)
    assert [found.scales[name].has_gaps for name in numbers] == [True, False, True]
    assert len(found.coefficients) == 5
    assert found.coefficients[1] > 1  # of the first indicator: odds of 1.5 against 0.25


def test_a_baseline_whose_column_is_not_there_is_left_out_and_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    plan = BaselinePlan("category", {"association": (RuleColumn("affinity__best"),)}, seed=1)
    with caplog.at_level(logging.WARNING):
        found = fit_rules(table(600, 1).examples, plan)
    assert set(found) == {"base_rate"}
    assert "no baseline association: there is no feature affinity__best" in caplog.text
