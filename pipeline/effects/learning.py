"""From evidence to the effect model: what may be used, how finely, and how sure it is.

Everybody → arm → model → category → person: coarse strata first, each finer one drawn to the
coarser and let in where it earns its place. A model must earn it too: where noise makes one seem
to move more, the other's candidates are passed over. Observational evidence is used only where it
was refuted by nothing; randomised evidence always. Where neither is left, the prior stands alone:
assumed, not measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from pipeline.effects.balance import Balance
from pipeline.effects.comparison import Comparisons, Overlap, join
from pipeline.effects.design import ARM, TRAIT, Design, make_design, scale_traits
from pipeline.effects.doubly_robust import (
    Estimate,
    naive_relative_effect,
    relative_effect,
)
from pipeline.effects.effect_model import EffectModel, Origin, origin_of
from pipeline.effects.evidence import Evidence, evidence_of, no_evidence
from pipeline.effects.finer_levels import Gain, gain_out_of_time
from pipeline.effects.refutations import Refutation, bias_after_draws, bias_of, sensitivity
from pipeline.effects.shrinking import Posterior, Prior, allow_for_bias, combine
from pipeline.foundation.contracts.hand_overs.effects_report import (
    ArmEffect,
    ArmEvidence,
    BalanceReport,
    EffectsReport,
    LevelReport,
    ObservationalReport,
    RandomisedReport,
    RefutationReport,
    SensitivityReport,
    ShareEstimate,
)
from pipeline.statistics.arrays import Floats

BIAS_FLOOR = 0.05
"""Of what no refutation shows: observational evidence is never better than this."""
MAX_UNBALANCED_SHARE = 0.05
MISSES = 2
"""Claims in a row that did not hold, after which observational evidence is set aside."""
ASSUMED = "assumed, not measured"
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Observational:
    """What was observed of treatments that nobody drew at random, and the tests of it."""

    rows: Comparisons
    overlaps: Mapping[str, Overlap]
    balances: Mapping[str, Balance]
    refutations: Sequence[Refutation]


@dataclass(frozen=True)
class Strata:
    """Names of arms and of the strata of each level, coarse to fine."""

    arms: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Learnt:
    """The model and what is to be said of it."""

    model: EffectModel
    report: EffectsReport


def learn_effects(
    strata: Strata,
    prior: Prior,
    observational: Observational | None,
    randomised: Comparisons | None,
    *,
    waves: tuple[str, ...] = (),
    missed_claims: int = 0,
) -> Learnt:
    """Return the effect that all evidence together supports.

    Args:
        strata: arms, and levels from coarse to fine.
        prior: of everybody's effect.
        observational: treatments of the past that a rule or a person chose; None without any.
        randomised: drawn treatments; None without any.
        waves: names of the draws.
        missed_claims: draws in a row, up to the last, whose claimed effect did not hold.
    """
    reasons = () if observational is None else _objections(observational, missed_claims)
    is_used = observational is not None and not reasons
    usable = observational.rows if observational is not None and is_used else None
    known = join([part for part in (usable, randomised) if part is not None and len(part)] or [])
    bias = 0.0 if observational is None else _bias(observational, randomised)
    design, gains = _choose(strata, prior, known)
    parts = [_evidence(rows, design) for rows in (usable, randomised)]
    posterior = combine(design.level_of_columns(), prior, parts[0], parts[1], bias)
    model = EffectModel(
        design,
        strata.arms,
        strata.levels,
        posterior.coefficients,
        posterior.covariance,
        _origins(strata, design, prior, posterior, parts=parts, bias=bias),
    )
    report = EffectsReport(
        prior=prior.mean,
        prior_deviation=prior.deviation,
        observational=None
        if observational is None
        else _report(strata, observational, bias, reasons),
        randomised=_report_randomised(strata, randomised, waves),
        levels=tuple(LevelReport(**asdict(gain), enters=gain.enters) for gain in gains),
        missed_claims=missed_claims,
        arms=_arm_effects(model, known),
        in_words=(),
    )
    return Learnt(model, report.model_copy(update={"in_words": tuple(_words(report))}))


def _objections(observational: Observational, missed_claims: int) -> tuple[str, ...]:
    """Return why observational evidence is not used; nothing where it is."""
    if len(observational.rows) == 0:
        refusals = [f"{arm}: {one.refusal}" for arm, one in observational.overlaps.items()]
        return ("no treated row has comparable untreated rows", *refusals)
    found = [
        f"{one.name}: {one.reason}" for one in observational.refutations if one.verdict == "failed"
    ]
    found += [
        f"{arm}: {one.unbalanced_after} of {one.covariates} covariates stay unbalanced, "
        f"{one.worst} the most; differences reach {one.largest_after:.2f} standard deviations"
        for arm, one in observational.balances.items()
        if one.unbalanced_after > max(MAX_UNBALANCED_SHARE * one.covariates, 1)
    ]
    if missed_claims >= MISSES:
        found.append(f"{missed_claims} waves in a row did not do what was claimed")
    return tuple(found)


def _bias(observational: Observational, randomised: Comparisons | None) -> float:
    """Return the standard deviation of bias: what placebos show, and what draws contradict."""
    shown = max(BIAS_FLOOR, bias_of(tuple(observational.refutations)))
    if randomised is None or len(randomised) == 0 or len(observational.rows) == 0:
        return shown
    alike = np.flatnonzero(np.isin(observational.rows.arm, np.unique(randomised.arm)))
    if len(alike) == 0:
        return shown
    seen, drawn = relative_effect(observational.rows.take(alike)), relative_effect(randomised)
    if not (np.isfinite(seen.error) and np.isfinite(drawn.error)):
        return shown
    return bias_after_draws(shown, seen, drawn)


def _choose(strata: Strata, prior: Prior, known: Comparisons) -> tuple[Design, tuple[Gain, ...]]:
    """Return the design of the levels that earn their place, coarse to fine."""
    levels: dict[str, tuple[str, ...]] = {}
    design = make_design(strata.arms, levels)
    gains = []
    for name in strata.levels if len(known) else ():
        finer = make_design(strata.arms, {**levels, name: strata.levels[name]})
        gains.append(gain_out_of_time(known, finer, design, prior, name))
        if gains[-1].enters:
            levels, design = {**levels, name: strata.levels[name]}, finer
    scales = scale_traits(known.traits, known.weights) if len(known) else ()
    if scales:
        finer = make_design(strata.arms, levels, scales)
        gains.append(gain_out_of_time(known, finer, design, prior, TRAIT))
        design = finer if gains[-1].enters else design
    return design, tuple(gains)


def _evidence(rows: Comparisons | None, design: Design) -> Evidence:
    if rows is None or len(rows) == 0:
        return no_evidence(len(design.columns))
    return evidence_of(rows, design.matrix(rows.arm, rows.levels, rows.traits))


def _origins(
    strata: Strata,
    design: Design,
    prior: Prior,
    posterior: Posterior,
    *,
    parts: Sequence[Evidence],
    bias: float,
) -> dict[str, Origin]:
    """Return by arm what its effect rests on."""
    before = np.array(
        [
            prior.deviation if level == "everybody" else posterior.deviations[level]
            for level in design.level_of_columns()
        ]
    )
    origins: dict[str, Origin] = {}
    for arm in strata.arms:
        if not _has_rows(design, arm, parts):
            origins[arm] = "assumed"
            continue
        is_own = [column.level == ARM and column.name == arm for column in design.columns]
        place = np.array([1.0, *map(float, is_own[1:])])
        gone = [
            _lost_variance(place, before, part)
            for part in (allow_for_bias(parts[0], bias), parts[1])
        ]
        origins[arm] = origin_of(
            float((place**2 * before**2).sum()),
            gone[0],
            gone[1],
            float(place @ posterior.covariance @ place),
        )
    return origins


def _has_rows(design: Design, arm: str, parts: Sequence[Evidence]) -> bool:
    place = next(i for i, one in enumerate(design.columns) if (one.level, one.name) == (ARM, arm))
    return any(part.precision[place, place] > 0 for part in parts)


def _lost_variance(place: Floats, before: Floats, evidence: Evidence) -> float:
    """Return how much of an effect's variance a piece of evidence would take away by itself."""
    after = np.linalg.inv(np.diag(before**-2.0) + evidence.precision)
    return float((place**2 * before**2).sum() - place @ after @ place)


