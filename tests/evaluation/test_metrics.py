import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
)

from pipeline.evaluation.metrics import FIGURES, measure_metrics, prepare
from pipeline.statistics.arrays import Floats


def figures(
    scores: list[float] | Floats,
    labels: list[int] | Floats,
    weights: list[float] | Floats | None = None,
    draws: Floats | None = None,
) -> dict[str, float]:
    stated = np.asarray(scores, dtype=np.float64)
    counts = np.ones(len(stated)) if weights is None else np.asarray(weights, dtype=np.float64)
    rows = prepare(stated, stated, np.asarray(labels), counts, np.arange(len(stated)))
    return dict(zip(FIGURES, measure_metrics(rows, draws), strict=True))


def random_rows(ties: bool) -> tuple[Floats, Floats, Floats]:
    random = np.random.default_rng(4)
    rates = random.uniform(0.01, 0.6, 3000)
    labels = (random.random(3000) < rates).astype(np.float64)
    weights = random.integers(1, 4, 3000).astype(np.float64)
    return (np.round(rates, 1) + 0.05 if ties else rates), labels, weights


@pytest.mark.parametrize("ties", [False, True])
def test_weighted_figures_agree_with_scikit_learn(ties: bool) -> None:
    rates, labels, weights = random_rows(ties)
    found = figures(rates, labels, weights)
    given = {"sample_weight": weights}
    assert found["auc"] == pytest.approx(roc_auc_score(labels, rates, **given))
    assert found["average_precision"] == pytest.approx(
        average_precision_score(labels, rates, **given)
    )
    assert found["log_loss"] == pytest.approx(log_loss(labels, rates, **given))
    assert found["brier"] == pytest.approx(brier_score_loss(labels, rates, **given))
    assert found["base_rate"] == pytest.approx(np.average(labels, weights=weights))
    assert found["mean_propensity"] == pytest.approx(np.average(rates, weights=weights))


def test_drawing_a_row_twice_is_as_having_it_twice() -> None:
    rates, labels, _ = random_rows(ties=True)
    draws = np.random.default_rng(5).integers(0, 3, 3000)
    drawn = figures(rates, labels, draws=draws.astype(np.float64))
    repeated = figures(np.repeat(rates, draws), np.repeat(labels, draws))
    for name in set(FIGURES) - {"ece"}:  # its bins are those of the rows as they are
        assert drawn[name] == pytest.approx(repeated[name]), name


def test_gain_and_lift_of_the_top_fifth_by_hand() -> None:
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1]
    labels = [1, 0, 1, 0, 0, 0, 0, 1, 0, 1]
    found = figures(scores, labels)
    # One of four positives is among the first two of ten rows.
    assert found["gain_at_20"] == pytest.approx(1 / 4)
    assert found["lift_at_20"] == pytest.approx((1 / 2) / (4 / 10))


def test_a_block_of_equal_scores_across_the_border_gives_what_chance_would() -> None:
    # The top fifth is two rows: the first, and one of the three that follow it.
    scores = [0.9, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
    labels = [1, 1, 0, 0, 1, 0, 0, 0, 0, 0]
    assert figures(scores, labels)["gain_at_20"] == pytest.approx((1 + 1 / 3) / 3)


def test_a_constant_score_lifts_nothing() -> None:
    found = figures([0.2] * 50, [1] * 10 + [0] * 40)
    assert found["auc"] == pytest.approx(0.5)
    assert found["average_precision"] == pytest.approx(0.2)
    assert found["lift_at_1"] == pytest.approx(1)
    assert found["lift_at_20"] == pytest.approx(1)
    assert found["gain_at_10"] == pytest.approx(0.1)


def test_the_order_of_the_file_does_not_matter_for_equal_scores() -> None:
    first, last = figures([0.2] * 20, [1] * 5 + [0] * 15), figures([0.2] * 20, [0] * 15 + [1] * 5)
    assert {name: first[name] for name in FIGURES if name != "ece"} == pytest.approx(
        {name: last[name] for name in FIGURES if name != "ece"}
    )


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Twenty rows, so one row a bin: gaps of 0.8 for the positive and 0.2 for the others.
    assert figures([0.2] * 20, [1] + [0] * 19)["ece"] == pytest.approx((0.8 + 19 * 0.2) / 20)


@pytest.mark.parametrize("label", [0, 1])
def test_rows_of_one_outcome_have_no_figures(label: int) -> None:
    assert all(np.isnan(value) for value in figures([0.1, 0.2], [label, label]).values())


def test_groups_that_are_not_drawn_do_not_count() -> None:
    scores, labels = [0.9, 0.8, 0.1, 0.05], [0, 1, 0, 0]
    kept = figures(scores, labels, draws=np.array([0.0, 1.0, 1.0, 1.0]))
    assert kept["auc"] == pytest.approx(1)
    assert kept["average_precision"] == pytest.approx(1)
