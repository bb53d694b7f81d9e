import numpy as np

from pipeline.models.bootstrap import Interval
from pipeline.models.calibration_line import fit_line
from pipeline.models.examples import Floats


def outcomes(rows: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(5)
    log_odds = random.normal(-2, 1, rows)
    return log_odds, (random.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)


def stated(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def holds(interval: Interval, value: float) -> bool:
    assert interval.low is not None
    assert interval.high is not None
    return interval.low <= value <= interval.high


def test_true_propensities_lie_on_the_line() -> None:
    log_odds, labels = outcomes(20_000)
    line = fit_line(stated(log_odds), labels, np.ones(20_000), np.arange(20_000))
    assert holds(line.slope, 1.0)
    assert holds(line.intercept, 0.0)


def test_differences_that_are_too_sure_have_a_slope_below_one() -> None:
    log_odds, labels = outcomes(20_000)
    line = fit_line(stated(2 * log_odds), labels, np.ones(20_000), np.arange(20_000))
    assert holds(line.slope, 0.5)
    assert not holds(line.slope, 1.0)


def test_a_promise_of_too_much_has_an_intercept_below_nought() -> None:
    log_odds, labels = outcomes(20_000)
    line = fit_line(stated(log_odds + 0.7), labels, np.ones(20_000), np.arange(20_000))
    assert holds(line.intercept, -0.7)
    assert holds(line.slope, 1.0)


def test_a_constant_propensity_has_no_slope() -> None:
    _, labels = outcomes(500)
    line = fit_line(np.full(500, 0.1), labels, np.ones(500), np.arange(500))
    assert line.slope == Interval(None, None, None)


def test_rows_of_one_group_widen_the_limits() -> None:
    log_odds, labels = outcomes(1000)
    rows = np.repeat(np.arange(1000), 4)
    apart = fit_line(stated(log_odds)[rows], labels[rows], np.ones(4000), np.arange(4000)).slope
    together = fit_line(stated(log_odds)[rows], labels[rows], np.ones(4000), rows).slope
    assert ((together.high or 0) - (together.low or 0)) > 1.8 * (
        (apart.high or 0) - (apart.low or 0)
    )
