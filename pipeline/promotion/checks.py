"""Whether a scorer can be believed at all: enough to measure on, calibrated, no leak in sight.

A slope is refused where it lies outside what is allowed and chance does not explain it: 1, which is
perfect, lies outside its interval too. That an interval touches a limit says nothing for a model.
The calibration error is another matter: chance alone makes it greater, the more the fewer the
outcomes, so that it is refused where its lower bound exceeds what is allowed. Both go by the
confidence that the gate asks for. Cells that are off beyond chance are always named; they refuse a
scorer where together they misplace more than is allowed, for certain: one category off among many
is a warning, and so is every cell off by little. Too small a test says nothing of calibration; that it is
too small is a rule of its own.
"""

from collections.abc import Callable

from pipeline.evaluation.calibration_cells import certain_error_share, tell_cells
from pipeline.evaluation.single_feature import LoneFeature
from pipeline.foundation.contracts.hand_overs.evaluation_report import OFF
from pipeline.promotion.rules import Evidence, GateRules, RuleFinding, ScorerEvidence
from pipeline.statistics.normal import one_sided

CHANCE = 0.5
PERFECT_SLOPE = 1.0
SHARED_RULES = ("plausible_auc", "calibrated_slope", "calibrated_level", "calibrated_cells")
"""What any scorer can be asked, in the order of `check_scorer`."""
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
        _has_calibrated_cells,
    )
    return [*_was_fitted(evidence), *(check(evidence, rules) for check in checks)]


def check_scorer(evidence: ScorerEvidence, rules: GateRules) -> list[RuleFinding]:
    """Return what the challenger is asked and can be asked of any scorer too.

    Features are not weighed here: a rule that reads a suspect of the challenger is found by name.
    """
    checks = (
        _has_plausible_auc,
        _has_calibrated_slope,
        _has_low_calibration_error,
        _has_calibrated_cells,
    )
    return [check(evidence, rules) for check in checks]


def _was_fitted(evidence: Evidence) -> list[RuleFinding]:
    """Return that there is no model to promote, where that is so."""
    if evidence.no_model_because is None:
        return []
    reason = f"No model could be fitted: {evidence.no_model_because}."
    return [RuleFinding("fitted_model", holds=False, reason=reason)]


def _has_enough_positives(evidence: Evidence, rules: GateRules) -> RuleFinding:
    holds = evidence.positives >= rules.min_positives
    verb = "are enough" if holds else "are too few"
    return RuleFinding(
        "enough_positives",
        holds,
        f"{evidence.positives:,} outcomes in the test {verb}: min_positives asks for "
        f"{rules.min_positives:,}.",
    )


def _has_plausible_auc(evidence: ScorerEvidence, rules: GateRules) -> RuleFinding:
    auc = evidence.auc
    holds = auc is None or auc <= rules.max_auc
    verb = "is at most" if holds else "exceeds"
    if auc is None:
        reason = "AUC is undefined: the test holds no outcome, or nothing else."
        return RuleFinding("plausible_auc", holds=True, reason=reason, is_asked=False)
    ending = "" if holds else f"; {_LEAK}{_name_first(evidence)}"
    return RuleFinding(
        "plausible_auc", holds, f"AUC {auc:.4f} {verb} the {rules.max_auc:g} of max_auc{ending}."
    )


def _name_first(evidence: ScorerEvidence) -> str:
    """Say where to look first, where that is known."""
    if not isinstance(evidence, Evidence) or not evidence.strongest:
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


def _has_calibrated_slope(evidence: ScorerEvidence, rules: GateRules) -> RuleFinding:
    rule, slope = "calibrated_slope", evidence.slope
    if _is_too_small(evidence, rules):
        return _not_asked(rule, evidence)
    if slope.value is None or slope.low is None or slope.high is None:
        reason = "The calibration slope is undefined: one probability is predicted for all."
        return RuleFinding(rule, holds=False, reason=reason)
    least, most = (
        one_sided(slope.value, limit, (1 + rules.confidence) / 2)  # either side may be wrong
        for limit in (slope.low, slope.high)
    )
    is_within = rules.min_slope <= slope.value <= rules.max_slope
    is_by_chance = least <= PERFECT_SLOPE <= most
    is_sure = rules.min_slope <= least and most <= rules.max_slope
    allowed = f"{rules.min_slope:g} to {rules.max_slope:g}"
    sure = f"with confidence {rules.confidence:g}"
    if is_within:
        place = f"lies within {allowed}{'' if is_sure else ', though not'} {sure}"
    elif is_by_chance:
        place = (
            f"lies outside {allowed}, but does not differ from 1 {sure}: chance may have done it"
        )
    else:
        place = f"lies outside {allowed} and differs from 1 {sure}"
    return RuleFinding(
        rule,
        is_within or is_by_chance,
        f"The out-of-time calibration slope of {slope.value:.3f} ({slope.low:.3f} to "
        f"{slope.high:.3f}) {place}.",
    )


def _has_low_calibration_error(evidence: ScorerEvidence, rules: GateRules) -> RuleFinding:
    rule, ece, base_rate = "calibrated_level", evidence.ece, evidence.base_rate
    if _is_too_small(evidence, rules):
        return _not_asked(rule, evidence)
    if ece.value is None or ece.low is None or base_rate <= 0:
        return RuleFinding(rule, holds=False, reason="The calibration error is undefined.")
    bound = one_sided(ece.value, ece.low, rules.confidence) if ece.low > 0 else 0.0
    share, at_least = ece.value / base_rate, bound / base_rate
    holds = at_least <= rules.max_ece_share
    limit = f"the {rules.max_ece_share:.0%} of max_ece_share"
    if share <= rules.max_ece_share:
        verb = f"lies within {limit}"
    elif holds:
        verb = f"is not within {limit}, but chance may have brought it there"
    else:
        verb = f"exceeds {limit}"
    return RuleFinding(
        rule,
        holds,
        f"The out-of-time calibration error (ECE) of {share:.1%} of the base rate, at least "
        f"{at_least:.1%} with confidence {rules.confidence:g}, {verb}.",
    )


def _has_calibrated_cells(evidence: ScorerEvidence, rules: GateRules) -> RuleFinding:
    rule = "calibrated_cells"
    if _is_too_small(evidence, rules):
        return _not_asked(rule, evidence)
    if not evidence.cells:
        reason = "Calibration by cell was not asked: the evaluation tells of no cells."
        return RuleFinding(rule, holds=True, reason=reason, is_asked=False)
    kind, share = certain_error_share(evidence.cells)
    holds = share <= rules.max_cell_error_share
    limit = f"the {rules.max_cell_error_share:.0%} of max_cell_error_share"
    verb = f"lies within {limit}" if holds else f"exceeds {limit}"
    told = f" What they misplace for certain, by {kind} {share:.1%} of the outcomes, {verb}."
    is_off = any(cell.verdict == OFF for cell in evidence.cells)
    return RuleFinding(
        rule,
        holds,
        f"{tell_cells(evidence.cells)}{told if is_off else ''}",
        is_warning=holds and is_off,
    )


def _is_too_small(evidence: ScorerEvidence, rules: GateRules) -> bool:
    return evidence.positives < rules.min_positives


def _not_asked(rule: str, evidence: ScorerEvidence) -> RuleFinding:
    reason = f"Of calibration {evidence.positives:,} outcomes in the test tell too little."
    return RuleFinding(rule, holds=True, reason=reason, is_asked=False)
