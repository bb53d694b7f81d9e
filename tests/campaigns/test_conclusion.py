import pandas as pd

from pipeline.campaigns.average_effect import compare_arms
from pipeline.campaigns.conclusion import Conclusion, conclude
from pipeline.campaigns.realised import compare_halves
from tests.campaigns.waves import drawn


def concluded(rows: pd.DataFrame) -> Conclusion:
    return conclude(compare_arms(rows), compare_halves(rows), 0.015, 0.01)


def test_a_model_that_ranks_and_a_campaign_that_causes_nothing_come_out_as_such() -> None:
    found = concluded(drawn(1, 20_000, uplift=0.0))
    assert (found.ranks, found.campaign) == (True, "nothing")
    assert found.sentences[0] == (
        "The model ranks well, but the campaign causes nothing that shows, compared with "
        "customers withheld from this wave."
    )


def test_a_null_says_how_much_may_have_been_missed_and_what_would_pay() -> None:
    text = " ".join(concluded(drawn(1, 20_000, uplift=0.0)).sentences)
    assert "A true difference of 1.50 in 100 would probably have shown" in text
    assert "The contacts pay from 1.00 in 100 on: " in text


def test_a_campaign_that_works_on_a_model_that_does_not_rank_is_told_apart() -> None:
    found = concluded(drawn(2, 20_000, uplift=0.05, slope=0.0))
    assert (found.ranks, found.campaign) == (False, "causes")
    assert found.sentences[0].startswith(
        "The model does not show that it ranks, but the campaign causes additional customers"
    )


def test_a_campaign_that_puts_people_off_is_told() -> None:
    found = concluded(drawn(3, 20_000, uplift=-0.05))
    assert (found.ranks, found.campaign) == (True, "harms")
    assert "but the campaign keeps customers from" in found.sentences[0]


def test_effect_and_profit_are_said_with_their_limits() -> None:
    text = concluded(drawn(4, 20_000, uplift=0.05)).sentences
    assert "a difference of" in text[2]
    assert (
        "Net of contact cost and against customers withheld from this wave the wave earned"
        in (text[3])
    )


def test_without_controls_nothing_is_said_of_the_campaign() -> None:
    rows = drawn(5, 5_000, uplift=0.05)
    found = concluded(rows[rows["arm"] == "treated"])
    assert (found.ranks, found.campaign) == (True, "unknown")
    assert "no controls" in found.sentences[-1]


def test_controls_whose_orders_were_not_sent_are_not_taken_for_an_effect() -> None:
    rows = drawn(6, 5_000, uplift=0.0)
    found = concluded(rows.assign(take_up=rows["take_up"].where(rows["arm"] == "treated", 0)))
    assert found.campaign == "unknown"
    assert "were the controls' orders sent back at all?" in found.sentences[-1]


def test_without_orders_nothing_is_said() -> None:
    found = concluded(drawn(7, 500, uplift=0.0).assign(take_up=0))
    assert (found.ranks, found.campaign) == (None, "unknown")
    assert found.sentences == ("No order came back, so nobody can say what the campaign caused.",)
