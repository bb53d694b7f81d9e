"""What a wave taught, in plain words: does the model rank, and does the campaign cause anything?

The two are kept apart on purpose. Customers who would have bought anyway respond to everything, so
a good model makes any campaign look good; only those left alone say what it caused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.campaigns.average_effect import AverageEffect, Estimate
from pipeline.campaigns.sample_ratio import SampleRatio
from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, UNIVERSAL_CONTROL
from pipeline.statistics.bootstrap import Interval

CampaignFinding = Literal["causes", "harms", "nothing", "unknown"]
_NAMES: Mapping[str, str] = {
    CAMPAIGN_CONTROL: "customers withheld from this wave",
    UNIVERSAL_CONTROL: "customers withheld from all marketing",
}
_EXPECTED_AT_LEAST = 10
"""Orders of controls, at the rate of the treated, from which their absence is no accident."""


@dataclass(frozen=True)
class Conclusion:
    """The two answers, and the sentences that say them."""

    ranks: bool | None
    """None where it is unknown."""
    campaign: CampaignFinding
    sentences: tuple[str, ...]


def conclude(
    effects: Sequence[AverageEffect],
    halves: Estimate,
    detectable: float | None,
    break_even: float | None,
) -> Conclusion:
    """Say what a wave taught.

    Args:
        effects: as `effect.effects` returns them.
        halves: as `realised.compare_halves` returns them.
        detectable: the least uplift that the wave would have shown.
        break_even: the uplift at which the offers' value pays for the contacts.
    """
    ranks = _ranks(halves)
    taken = _first(effects, "take_up")
    doubt = _doubt(taken)
    if taken is None or doubt:
        return Conclusion(ranks, "unknown", (*_tell_ranking(ranks, halves), doubt))
    found = _judge(taken.best.difference)
    sentences = [
        _headline(ranks, found, taken),
        *_tell_ranking(ranks, halves),
        _tell_effect(taken),
        *(_tell_size(taken, detectable, break_even) if found == "nothing" else ()),
        *(_tell_profit(effect) for effect in effects if effect.outcome == "profit_cents"),
    ]
    return Conclusion(ranks, found, tuple(sentences))


def warn_first(conclusion: Conclusion, ratio: SampleRatio) -> Conclusion:
    """Say before any effect that the arms are not those that were drawn, if so: none is then known."""
    if not ratio.is_mismatch:
        return conclusion
    return replace(
        conclusion, campaign="unknown", sentences=(*ratio.sentences, *conclusion.sentences)
    )


def _first(effects: Sequence[AverageEffect], outcome: str) -> AverageEffect | None:
    """Return the effect against the campaign control, else against the universal one."""
    found = [effect for effect in effects if effect.outcome == outcome]
    return min(found, key=lambda effect: effect.control != CAMPAIGN_CONTROL, default=None)


def _doubt(taken: AverageEffect | None) -> str:
    """Return why nothing can be said, or nothing."""
    if taken is None:
        return "The wave has no controls, so nobody can say what the campaign caused."
    raw = taken.raw
    if raw.treated is None or raw.control is None:
        return "An arm has too few customers to say what the campaign caused."
    if raw.treated == 0 and raw.control == 0:
        return "No order came back, so nobody can say what the campaign caused."
    if raw.control == 0 and raw.treated * taken.control_customers >= _EXPECTED_AT_LEAST:
        return (
            f"None of {taken.control_customers:,} controls ordered, while {_per_100(raw.treated)} "
            "in 100 of the treated did: were the controls' orders sent back at all? Until that is "
            "known, nobody can say what the campaign caused."
        )
    return ""


def _ranks(halves: Estimate) -> bool | None:
    if halves.difference.low is None or halves.difference.low == halves.difference.high:
        return None
    return halves.difference.low > 0


def _judge(difference: Interval) -> CampaignFinding:
    if difference.low is None or difference.high is None:
        return "unknown"
    if difference.low > 0:
        return "causes"
    return "harms" if difference.high < 0 else "nothing"


def _headline(ranks: bool | None, found: CampaignFinding, taken: AverageEffect) -> str:
    model = {
        True: "The model ranks well",
        False: "The model does not show that it ranks",
        None: "Whether the model ranks cannot be told",
    }[ranks]
    joint = "and" if (ranks is True) == (found == "causes") else "but"
    campaign = {
        "causes": "the campaign causes additional customers to take the offer up",
        "harms": "the campaign keeps customers from taking the offer up",
        "nothing": "the campaign causes nothing that shows",
        "unknown": "what the campaign causes cannot be told",
    }[found]
    return f"{model}, {joint} {campaign}, compared with {_NAMES[taken.control]}."


def _tell_ranking(ranks: bool | None, halves: Estimate) -> tuple[str, ...]:
    if ranks is None:
        return ()
    said = f"{_per_100(halves.treated)} in 100 against {_per_100(halves.control)}"
    return (f"Of the likelier half of the offered customers and of the other, {said} took it up.",)


def _tell_effect(taken: AverageEffect) -> str:
    best = taken.best
    at_equal = " at equal propensity" if taken.is_adjusted else ""
    ratio = f", {_with_interval(best.ratio)} times as many" if best.ratio.value is not None else ""
    return (
        f"With contact {_per_100(best.treated)} in 100 took the offer up, without "
        f"{_per_100(best.control)}{at_equal}: a difference of "
        f"{_with_interval(best.difference, 100)} in 100{ratio}; "
        f"{_with_interval(taken.total, 1, 0)} customers in all."
    )


def _tell_size(
    taken: AverageEffect, detectable: float | None, break_even: float | None
) -> list[str]:
    sentences = []
    if detectable is not None:
        sentences.append(
            f"A true difference of {_per_100(detectable)} in 100 would probably have shown; a "
            "smaller one may have been missed."
        )
    high = taken.best.difference.high
    if break_even is not None and high is not None:
        verdict = (
            "even the upper end of the interval does not pay for them"
            if high < break_even
            else "the upper end of the interval would pay for them, so the wave is too small to settle it"
        )
        need = f"The contacts pay from {_per_100(break_even)} in 100 on"
        sentences.append(f"{need}: {verdict}.")
    return sentences


def _tell_profit(effect: AverageEffect) -> str:
    total = effect.total
    if total.low is None or total.high is None:
        return f"What the wave earned against {_NAMES[effect.control]} cannot be told."
    verdict = "earned" if total.low > 0 else "lost" if total.high < 0 else "may have earned or lost"
    return (
        f"Net of contact cost and against {_NAMES[effect.control]} the wave {verdict} money: "
        f"{_with_interval(total, 0.01, 0)}."
    )


def _per_100(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f}"


def _with_interval(interval: Interval, times: float = 1, decimals: int = 2) -> str:
    value, low, high = (
        "–" if number is None else f"{times * number:,.{decimals}f}"
        for number in (interval.value, interval.low, interval.high)
    )
    return f"{value} ({low} to {high})"
