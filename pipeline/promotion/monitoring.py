"""Model monitoring: the champion on outcomes that came after its training, and on today's rows.

What it promised is held against the same limits of calibration as when it was promoted; how far
today's rows have moved is the PSI of its scores.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.evaluation.calibration_line import fit_line
from pipeline.evaluation.scorer_comparison import Outcomes, Resampling, compare_scorers
from pipeline.foundation.contracts.hand_overs.monitoring_report import STOP, STOP_NEW, NewText
from pipeline.promotion.backtest_benchmark import Benchmark
from pipeline.promotion.checks import check_challenger
from pipeline.promotion.contender import CHAMPION
from pipeline.promotion.rules import Evidence, GateRules, RuleFinding
from pipeline.statistics.arrays import Floats
from pipeline.statistics.bootstrap import Interval, draw_matrix
from pipeline.statistics.psi import ALERT_LIMIT

AGE, DRIFT, NEW_TEXTS = "young_enough", "score_drift", "new_texts"
NEW_SHARE = 0.05
"""Of the rows that bear one new text; above it, retraining is due."""
TOLD_TEXTS = 5
_CALIBRATION = ("calibrated_slope", "calibrated_level")
_UNKNOWN = Interval(None, None, None)


@dataclass(frozen=True)
class RetrainingLimits:
    """When a champion is due, and when its scores are not sent."""

    max_age_days: int
    stop_psi: float
    stop_new_share: float


@dataclass(frozen=True)
class ChampionFigures:
    """The champion on the eligible rows of the latest complete outcome window."""

    rows: int
    positives: int
    auc: Interval
    ece: Interval
    slope: Interval


def measure_champion(
    propensities: Floats,
    labels: npt.NDArray[np.integer] | Floats,
    groups: npt.NDArray[np.integer],
    resampling: Resampling,
) -> ChampionFigures:
    """Measure predictions against outcomes; all is undefined where only one outcome occurred.

    Args:
        propensities: of each row.
        labels: 0 or 1.
        groups: whose row it is.
        resampling: for the confidence intervals.
    """
    rows, positives = len(labels), int(labels.sum())
    if not 0 < positives < rows:
        return ChampionFigures(rows, positives, _UNKNOWN, _UNKNOWN, _UNKNOWN)
    codes = np.unique(groups, return_inverse=True)[1]
    outcomes = Outcomes(labels, np.ones(rows), codes, codes)
    measured = compare_scorers({CHAMPION: propensities}, outcomes, resampling)
    draws = draw_matrix(int(codes.max()) + 1, resampling.replicates, resampling.seed)
    line = fit_line(propensities, labels, outcomes.weights, codes, draws)
    return ChampionFigures(
        rows,
        positives,
        measured.interval(CHAMPION, "auc"),
        measured.interval(CHAMPION, "ece"),
        line.slope,
    )


def judge_champion(
    figures: ChampionFigures,
    *,
    age_days: int | None,
    score_psi: float | None,
    new_texts: Sequence[NewText],
    rules: GateRules,
    limits: RetrainingLimits,
) -> tuple[RuleFinding, ...]:
    """Return what speaks for retraining and what for stopping; each finding that fails does.

    Args:
        figures: on the latest outcomes.
        age_days: of the champion, in days of data; None where it is not known.
        score_psi: of the rows that are scored; None where no reference is kept.
        new_texts: of the rows that are scored, which the champion never saw.
        rules: the calibration that a model must have to be promoted.
        limits: of age and drift.
    """
    return (
        _is_young(age_days, limits),
        *_is_calibrated(figures, rules),
        _has_not_moved(DRIFT, score_psi, ALERT_LIMIT, "above which retraining is due"),
        _has_not_moved(STOP, score_psi, limits.stop_psi, "of stop_psi, above which none is sent"),
        _knows_the_texts(NEW_TEXTS, new_texts, NEW_SHARE, "above which retraining is due"),
        _knows_the_texts(
            STOP_NEW,
            new_texts,
            limits.stop_new_share,
            "of stop_new_share, above which none is sent",
        ),
    )


def _is_young(age_days: int | None, limits: RetrainingLimits) -> RuleFinding:
    if age_days is None:
        reason = "Since when the champion scores is not on file; it is from the next promotion on."
        return RuleFinding(AGE, holds=True, reason=reason, is_asked=False)
    holds = age_days <= limits.max_age_days
    verb = "are within" if holds else "exceed"
    return RuleFinding(
        AGE,
        holds,
        f"The champion's {age_days} days of data {verb} the {limits.max_age_days} of max_age_days.",
    )


def _is_calibrated(figures: ChampionFigures, rules: GateRules) -> list[RuleFinding]:
    if figures.positives < rules.min_positives:
        reason = (
            f"{figures.positives:,} outcomes are too few to ask whether the champion is still "
            f"calibrated: min_positives asks for {rules.min_positives:,}."
        )
        return [RuleFinding(one, holds=True, reason=reason, is_asked=False) for one in _CALIBRATION]
    evidence = Evidence(
        positives=figures.positives,
        base_rate=figures.positives / figures.rows,
        auc=figures.auc.value,
        average_precision=None,
        ece=figures.ece,
        slope=figures.slope,
        strongest=(),
        benchmark=Benchmark(),
    )
    return [one for one in check_challenger(evidence, rules) if one.rule in _CALIBRATION]


def _knows_the_texts(
    rule: str, new_texts: Sequence[NewText], limit: float, meaning: str
) -> RuleFinding:
    above = [one for one in new_texts if one.share > limit]
    if not above:
        reason = f"No text that the champion never saw is on more than {limit:.0%} of the rows."
        return RuleFinding(rule, holds=True, reason=reason)
    told = ", ".join(
        f"{one.feature} {one.text!r} on {one.share:.0%} of the rows" for one in above[:TOLD_TEXTS]
    )
    return RuleFinding(
        rule,
        holds=False,
        reason=f"The champion never saw {told}: more than the {limit:.0%} {meaning}.",
    )


def _has_not_moved(rule: str, psi: float | None, limit: float, meaning: str) -> RuleFinding:
    if psi is None:
        reason = "No spread of the training rows is kept of this champion, so drift was not asked."
        return RuleFinding(rule, holds=True, reason=reason, is_asked=False)
    holds = psi <= limit
    verb = "is within" if holds else "exceeds"
    return RuleFinding(
        rule, holds, f"The scores' drift, a PSI of {psi:.3f}, {verb} the {limit:g} {meaning}."
    )