def _arm_effects(model: EffectModel, known: Comparisons) -> dict[str, ArmEffect]:
    """Return the effect of each arm on the average row of the evidence."""
    columns = model.design.columns
    every = (
        model.design.matrix(known.arm, known.levels, known.traits).mean(axis=0)
        if len(known)
        else np.zeros(len(columns))
    )
    found = {}
    for arm in model.arms:
        place = np.array(
            [
                1.0
                if column.level == "everybody"
                else float(column.name == arm)
                if column.level == ARM
                else every[position]
                for position, column in enumerate(columns)
            ]
        )
        spread = float(np.sqrt(max(place @ model.covariance @ place, 0.0)))
        share = _told(Estimate(float(place @ model.coefficients), spread))
        found[arm] = ArmEffect(share=share, origin=model.origins[arm])
    return found


def _report(
    strata: Strata, observational: Observational, bias: float, reasons: tuple[str, ...]
) -> ObservationalReport:
    rows = observational.rows
    average, naive = relative_effect(rows), Estimate(0.0, float("inf"))
    if len(rows):
        naive = naive_relative_effect(rows)
    return ObservationalReport(
        average=_told(average),
        arms={
            name: _report_arm(rows, code, observational.overlaps[name])
            for code, name in enumerate(strata.arms, start=1)
            if name in observational.overlaps
        },
        balance={
            name: BalanceReport(**asdict(one)) for name, one in observational.balances.items()
        },
        refutations=tuple(
            RefutationReport(
                name=one.name, verdict=one.verdict, found=_told(one.found), in_words=one.reason
            )
            for one in observational.refutations
        ),
        sensitivity=SensitivityReport(**asdict(sensitivity(average, naive))),
        bias=round(bias, 4),
        is_used=not reasons,
        reasons=reasons,
    )


