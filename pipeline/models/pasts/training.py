"""A model and its baselines, with everything but the parameters chosen over rolling origins.

Number of trees and share of the blend are judged on the held-out date of every past and of the
present, the calibration a date later. The parameters come from the search, which looks at the
latest held-out date alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pipeline.models.calibration.choice import CalibrationChoice
from pipeline.models.calibration.rate_forecast import ForecastTrial
from pipeline.models.estimators.baselines import LOGISTIC, BaselinePlan, counts_of, fit_rules
from pipeline.models.estimators.blend import LOGISTIC_ALONE, BlendTrial, blend, choose_share
from pipeline.models.estimators.boosted_trees import BoostedTrees
from pipeline.models.estimators.core import Core
from pipeline.models.examples import Examples
from pipeline.models.pasts.calibration_choice import ScoredPast, choose_calibration
from pipeline.models.pasts.fits import FitPlan, PastFit, best_number_of_trees, fit_pasts
from pipeline.models.pasts.judgement import PastJudgement, judge_past
from pipeline.models.pasts.rolling import Past, period_of
from pipeline.models.propensity_model import PropensityModel, calibrate_core
from pipeline.statistics.arrays import Floats

LevelsAt = Callable[[int], ForecastTrial]
"""Period → forecast of the segments' rates in it, by what was known then."""


@dataclass(frozen=True)
class Trained:
    """What scores, what it must beat, and how both did at the pasts."""

    model: PropensityModel
    baselines: Mapping[str, PropensityModel]
    pasts: tuple[PastJudgement, ...]


@dataclass(frozen=True)
class _Heard:
    """A past with its trees cut to their number, and what its models say of two dates."""

    fit: PastFit
    trees: BoostedTrees
    held_out: BlendTrial
    later: BlendTrial | None
    """None at present."""


@dataclass(frozen=True)
class _Judged:
    """A calibrated scorer and its losses on the rows of each past's next date."""

    model: PropensityModel
    losses: tuple[Floats, ...]


def train_over_pasts(
    name: str,
    pasts: Sequence[Past],
    plan: FitPlan,
    rules: BaselinePlan,
    *,
    levels: ForecastTrial,
    levels_at: LevelsAt,
    made_from: Mapping[str, Any],
) -> Trained:
    """Fit every past and the present, choose, and calibrate the present.

    Args:
        name: of the model.
        pasts: the present last.
        plan: parameters and seed of the fits.
        rules: the baselines.
        levels: forecast of the segments' rates for the date that the model is tested on.
        levels_at: the same for a past date.
        made_from: what `model.json` says of the rows.
    """
    fits = fit_pasts(pasts, plan)
    trees = best_number_of_trees([fit.losses for fit in fits])
    heard = [_hear(fit, trees, later) for fit, later in zip_longest(fits, pasts[1:])]
    share = choose_share([one.held_out for one in heard])
    cores = [_cores(name, one, rules, share) for one in heard]
    forecasts = [levels_at(period_of(later.held_out)) for later in pasts[1:]]
    counts = counts_of(pasts[-1].fitted_on)
    found = {
        scorer: _calibrate(
            scorer,
            [one[scorer] for one in cores],
            heard,
            [*forecasts, levels],
            share={name: share, LOGISTIC: LOGISTIC_ALONE}.get(scorer),
            segments=rules.group_column,
            made_from={**made_from, **_chosen(trees, share)} if scorer == name else counts,
        )
        for scorer in cores[-1]
    }
    judged = tuple(
        judge_past(later.held_out, {scorer: one.losses[at] for scorer, one in found.items()}, name)
        for at, later in enumerate(pasts[1:])
    )
    models = {scorer: one.model for scorer, one in found.items()}
    return Trained(models.pop(name), models, judged)


def _hear(fit: PastFit, count: int, later: Past | None) -> _Heard:
    trees = fit.trees.first(count)

    def ask(rows: Examples) -> BlendTrial:
        return BlendTrial(trees.raw(rows.features), fit.logistic.raw(rows.features), rows)

    return _Heard(fit, trees, ask(fit.past.held_out), ask(later.held_out) if later else None)


def _chosen(trees: int, share: float) -> dict[str, float]:
    """Return what `model.json` says of the choice; trees that carry nothing are not counted."""
    return {"trees": trees if share > LOGISTIC_ALONE else 0, "share_of_trees": share}


def _cores(name: str, heard: _Heard, rules: BaselinePlan, share: float) -> dict[str, Core]:
    fit = heard.fit
    model = blend(heard.trees, fit.logistic, share)
    return {name: model, **fit_rules(fit.past.fitted_on, rules), LOGISTIC: fit.logistic}


def _calibrate(
    name: str,
    cores: Sequence[Core],
    heard: Sequence[_Heard],
    levels: Sequence[ForecastTrial],
    *,
    share: float | None,
    segments: str,
    made_from: Mapping[str, Any],
) -> _Judged:
    """Choose a scorer's calibration over the pasts, and calibrate it at present.

    The share is that of the trees in its score; a rule has none, and is asked itself.
    """
    scored = [
        ScoredPast(
            past.held_out.rows,
            _said(core, past.held_out, share),
            past.later.rows,
            _said(core, past.later, share),
            forecast.forecast,
        )
        for core, past, forecast in zip(cores, heard, levels, strict=True)
        if past.later is not None
    ]
    choice = choose_calibration(scored, segments) if scored else None
    present = heard[-1].fit.past
    model = calibrate_core(
        name,
        cores[-1],
        present.fitted_on,
        present.held_out,
        made_from,
        segments=segments,
        levels=levels[-1],
        choice=choice,
    )
    return _Judged(model, _losses(scored, choice, segments))


def _said(core: Core, heard: BlendTrial, share: float | None) -> Floats:
    return core.raw(heard.rows.features) if share is None else heard.mixed(share)


def _losses(
    scored: Sequence[ScoredPast], choice: CalibrationChoice | None, segments: str
) -> tuple[Floats, ...]:
    return () if choice is None else tuple(past.losses(choice, segments) for past in scored)
