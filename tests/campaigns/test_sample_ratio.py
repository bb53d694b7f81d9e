import pandas as pd
import pytest

from pipeline.campaigns.conclusion import Conclusion, warn_first
from pipeline.campaigns.matching import match
from pipeline.campaigns.sample_ratio import check_sample_ratio
from pipeline.campaigns.wave_outcomes import outcomes
from tests.campaigns.waves import responses, wave


def sized(treated: int, controls: int) -> pd.DataFrame:
    return wave(["treated"] * treated + ["campaign_control"] * controls)


def checked(sent: pd.DataFrame, *customers: str, share: float = 0.1) -> tuple[str, ...]:
    """Return what is said of a wave, whose customers named ordered before it began."""
    early = [{"customer_id": name, "occurred_at": "2025-02-20"} for name in customers]
    matched = match(responses(*early, {}), sent)
    return check_sample_ratio(outcomes(sent, matched), matched, share).sentences


def test_arms_as_large_as_drawn_are_nothing_to_tell() -> None:
    assert checked(sized(900, 100)) == ()


def test_half_of_the_controls_gone_from_the_wave_is_told() -> None:
    # 95 controls were to be expected of 950 and 50 are there: 45^2 / 95 + 45^2 / 855 = 23.7.
    sent = sized(900, 50)
    matched = match(responses({}), sent)
    found = check_sample_ratio(outcomes(sent, matched), matched, 0.1)
    assert found.is_mismatch
    (size,) = found.tests
    assert size.p_value == pytest.approx(1.1e-6, rel=0.05)
    assert "50 of 950 households (5.3 in 100) are controls, where 10.0 in 100" in found.sentences[0]


def test_controls_missing_from_what_came_back_are_told_by_orders_from_before_the_wave() -> None:
    sent = sized(700, 300)
    treated = [f"c{number}" for number in range(0, 700, 5)]
    controls = [f"c{number}" for number in range(700, 1000, 5)]
    assert checked(sent, *treated, *controls, share=0.3) == ()
    (told,) = checked(sent, *treated, *controls[:10], share=0.3)
    assert told.startswith("Customers are missing from what came back, more controls than others")


def test_a_household_is_one_unit_of_the_draw() -> None:
    # Ten controls of one household are one control: 1 of 91 households, where 9.1 are expected.
    sent = sized(90, 10).assign(household_id=[*(f"h{n}" for n in range(90)), *["one"] * 10])
    matched = match(responses({}), sent)
    (size,) = check_sample_ratio(outcomes(sent, matched), matched, 0.1).tests
    assert (size.treated, size.controls) == (90, 1)


def test_too_few_to_tell_are_not_asked() -> None:
    assert checked(sized(30, 0)) == ()


def test_a_mismatch_is_said_first_and_leaves_the_effect_unknown() -> None:
    sent = sized(900, 50)
    matched = match(responses({}), sent)
    ratio = check_sample_ratio(outcomes(sent, matched), matched, 0.1)
    found = warn_first(Conclusion(ranks=True, campaign="causes", sentences=("It works.",)), ratio)
    assert found.campaign == "unknown"
    assert found.sentences == (*ratio.sentences, "It works.")