def _report_arm(rows: Comparisons, code: int, overlap: Overlap) -> ArmEvidence:
    own = rows.take(np.flatnonzero(rows.arm == code))
    has_both = len(np.unique(own.treated)) > 1
    return ArmEvidence(
        **asdict(overlap),
        naive=_told(naive_relative_effect(own)) if has_both else None,
        adjusted=_told(relative_effect(own)) if has_both else None,
    )


def _report_randomised(
    strata: Strata, rows: Comparisons | None, waves: tuple[str, ...]
) -> RandomisedReport:
    if rows is None or len(rows) == 0:
        return RandomisedReport(waves=waves, average=None, arms={})
    own = {
        name: rows.take(np.flatnonzero(rows.arm == code))
        for code, name in enumerate(strata.arms, start=1)
    }
    return RandomisedReport(
        waves=waves,
        average=_told(relative_effect(rows)),
        arms={
            name: _told(relative_effect(one))
            for name, one in own.items()
            if len(np.unique(one.treated)) > 1
        },
    )


def _told(estimate: Estimate) -> ShareEstimate:
    """Return an estimate as it is written; without an error everything is possible."""
    if not np.isfinite(estimate.error):
        return ShareEstimate(value=0.0, low=-1.0, high=99.0)
    low, high = estimate.interval(CONFIDENCE)
    return ShareEstimate(value=round(estimate.value, 4), low=round(low, 4), high=round(high, 4))


def _words(report: EffectsReport) -> list[str]:
    """Return what a reader must know, the most important first."""
    origins = sorted({one.origin for one in report.arms.values()})
    words = []
    if origins == ["assumed"]:
        words.append(
            f"Effects are {ASSUMED}: a contact is taken to raise the odds by {report.prior:.0%}, "
            f"give or take {report.prior_deviation:.0%}."
        )
    else:
        for arm, one in report.arms.items():
            told = ASSUMED if one.origin == "assumed" else one.origin
            words.append(
                f"{arm}: changes the odds by {one.share.value:+.1%} "
                f"({one.share.low:+.1%} to {one.share.high:+.1%}), {told}."
            )
    seen = report.observational
    if seen is not None and not seen.is_used:
        words += [f"The past's messages are not used: {reason}." for reason in seen.reasons]
    for level in report.levels:
        if level.periods == 0:
            words.append(f"{level.level}: too few periods to tell whether it matters.")
            continue
        verdict = "tells later effects apart" if level.enters else "tells nothing of later effects"
        words.append(f"{level.level} {verdict}: gain {level.gained:+.1f} ± {level.error:.1f}.")
    return words
