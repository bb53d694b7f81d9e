"""Dates whose scores mean something else a date later, or go on meaning the same."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from pipeline.models.calibration.rate_forecast import RateForecast
from pipeline.models.examples import Examples
from pipeline.models.pasts.calibration_choice import ScoredPast, choose_calibration
from pipeline.statistics.arrays import Floats

NAMES = ("card", "loan", "pet", "trip", "home", "car")


ROWS = 24_000


def date_of(seed: int, shifts: Floats, bend: float = 0.0) -> tuple[Examples, Floats]:
    """Return 24,000 rows and the scores that are off by each segment's shift, or bent."""
    random = np.random.default_rng(seed)
    scores = random.normal(-2, 1.2, ROWS)
    codes = random.integers(0, len(NAMES), ROWS)
    truth = expit(scores + shifts[codes] + bend * np.maximum(scores + 2, 0) ** 2)
    features = pd.DataFrame({"category": pd.Categorical(np.array(sorted(NAMES))[codes])})
    labels = (random.random(ROWS) < truth).astype(np.float64)
    return Examples(features, labels, np.ones(ROWS), np.arange(ROWS)), scores


def pasts_of(shifts: list[Floats], bends: list[float]) -> list[ScoredPast]:
    dates = [date_of(seed, *at) for seed, at in enumerate(zip(shifts, bends, strict=True))]
    return [ScoredPast(*held_out, *later, None) for held_out, later in pairwise(dates)]


def test_shifts_that_come_again_at_every_date_are_kept() -> None:
    lasting = np.array([0.8, -0.8, 0.5, -0.5, 0.3, -0.3])
    choice = choose_calibration(pasts_of([lasting] * 4, [0.0] * 4), "category")
    assert choice.carried_over >= 0.75


def test_shifts_that_are_gone_a_date_later_are_not_kept() -> None:
    random = np.random.default_rng(1)
    passing = [random.normal(0, 0.7, 6) for _ in range(4)]
    choice = choose_calibration(pasts_of(passing, [0.0] * 4), "category")
    assert choice.carried_over <= 0.25


def test_of_shifts_that_come_again_by_half_about_half_is_kept() -> None:
    # Correlation of (.6, -.6, .3, -.3, 0, 0) and (.6, 0, -.3, -.3, 0, 0), whose means are 0:
    # (.36 - .09 + .09) / sqrt(.9 * .54) = .52
    one, other = np.array([0.6, -0.6, 0.3, -0.3, 0, 0]), np.array([0.6, 0, -0.3, -0.3, 0, 0])
    choice = choose_calibration(pasts_of([one, other] * 2, [0.0] * 4), "category")
    assert choice.carried_over == pytest.approx(0.52, abs=0.12)


def test_a_bend_that_turns_from_date_to_date_is_left_out_and_one_that_lasts_is_taken() -> None:
    still = [np.zeros(6)] * 4
    lasting = choose_calibration(pasts_of(still, [0.6] * 4), None)
    turning = choose_calibration(pasts_of(still, [0.6, -0.3, 0.6, -0.3]), None)
    assert lasting.method in ("beta", "isotonic")
    assert turning.method in ("none", "platt")


def test_a_forecast_takes_the_place_of_the_shifts() -> None:
    lasting = np.array([0.8, -0.8, 0.5, -0.5, 0.3, -0.3])
    rates = dict.fromkeys(sorted(NAMES), 0.2)
    forecast = RateForecast(rates, dict.fromkeys(rates, 0.1), 13)
    pasts = [replace(past, forecast=forecast) for past in pasts_of([lasting] * 4, [0.0] * 4)]
    assert choose_calibration(pasts, "category").carried_over == 0.0


def test_the_losses_told_are_means_over_all_later_rows() -> None:
    pasts = pasts_of([np.zeros(6)] * 3, [0.0] * 3)
    choice = choose_calibration(pasts, None)
    own = [past.losses(replace(choice, method="none"), None).mean() for past in pasts]
    assert choice.log_losses["none"] == pytest.approx(np.mean(own), abs=1e-12)
