import numpy as np
import pytest

from pipeline.evaluation.calibration_line import CalibrationLine, fit_line
from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.bootstrap import Interval, draw_matrix


def outcomes(rows: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(5)
    log_odds = random.normal(-2, 1, rows)
    return log_odds, (random.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)


def stated(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def line_of(stated: Floats, labels: Floats, groups: Ints | None = None) -> CalibrationLine:
    codes = np.arange(len(labels)) if groups is None else groups
    draws = draw_matrix(int(codes.max()) + 1, 400, seed=3)
    return fit_line(stated, labels, np.ones(len(labels)), codes, draws)


def holds(interval: Interval, value: float) -> bool:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low <= value <= interval.high


def test_true_propensities_lie_on_the_line() -> None:
    log_odds, labels = outcomes(20_000)
    line = line_of(stated(log_odds), labels)
    assert holds(line.slope, 1.0)
    assert holds(line.intercept, 0.0)


def test_differences_that_are_too_sure_have_a_slope_below_one() -> None:
    log_odds, labels = outcomes(20_000)
    line = line_of(stated(2 * log_odds), labels)
    assert holds(line.slope, 0.5)
    assert not holds(line.slope, 1.0)


def test_a_promise_of_too_much_has_an_intercept_below_nought() -> None:
    log_odds, labels = outcomes(20_000)
    line = line_of(stated(log_odds + 0.7), labels)
    assert holds(line.intercept, -0.7)
    assert holds(line.slope, 1.0)


def test_a_constant_propensity_has_no_slope() -> None:
    _, labels = outcomes(500)
    line = line_of(np.full(500, 0.1), labels)
    assert line.slope == Interval(None, None, None)


def test_rows_of_one_group_widen_the_limits() -> None:
    log_odds, labels = outcomes(1000)
    rows = np.repeat(np.arange(1000), 4)
    apart = line_of(stated(log_odds)[rows], labels[rows]).slope
    together = line_of(stated(log_odds)[rows], labels[rows], rows).slope
    assert ((together.high or 0) - (together.low or 0)) > 1.6 * (
        (apart.high or 0) - (apart.low or 0)
    )


def test_limits_of_one_step_are_those_of_fitting_anew() -> None:
    log_odds, labels = outcomes(3000)
    draws = draw_matrix(3000, 40, seed=3)
    one_step = fit_line(stated(log_odds), labels, np.ones(3000), np.arange(3000), draws).slope
    once = draws[:1]
    anew = [
        fit_line(stated(log_odds), labels, weights, np.arange(3000), once).slope.value
        for weights in draws
    ]
    low, high = np.quantile(np.array(anew, dtype=float), [0.025, 0.975])
    assert one_step.low == pytest.approx(low, abs=0.01)
    assert one_step.high == pytest.approx(high, abs=0.01)
