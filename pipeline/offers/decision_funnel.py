"""The decision funnel of a wave, reports/funnel.json: suppression by step, offers, sample sizes."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.foundation.config import ExperimentParams
from pipeline.foundation.contracts.arms import (
    CAMPAIGN_CONTROL,
    OFFERED_ARMS,
    TREATED,
    UNIVERSAL_CONTROL,
)
from pipeline.foundation.contracts.hand_overs.funnel_report import (
    AllocationOptimum,
    FunnelReport,
    FunnelStep,
    OfferCounts,
    SampleSizeAdvice,
)
from pipeline.offers.allocation import Allocation
from pipeline.offers.arbitration import NOT_WORTH_IT, OVER_CAPACITY
from pipeline.offers.channel_outlook import outlook_by_channel
from pipeline.offers.next_best_offers import name_wave
from pipeline.offers.policy_application import NOTHING_ELIGIBLE
from pipeline.offers.wave_claim import claim_of
from pipeline.offers.wave_decision import WaveDecision
from pipeline.statistics.power import (
    control_share_for_precision,
    detectable_uplift,
    exploration_share_for_precision,
    sample_size,
)

A_TENTH_MORE = 0.1
A_QUARTER = 0.25
"""Of the base rate: how precisely a wave should tell its effect."""


def report_decision(
    decision: WaveDecision, rules: Sequence[str], experiment: ExperimentParams
) -> FunnelReport:
    """Return what the stage says of a wave.

    Args:
        decision: of the wave.
        rules: the rules of the contact policy, in their order.
        experiment: power and confidence of the advice on sample sizes.
    """
    offers, outcome = decision.offers, decision.outcome
    order = order_of_reasons(rules, outcome.touched)
    customers = sum(decision.reasons.values())
    return FunnelReport(
        wave=name_wave(decision.day),
        as_of_date=decision.day,
        customers=customers,
        funnel=tuple(count_falls(decision.reasons, customers, order)),
        touched_by_rule=dict(outcome.touched),
        rules_switched_off=tuple(outcome.switched_off),
        remedies=dict(outcome.remedies),
        offers=count_offers(offers),
        claim=claim_of(offers, decision.decided_by),
        allocation=describe_allocation(decision.settlement.allocation),
        sensitivity=decision.sensitivity,
        sample_size=advise_sample_sizes(
            offers, power=experiment.power, confidence=experiment.confidence
        ),
    )


def order_of_reasons(rules: Sequence[str], at_facts: Mapping[str, int]) -> list[str]:
    """Return every reason in the order in which it takes effect.

    Args:
        rules: of the contact policy, in their order.
        at_facts: the rules that look at facts, before there are offers to compare.
    """
    return [
        NOTHING_ELIGIBLE,
        *(rule for rule in rules if rule in at_facts),
        NOT_WORTH_IT,
        *(rule for rule in rules if rule not in at_facts),
        OVER_CAPACITY,
        UNIVERSAL_CONTROL,
        CAMPAIGN_CONTROL,
    ]


def count_falls(
    fell: Mapping[str | None, int], customers: int, order: Sequence[str]
) -> list[FunnelStep]:
    """Return the funnel: at each step how many came, fell and stayed.

    Args:
        fell: reason -> customers.
        customers: all of them, those who are contacted too.
        order: every reason that may occur, in the order in which it takes effect.
    """
    steps: list[FunnelStep] = []
    standing = customers
    for name in order:
        count = fell.get(name, 0)
        steps.append(FunnelStep(step=name, came=standing, fell=count, stayed=standing - count))
        standing -= count
    return steps


def count_offers(decided: pd.DataFrame) -> OfferCounts:
    """Return what is sent, by model, category, channel; and the arms of each campaign.

    Args:
        decided: NEXT_BEST_OFFERS.
    """
    sent = decided[decided["arm"] == TREATED]
    armed = decided[decided["arm"].notna()]
    return OfferCounts(
        sent=len(sent),
        contact_cost_cents=int(sent["contact_cost_cents"].sum()),
        by_model=_counts(sent["model"]),
        by_category=_counts(sent["category"]),
        by_channel=_counts(sent["channel"]),
        arms=_counts(armed["campaign"] + " " + armed["arm"]),
        outlook=outlook_by_channel(decided),
    )


def _counts(names: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in names.value_counts().sort_index().items()}


def describe_allocation(allocation: Allocation) -> AllocationOptimum:
    """Return how near the optimum the offers are, in cents; the bound cannot be exceeded."""
    return AllocationOptimum(
        is_bound_by_limits=allocation.is_bound_by_limits,
        value_cents=round(allocation.value),
        bound_cents=round(allocation.bound),
    )


def advise_sample_sizes(
    decided: pd.DataFrame, *, power: float, confidence: float
) -> dict[str, SampleSizeAdvice]:
    """Return for each campaign what its size can show, before it is sent.

    Args:
        decided: NEXT_BEST_OFFERS.
        power: probability that an uplift of that size shows.
        confidence: 1 less the probability that one shows where there is none.
    """
    offered = decided[decided["arm"].isin(OFFERED_ARMS)]
    advice = {
        str(name): _advise(rows, power, confidence) for name, rows in offered.groupby("campaign")
    }
    return {
        name: one.model_copy(update={"in_words": _tell_sample_size(name, one)})
        for name, one in advice.items()
    }


def tell_sample_sizes(advice: Mapping[str, SampleSizeAdvice]) -> str:
    """Say in a sentence a campaign what it can show, and what knowing its effect would take."""
    return " ".join(_tell_sample_size(name, one) for name, one in sorted(advice.items()))


def _tell_sample_size(name: str, advice: SampleSizeAdvice) -> str:
    if advice.detectable_uplift is None or advice.wanted_precision is None:
        return f"{name}: without controls, or with no response to expect, nothing can show."
    wanted = f"to know its effect to within {100 * advice.wanted_precision:.2f} points"
    takes = (
        "takes more customers than one wave has"
        if advice.controls_for_precision is None
        else f"takes {100 * advice.controls_for_precision:.0f}% controls"
    )
    explore = advice.exploration_for_precision
    channels = "" if explore is None else f", and {100 * explore:.0f}% explored for each channel"
    return (
        f"{name}: {advice.customers:,} offered with {100 * advice.control_share:.0f}% controls show "
        f"{100 * advice.detectable_uplift:.2f} points or more; {wanted} {takes}{channels}."
    )


def _advise(rows: pd.DataFrame, power: float, confidence: float) -> SampleSizeAdvice:
    rate = float(rows["propensity"].mean())
    control = float((rows["arm"] == CAMPAIGN_CONTROL).mean())
    least, needed = None, None
    if 0 < rate < 1 / (1 + A_TENTH_MORE) and 0 < control < 1:
        least = detectable_uplift(rate, len(rows), control, power, confidence)
        needed = sample_size(rate, rate * A_TENTH_MORE, control, power, confidence)
    wanted = rate * A_QUARTER
    controls, explored = _advise_precision(rows, rate, control, wanted, confidence)
    return SampleSizeAdvice(
        customers=len(rows),
        control_share=round(control, 6),
        base_rate=round(rate, 6),
        detectable_uplift=None if least is None else round(least, 6),
        customers_for_a_tenth_more=needed,
        wanted_precision=round(wanted, 6),
        controls_for_precision=None if controls is None else round(controls, 6),
        exploration_for_precision=None if explored is None else round(explored, 6),
    )


def _advise_precision(
    rows: pd.DataFrame, rate: float, control: float, wanted: float, confidence: float
) -> tuple[float | None, float | None]:
    """Return the shares of controls and of exploration that the wanted precision takes."""
    if not 0 < rate < 1:
        return None, None
    controls = control_share_for_precision(rate, len(rows), wanted, confidence)
    if not 0 < control < 1:
        return controls, None
    channels = rows["channel"].nunique()
    return controls, exploration_share_for_precision(
        rate, len(rows), channels, wanted, confidence, control_share=control
    )
