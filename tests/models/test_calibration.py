import numpy as np
import pytest

from pipeline.models.calibration.curve import (
    METHODS,
    BetaCurve,
    Method,
    calibrate,
    fit_curve,
    from_json,
    log_losses,
)
from pipeline.statistics.arrays import Floats


def draw(
    rows: int, seed: int, slope: float = 1.0, shift: float = 0.0
) -> tuple[Floats, Floats, Floats]:
    """Return scores, labels and true rates; the scores are off by a line on the log-odds scale."""
    random = np.random.default_rng(seed)
    log_odds = random.normal(-2, 1.2, rows)
    rates = 1 / (1 + np.exp(-log_odds))
    labels = (random.random(rows) < rates).astype(np.float64)
    return (log_odds - shift) / slope, labels, rates


def chosen(scores: Floats, labels: Floats) -> str:
    ones = np.ones(len(scores))
    return calibrate(scores, labels, ones, np.arange(len(scores))).curve.method


def test_scores_that_are_already_right_are_left_nearly_as_they_are() -> None:
    scores, labels, rates = draw(20_000, seed=1)
    found = calibrate(scores, labels, np.ones(20_000), np.arange(20_000))
    assert found.curve.method in {"none", "platt"}
    assert np.abs(found.curve.apply(scores) - rates).max() < 0.02


def test_a_base_rate_that_has_moved_is_taken_up() -> None:
    scores, labels, rates = draw(20_000, seed=10, shift=0.2)
    found = calibrate(scores, labels, np.ones(20_000), np.arange(20_000))
    assert found.curve.method == "platt"
    assert found.curve.apply(scores).mean() == pytest.approx(rates.mean(), rel=0.05)


def test_scores_off_by_a_line_are_put_right() -> None:
    scores, labels, rates = draw(20_000, seed=2, slope=0.5, shift=-1.0)
    found = calibrate(scores, labels, np.ones(20_000), np.arange(20_000))
    assert found.curve.method == "platt"
    assert np.abs(found.curve.apply(scores) - rates).mean() < 0.01


def test_scores_off_by_more_than_a_line_take_a_curve() -> None:
    random = np.random.default_rng(3)
    scores = random.uniform(-4, 4, 20_000)
    rates = np.where(scores > 0, 0.6, 0.05)
    labels = (random.random(20_000) < rates).astype(np.float64)
    assert chosen(scores, labels) == "isotonic"


def test_many_steps_are_not_tried_on_few_positives() -> None:
    scores, labels, _ = draw(1000, seed=4)
    found = calibrate(scores, labels, np.ones(1000), np.arange(1000))
    assert set(found.log_losses) == {"none", "platt", "beta"}


def test_scores_that_order_the_wrong_way_become_the_base_rate() -> None:
    scores, labels, _ = draw(5000, seed=5)
    curve = fit_curve("platt", -scores, labels, np.ones(5000))
    assert curve.apply(np.array([-5.0, 5.0])) == pytest.approx(labels.mean(), abs=1e-5)


def test_weights_count_as_repeated_rows() -> None:
    scores, labels, _ = draw(2000, seed=6, slope=0.7)
    weights = np.where(labels == 0, 3.0, 1.0)
    repeat = weights.astype(int)
    weighted = fit_curve("platt", scores, labels, weights)
    repeated = fit_curve(
        "platt", np.repeat(scores, repeat), np.repeat(labels, repeat), np.ones(repeat.sum())
    )
    grid = np.linspace(-4, 2, 9)
    assert weighted.apply(grid) == pytest.approx(repeated.apply(grid), abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_a_curve_never_falls_and_stays_between_never_and_always(method: Method) -> None:
    scores, labels, _ = draw(3000, seed=7, slope=0.6)
    rates = fit_curve(method, scores, labels, np.ones(3000)).apply(np.linspace(-9, 9, 200))
    assert (np.diff(rates) >= 0).all()
    assert 0 < rates.min() <= rates.max() < 1


@pytest.mark.parametrize("method", METHODS)
def test_a_curve_survives_saving(method: Method) -> None:
    scores, labels, _ = draw(3000, seed=8, slope=0.6)
    curve = fit_curve(method, scores, labels, np.ones(3000))
    assert from_json(curve.to_json()) == curve


def test_beta_calibration_finds_the_curve_that_drew_the_labels() -> None:
    random = np.random.default_rng(9)
    scores = random.normal(-1, 1.5, 60_000)
    rates = BetaCurve("beta", 1.6, 0.6, 0.3).apply(scores)
    labels = (random.random(60_000) < rates).astype(np.float64)
    curve = fit_curve("beta", scores, labels, np.ones(60_000))
    assert np.abs(curve.apply(scores) - rates).max() < 0.02


def test_an_isotonic_curve_pools_neighbours_that_fall() -> None:
    scores = np.array([0.0, 1.0, 2.0, 3.0])
    labels = np.array([0.0, 1.0, 0.0, 1.0])
    curve = fit_curve("isotonic", scores, labels, np.ones(4))
    # Steps {0}, {1, 2}, {3} with rates 0, 1/2, 1; each leans on one row at the base rate 1/2.
    assert curve.to_json()["scores"] == [0.0, 1.5, 3.0]
    assert curve.to_json()["rates"] == pytest.approx([0.25, 0.5, 0.75])


def test_the_loss_of_a_row_is_minus_the_log_of_what_was_said_of_its_outcome() -> None:
    losses = log_losses(np.array([1.0, 0.0, 1.0]), np.array([0.25, 0.25, 0.0]))
    assert losses[:2] == pytest.approx([1.386294, 0.287682], abs=1e-6)
    assert 27 < losses[2] < 28
