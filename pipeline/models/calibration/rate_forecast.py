"""Forecast of each segment's rate: Gaussian processes on log rates, fitted by empirical Bayes.

The log rate of a segment is what all segments share plus what is its own. Both are a constant, a
level that wanders, a yearly wave with its half-yearly overtone, and a shock that is gone a period
later. How much of each there is, the marginal likelihood says, once for what is shared and once
for all segments together (Rasmussen and Williams, 2006, 5.4); chance in a count of n outcomes adds
1 / (n + 1/2). A segment with few outcomes is therefore drawn to what the others do.

How far back the past speaks for the future is asked of the past: spans are tried on the latest
periods, each forecast from those before it, and a forecast counts only if it beats both "as in the
period before" and "as on average" by more than one standard error over those periods.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it publishes none

from pipeline.statistics.arrays import Floats, Ints
from pipeline.statistics.shrinkage import shrink_rate_by_hits

SPANS = (13, 18, 23, 28, 39)
"""Periods that a forecast may look back on; all there are is tried besides."""
MIN_PERIODS = 8
MAX_ORIGINS = 8
"""Latest periods that the spans are judged on, at most a third of all."""
YEAR_DAYS = 365.25
WANDER_DAYS = 180.0
"""After which a level has forgotten two thirds of where it was."""
CONSTANT = 0.25
"""Variance of the constant around the log rate over all periods, from which it is counted."""
PRIOR_OUTCOMES = 2.0
"""At the rate of all segments together, which a segment with hardly an outcome is drawn to."""
TYPICAL = np.log(np.array([0.02, 0.02, 0.005, 0.01]))
"""Of the variances, in the order of `_kernels`; known within a factor of `exp(LOOSE)`."""
LOOSE = 2.0
UNSEEN = 1e6
"""Variance of a rate that nobody was asked for."""


@dataclass(frozen=True)
class RateHistory:
    """Rows and outcomes of each segment in each past period."""

    segments: tuple[str, ...]
    days: Ints
    """When each period began, rising."""
    rows: Floats
    """Segments × periods."""
    outcomes: Floats
    """Segments × periods."""

    def between(self, first: int, end: int) -> "RateHistory":
        """Return the periods from one place to before another."""
        return RateHistory(
            self.segments,
            self.days[first:end],
            self.rows[:, first:end],
            self.outcomes[:, first:end],
        )


@dataclass(frozen=True)
class RateForecast:
    """The rate to be expected of each segment, and how uncertain its logarithm is."""

    rates: Mapping[str, float]
    deviations: Mapping[str, float]
    """Standard deviation of the log rate."""
    span: int
    """Periods looked back on."""


@dataclass(frozen=True)
class ForecastTrial:
    """The forecast, if it pays, and the Poisson deviance of every way that was tried."""

    forecast: RateForecast | None
    deviances: Mapping[str, float]
    """Mean over the periods that were judged; each is summed over the segments."""


def try_forecast(history: RateHistory, day: int) -> ForecastTrial:
    """Forecast the rates of the period that begins on a day, and keep them if they pay.

    Args:
        history: periods that were over by then.
        day: of the same count as `history.days`.
    """
    count = len(history.days)
    if count < MIN_PERIODS:
        return ForecastTrial(None, {})
    origins = range(count - min(MAX_ORIGINS, count // 3), count)
    horizon = int(day - history.days[-1])
    spans = sorted({*(span for span in SPANS if span < count), count})
    with threadpool_limits(limits=1):  # equal on any machine
        tried = {
            f"{span} periods": _judge(history, origins, span, horizon)
            for span in spans
            if origins[0] - max(0, origins[0] - span) >= MIN_PERIODS // 2
        }
        tried |= {"last": _as_before(history, origins), "mean": _as_on_average(history, origins)}
        deviances = {name: round(float(found.mean()), 6) for name, found in tried.items()}
        ways = [name for name in tried if name not in ("last", "mean")]
        best = min(ways, key=lambda name: deviances[name])
        plain = min(("last", "mean"), key=lambda name: deviances[name])
        gained = tried[plain] - tried[best]
        if gained.sum() <= np.sqrt((gained**2).sum()):
            return ForecastTrial(None, deviances)
        span = int(best.split()[0])
        recent = history.between(max(0, count - span), count)
        rates, doubts = _forecast(recent, _fit(recent), day)
    seen = np.flatnonzero(recent.rows.sum(axis=1) > 0)
    names = [history.segments[place] for place in seen]
    return ForecastTrial(
        RateForecast(
            dict(zip(names, _plain(rates[seen]), strict=True)),
            dict(zip(names, _plain(doubts[seen]), strict=True)),
            span,
        ),
        deviances,
    )


def _plain(values: Floats) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


@dataclass(frozen=True)
class _Variances:
    """Log variances of what is shared and of what is each segment's own."""

    shared: Floats
    own: Floats


@dataclass(frozen=True)
class _Series:
    """Log rates around a mean: series × periods, with the variance that chance gives each."""

    days: Ints
    values: Floats
    chance: Floats


def _judge(history: RateHistory, origins: range, span: int, horizon: int) -> Floats:
    """Return the deviance of each judged period, forecast from what was over `horizon` before."""
    variances = _fit(history.between(max(0, origins[0] - span), origins[0]))
    losses = [_loss_at(history, origin, span, horizon, variances) for origin in origins]
    return np.array(losses)


def _loss_at(
    history: RateHistory, origin: int, span: int, horizon: int, variances: _Variances
) -> float:
    known = _known(history, origin, span, horizon)
    rates, _ = _forecast(known, variances, history.days[origin])
    return _deviance(history, origin, rates)


