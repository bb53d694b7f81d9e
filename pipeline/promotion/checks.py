"""Whether a challenger can be believed at all: enough to measure on, calibrated, no leak in sight.

Calibration is refused only where it is significantly off: the end of the confidence interval that
speaks for the model must lie outside what is allowed. That the test is not too small is a rule of
its own.
"""

from collections.abc import Callable

from pipeline.evaluation.single_feature import LoneFeature
from pipeline.promotion.rules import Evidence, GateRules, RuleFinding

CHANCE = 0.5
_LEAK = "so good a figure is a leak until proven otherwise"
_SUDDEN = "so sudden a gain is a leak until proven otherwise"


def check_challenger(evidence: Evidence, rules: GateRules) -> list[RuleFinding]:
    """Return every finding on the challenger by itself."""
    checks: tuple[Callable[[Evidence, GateRules], RuleFinding], ...] = (
        _has_enough_positives,
        _has_plausible_auc,
        _has_no_lone_feature,
        _has_not_jumped,
        _has_calibrated_slope,
        _has_low_calibration_error,
    )
    return [check(evidence, rules) for check in checks]


def _has_enough_positives(evidence: Evidence, rules: GateRules) -> RuleFinding:
    holds = evidence.positives >= rules.min_positives
    verb = "are enough" if holds else "are too few"
    return RuleFinding(
        "enough_positives",
        holds,
        f"{evidence.positives:,} outcomes in the test {verb}: min_positives asks for "
        f"{rules.min_positives:,}.",
    )


def _has_plausible_auc(evidence: Evidence, rules: GateRules) -> RuleFinding:
    auc = evidence.auc
    holds = auc is not None and auc <= rules.max_auc
    verb = "is at most" if holds else "exceeds"
    text = "undefined" if auc is None else f"{auc:.4f}"
    ending = "" if holds else f"; {_LEAK}{_name_first(evidence)}"
    return RuleFinding(
        "plausible_auc", holds, f"AUC {text} {verb} the {rules.max_auc:g} of max_auc{ending}."
    )


def _name_first(evidence: Evidence) -> str:
    """Say where to look first."""
    if not evidence.strongest:
        return ""
    first = evidence.strongest[0]
    return f", look first at {first.name}, {first.gain_share:.0%} of the gain"


def _has_no_lone_feature(evidence: Evidence, rules: GateRules) -> RuleFinding:
    """Suspect a feature that brings most of the gain and ranks nearly as well as the model.

    Average precision is asked beside AUC for the sake of a leak that knows a few outcomes for certain.
    """
    suspects = [
        (one, share)
        for one in evidence.strongest
        if one.gain_share > rules.max_gain_share
        and (share := _lone_share(one, evidence)) > rules.max_lone_share
    ]
    if suspects:
        told = "; ".join(
            f"{one.name} brings {one.gain_share:.0%} of the gain and alone reaches {share:.0%} of "
            "what the model is above chance"
            for one, share in suspects
        )
        reason = f"One feature explains the rest, as one that knows the outcome does: {told}."
    else:
        reason = (
            f"No feature brings more than {rules.max_gain_share:.0%} of the gain and alone more "
            f"than {rules.max_lone_share:.0%} of what the model is above chance."
        )
    return RuleFinding(
        "no_lone_feature", not suspects, reason, tuple(one.name for one, _ in suspects)
    )


def _has_not_jumped(evidence: Evidence, rules: GateRules) -> RuleFinding:
    """Suspect a model that ranks far better than the procedure did at any date of the past."""
    best, auc = evidence.benchmark, evidence.auc
    if best.auc is None or best.auc.high is None or auc is None:
        reason = (
            "Whether the AUC jumps against the backtest was not asked: "
            f"{best.missing_because or 'it is undefined'}. {best.command} asks it."
        )
        return RuleFinding("no_jump", holds=True, reason=reason, is_asked=False)
    jump = auc - best.auc.high
    holds = jump <= rules.max_auc_jump
    ending = "" if holds else f"; {_SUDDEN}{_name_first(evidence)}"
    return RuleFinding(
        "no_jump",
        holds,
        f"AUC {auc:.4f} stands {jump:+.4f} against the {best.auc.high:.4f} that the backtest may "
        f"have reached at its best date, {best.as_of_date}; max_auc_jump allows "
        f"{rules.max_auc_jump:+g}{ending}.",
    )


def _lone_share(feature: LoneFeature, evidence: Evidence) -> float:
    """Return how much of the model's AUC or average precision above chance a feature reaches."""
    pairs = (
        (feature.auc, evidence.auc, CHANCE),
        (feature.average_precision, evidence.average_precision, evidence.base_rate),
    )
    shares = [
        (alone - chance) / (together - chance)
        for alone, together, chance in pairs
        if together is not None and together > chance
    ]
    return max(shares, default=0.0)


def _has_calibrated_slope(evidence: Evidence, rules: GateRules) -> RuleFinding:
    slope = evidence.slope
    allowed = f"{rules.min_slope:g} to {rules.max_slope:g}"
    if slope.value is None or slope.low is None or slope.high is None:
        reason = "The calibration slope is undefined: the model predicts one probability for all."
        return RuleFinding("calibrated_slope", holds=False, reason=reason)
    holds = slope.high >= rules.min_slope and slope.low <= rules.max_slope
    verb = "agrees with" if holds else "lies outside"
    return RuleFinding(
        "calibrated_slope",
        holds,
        f"The out-of-time calibration slope of {slope.value:.3f} ({slope.low:.3f} to "
        f"{slope.high:.3f}) {verb} {allowed}.",
    )


def _has_low_calibration_error(evidence: Evidence, rules: GateRules) -> RuleFinding:
    ece, base_rate = evidence.ece, evidence.base_rate
    if ece.value is None or ece.low is None or base_rate <= 0:
        return RuleFinding(
            "calibrated_level", holds=False, reason="The calibration error is undefined."
        )
    share, at_least = ece.value / base_rate, ece.low / base_rate
    holds = at_least <= rules.max_ece_share
    verb = "agrees with" if holds else "exceeds"
    return RuleFinding(
        "calibrated_level",
        holds,
        f"The out-of-time calibration error (ECE) is {share:.1%} of the base rate, at least "
        f"{at_least:.1%} by its confidence interval; that {verb} the {rules.max_ece_share:.0%} of "
        "max_ece_share.",
    )
