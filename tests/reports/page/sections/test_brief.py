"""The first screen says what the figures of the wave bear, and no more."""

import re
from typing import Any

import pytest

from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.reports.language.words import Words
from pipeline.reports.page.composition import compose_campaign
from pipeline.reports.page.parts import PageTable
from pipeline.reports.page.planner_inputs import Exploration
from pipeline.reports.page.rendering import render_campaign
from pipeline.reports.page.sections.brief import describe_brief, tell_controls
from tests.reports.inputs import funnel, page_inputs

NONE_DRAWN = Exploration(contacts=0, at_a_loss=0, lost_cents=0.0)
DRAWN = Exploration(contacts=196, at_a_loss=60, lost_cents=2100.0)


def wave(*, caused: float, contacted: int, shown: float | None) -> FunnelReport:
    """Return a wave and the least difference that its best measured campaign shows."""
    content = funnel().model_dump(mode="json", exclude_unset=True)
    content["claim"] |= {"contacted": contacted}
    content["claim"]["take_ups_caused"] |= {"value": caused}
    content["sample_size"]["w20260301-cross_sell"] |= {"detectable_uplift": shown}
    return FunnelReport.model_validate(content)


def test_controls_that_show_the_expected_difference_will_tell() -> None:
    # 15 of 500 are caused: 3.00 in 100, where 2.00 show.
    told = tell_controls(wave(caused=15.0, contacted=500, shown=0.02))
    assert told == "The controls that are held back will tell."


def test_controls_that_show_only_more_than_is_expected_will_not_tell_by_one_wave() -> None:
    # 1.5 of 500 are caused: 0.30 in 100, where 2.00 show; (2.00 / 0.30)² = 44.4 waves.
    told = tell_controls(wave(caused=1.5, contacted=500, shown=0.02))
    assert told == (
        "The controls that are held back will not tell by this wave alone: its best measured "
        "campaign shows a difference of 2.00 in 100 or more, and 0.30 in 100 is expected. About 45 "
        "such waves together can tell."
    )


def test_no_number_of_waves_shows_what_is_not_expected() -> None:
    told = tell_controls(wave(caused=-1.5, contacted=500, shown=0.02))
    assert told.endswith("and \N{MINUS SIGN}0.30 in 100 is expected.")


def test_without_controls_nothing_will_tell() -> None:
    told = tell_controls(wave(caused=15.0, contacted=500, shown=None))
    assert told == "Without controls, or with no response to expect, nothing will tell."


def test_what_the_contacts_drawn_at_random_lose_is_money() -> None:
    sentence = describe_brief(funnel(), {}, DRAWN).sentences[-1]
    assert Words(currency="EUR")(sentence) == (
        "196 contacts are drawn at random, to learn what a contact causes "
        "(`experiment.exploration_share`); 60 of them are expected to cost more than they add, a "
        "loss of €21 in all."
    )


def channels(exploration: Exploration, **outlook: Any) -> PageTable:
    content = funnel().model_dump(mode="json", exclude_unset=True)
    content["offers"]["outlook"]["email"] |= outlook
    return describe_brief(FunnelReport.model_validate(content), {}, exploration).tables[1]


def test_what_a_channel_is_taken_to_cause_stands_beside_its_break_even() -> None:
    # The contacts cost 100 and add 200, so they cause 300 of the 3,000 that is expected anyway.
    table = channels(
        NONE_DRAWN,
        predicted_sales_value_cents=3000,
        contact_cost_cents=100,
        incremental_profit_cents=200,
        break_even_share=0.033333,
    )
    assert [cell.text for cell in table.head[-2:]] == ["Break-even", "Estimated"]
    assert [cell.text for cell in table.rows[0].cells[-2:]] == ["3.3%", "10.0%"]


@pytest.mark.parametrize(
    ("exploration", "note"),
    [(DRAWN, "drawn at random"), (NONE_DRAWN, "")],
)
def test_a_channel_at_a_loss_for_what_was_drawn_is_marked(
    exploration: Exploration, note: str
) -> None:
    assert channels(exploration, incremental_profit_cents=-795).rows[0].cells[0].note == note
    assert not channels(exploration, incremental_profit_cents=795).rows[0].cells[0].note


@pytest.mark.parametrize(("currency", "is_said"), [(None, True), ("EUR", False)])
def test_amounts_without_a_currency_are_said_to_be_in_the_sources(
    currency: str | None, is_said: bool
) -> None:
    page = render_campaign(compose_campaign(page_inputs()), Words(currency=currency))
    assert ("Amounts are in the currency of the source." in page) == is_said


def test_the_column_of_assumed_shares_is_hidden_until_they_are_chosen() -> None:
    page = render_campaign(compose_campaign(page_inputs()))
    cells = re.findall(r'<t[hd][^>]*class="n assumed"[^>]*>', page)
    assert len(cells) == 3  # the head, e-mail and phone
    assert all(cell.endswith(" hidden>") for cell in cells)