def _known(history: RateHistory, origin: int, span: int, horizon: int) -> RateHistory:
    end = int(np.searchsorted(history.days, history.days[origin] - horizon, side="right"))
    end = max(1, min(end, origin))
    return history.between(max(0, end - span), end)


def _as_before(history: RateHistory, origins: range) -> Floats:
    rates = (history.outcomes + 0.5) / (history.rows + 1.0)
    return np.array([_deviance(history, origin, rates[:, origin - 1]) for origin in origins])


def _as_on_average(history: RateHistory, origins: range) -> Floats:
    found = []
    for origin in origins:
        past = history.between(max(0, origin - SPANS[0]), origin)
        rates = (past.outcomes.sum(axis=1) + 0.5) / (past.rows.sum(axis=1) + 1.0)
        found.append(_deviance(history, origin, rates))
    return np.array(found)


def _deviance(history: RateHistory, place: int, rates: Floats) -> float:
    """Return the Poisson deviance of one period, summed over segments that were asked before."""
    observed, expected = history.outcomes[:, place], history.rows[:, place] * rates
    asked = (history.rows[:, place] > 0) & (history.rows[:, place - 1] > 0)
    ratio = np.where(observed > 0, observed, 1.0) / np.where(asked, expected, 1.0)
    loss = np.where(observed > 0, observed * np.log(ratio), 0.0) - (observed - expected)
    return float(2 * loss[asked].sum())


def _fit(history: RateHistory) -> _Variances:
    shared, own = _split(history)
    return _Variances(_most_likely(shared), _most_likely(own))


def _forecast(history: RateHistory, variances: _Variances, day: int) -> tuple[Floats, Floats]:
    """Return the expected rate of each segment and the standard deviation of its logarithm."""
    shared, own = _split(history)
    level, doubt = _predict(shared, variances.shared, day)
    mean, variance = _predict(own, variances.own, day)
    total = variance + doubt
    centre = _centres(history)
    return np.exp(centre + level + mean + total / 2), np.sqrt(total)


def _split(history: RateHistory) -> tuple[_Series, _Series]:
    """Return what the segments share in each period, and what is left to each."""
    asked = history.rows > 0
    weights = np.where(asked, history.outcomes + 0.5, 0.0)
    around = np.where(asked, _log_rates(history) - _centres(history)[:, None], 0.0)
    total = weights.sum(axis=0)
    shared = (weights * around).sum(axis=0) / total
    chance = np.where(asked, 1 / np.where(asked, weights, 1.0), UNSEEN)
    left = np.where(asked, around - shared, 0.0)
    return (
        _Series(history.days, shared[None, :], 1 / total[None, :]),
        _Series(history.days, left, chance),
    )


def _log_rates(history: RateHistory) -> Floats:
    logs: Floats = np.log((history.outcomes + 0.5) / np.maximum(history.rows, 0.5))
    return logs


def _centres(history: RateHistory) -> Floats:
    """Return each segment's log rate over all periods."""
    rows, outcomes = history.rows.sum(axis=1), history.outcomes.sum(axis=1)
    pooled = float((outcomes.sum() + 0.5) / (rows.sum() + 1.0))
    centres: Floats = np.log(shrink_rate_by_hits(outcomes, rows, pooled, PRIOR_OUTCOMES))
    return centres


def _kernels(left: Floats, right: Floats) -> Floats:
    """Return kinds × left × right: wandering level, yearly wave, its overtone, passing shock."""
    apart = left[:, None] - right[None, :]
    turn = 2 * np.pi * apart / YEAR_DAYS
    return np.stack(
        [np.exp(-np.abs(apart) / WANDER_DAYS), np.cos(turn), np.cos(2 * turn), apart == 0]
    )


def _most_likely(series: _Series) -> Floats:
    """Return the log variances of greatest posterior density, the same for all series."""
    days = series.days.astype(np.float64)
    kernels = _kernels(days, days)
    given = CONSTANT + np.stack([np.diag(chance) for chance in series.chance])

    def loss(logs: Floats) -> tuple[float, Floats]:
        parts = np.exp(logs)[:, None, None] * kernels
        covariance = given + parts.sum(axis=0)
        inverse = np.linalg.inv(covariance)
        weighed = np.einsum("sij,sj->si", inverse, series.values)
        size = np.linalg.slogdet(covariance)[1].sum() + (weighed * series.values).sum()
        slack = inverse - weighed[:, :, None] * weighed[:, None, :]
        slopes = np.einsum("sij,kij->k", slack, parts)
        off = (logs - TYPICAL) / LOOSE
        return 0.5 * float(size + (off**2).sum()), 0.5 * slopes + off / LOOSE

    found = minimize(loss, TYPICAL, jac=True, method="L-BFGS-B", options={"maxiter": 60})
    return np.asarray(found.x, dtype=np.float64)


def _predict(series: _Series, logs: Floats, day: int) -> tuple[Floats, Floats]:
    """Return the mean and the variance of each series on a later day."""
    days, then = series.days.astype(np.float64), np.array([float(day)])
    sizes = np.exp(logs)
    covariance = CONSTANT + np.einsum("k,kij->ij", sizes, _kernels(days, days))
    covariance = covariance + np.stack([np.diag(chance) for chance in series.chance])
    towards = CONSTANT + np.einsum("k,kij->ij", sizes, _kernels(then, days))[0]
    solved = np.linalg.solve(covariance, np.broadcast_to(towards, series.values.shape)[..., None])
    weights = solved[..., 0]
    variance = CONSTANT + sizes.sum() - weights @ towards
    return (weights * series.values).sum(axis=1), np.maximum(variance, 0.0)
