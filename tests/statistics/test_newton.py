import numpy as np
import pytest

from pipeline.statistics.newton import fit_logistic, rounded


def test_an_intercept_alone_is_the_log_odds_of_the_weighted_rate() -> None:
    labels, weights = np.array([1.0, 0.0]), np.array([1.0, 4.0])
    found = fit_logistic(np.ones((2, 1)), labels, weights, np.zeros(1), precision=0.0)
    assert found[0] == pytest.approx(np.log(1 / 4))


def test_rows_that_can_be_told_apart_stay_near_the_prior() -> None:
    design = np.array([[-1.0], [1.0]])
    found = fit_logistic(design, np.array([0.0, 1.0]), np.ones(2), np.zeros(1), precision=1.0)
    # 2 / (1 + exp(b)) = b, where the pull of the two rows meets that of the prior
    assert found[0] == pytest.approx(2 / (1 + np.exp(found[0])))


def test_a_given_offset_is_not_fitted_again() -> None:
    found = fit_logistic(
        np.ones((4, 1)),
        np.array([1.0, 0.0, 1.0, 0.0]),
        np.ones(4),
        np.zeros(1),
        precision=0.0,
        offset=np.full(4, 2.0),
    )
    assert found[0] == pytest.approx(-2.0)


def test_six_digits_are_kept() -> None:
    assert rounded(np.array([1234567.0, 0.000123456789])) == (1234570.0, 0.000123457)
