"""The funnel adds up, and the size of a campaign says what it can show."""

import pandas as pd

from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelStep, SampleSizeAdvice
from pipeline.offers.decision_funnel import (
    advise_sample_sizes,
    count_falls,
    count_offers,
    tell_sample_sizes,
)


def test_the_funnel_adds_up() -> None:
    fell = {"consent": 2, "over_capacity": 1, None: 1}
    assert count_falls(fell, 4, ["consent", "minimum_age", "over_capacity"]) == [
        FunnelStep(step="consent", came=4, fell=2, stayed=2),
        FunnelStep(step="minimum_age", came=2, fell=0, stayed=2),
        FunnelStep(step="over_capacity", came=2, fell=1, stayed=1),
    ]


def test_the_report_counts_what_is_sent_and_says_what_it_can_show() -> None:
    decided = pd.DataFrame(
        {
            "campaign": ["k"] * 1000,
            "arm": ["treated"] * 900 + ["campaign_control"] * 100,
            "propensity": 0.05,
            "model": "up_sell",
            "category": "tv",
            "channel": "email",
            "contact_cost_cents": 2,
            "value_cents": 1000,
            "effect": 0.01,
            "priority_cents": 10.0,
        }
    )
    counted = count_offers(decided)
    assert (counted.sent, counted.contact_cost_cents) == (900, 1800)
    assert counted.arms == {"k campaign_control": 100, "k treated": 900}
    advice = advise_sample_sizes(decided, power=0.8, confidence=0.95)["k"]
    assert (advice.customers, advice.control_share) == (1000, 0.1)
    assert (advice.customers_for_a_tenth_more or 0) > 1000
    # A quarter of 0.05: even with as many controls as treated 1,000 know it to 0.027 only.
    assert (advice.wanted_precision, advice.controls_for_precision) == (0.0125, None)
    assert advice.in_words == tell_sample_sizes({"k": advice})


def test_what_a_wave_can_show_is_told_in_a_sentence_a_campaign() -> None:
    small = SampleSizeAdvice(
        customers=3799,
        control_share=0.1,
        base_rate=0.048,
        detectable_uplift=0.03939,
        customers_for_a_tenth_more=183_741,
        wanted_precision=0.012,
    )
    large = small.model_copy(
        update={"controls_for_precision": 0.232, "exploration_for_precision": 0.09}
    )
    assert tell_sample_sizes({"w1-up_sell": large, "w1-cross_sell": small}) == (
        "w1-cross_sell: 3,799 offered with 10% controls show 3.94 points or more; to know its "
        "effect to within 1.20 points takes more customers than one wave has. "
        "w1-up_sell: 3,799 offered with 10% controls show 3.94 points or more; to know its effect "
        "to within 1.20 points takes 23% controls, and 9% explored for each channel."
    )
