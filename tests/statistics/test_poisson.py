import pytest

from pipeline.statistics.poisson import poisson_p_value


@pytest.mark.parametrize(
    ("observed", "expected", "p_value"),
    [
        (0, 0.4, 1.0),  # 2 e^-0.4 = 1.34, at most 1
        (0, 5.0, 0.013476),  # 2 e^-5
        (2, 0.2, 0.035046),  # 2 (1 - 1.2 e^-0.2)
        (3, 3.0, 1.0),  # P(X <= 3) = 0.647 and P(X >= 3) = 0.577
    ],
)
def test_a_count_is_held_against_both_tails(observed: int, expected: float, p_value: float) -> None:
    assert poisson_p_value(observed, expected) == pytest.approx(p_value, abs=1e-6)
