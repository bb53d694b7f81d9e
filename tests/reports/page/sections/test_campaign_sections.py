"""What the CRM team reads on the page follows from what the stages before wrote."""

import pytest

from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.measurement_report import MeasurementReport
from pipeline.offers import arbitration, policy_application
from pipeline.offers.contact_policy import OFFER_RULES, RULES
from pipeline.reports.language.words import Words
from pipeline.reports.page.parts import Block, PageSection, PageTable
from pipeline.reports.page.rule_words import REASONS, reason, tell_limits
from pipeline.reports.page.sections.customer_section import describe_customers
from pipeline.reports.page.sections.measurement_section import describe_measurement
from pipeline.reports.page.sections.package_section import describe_packages
from pipeline.reports.page.sections.wave_section import describe_wave
from tests.reports.inputs import (
    funnel,
    interval,
    manifest,
    measurement,
    no_measurement,
    segments,
    wave_tables,
)


def texts(table: PageTable) -> list[list[str]]:
    return [[Words()(cell.text) for cell in row.cells] for row in table.rows]


def block(section: PageSection, title: str) -> Block:
    return next(one for one in section.blocks if one.title == title)


def wave() -> PageSection:
    return describe_wave(funnel(), {"bounced": {"times": 2, "days": [7, 28]}}, wave_tables())


def test_every_reason_that_a_decision_can_give_has_plain_words() -> None:
    names = {*RULES, *OFFER_RULES, policy_application.NOTHING_ELIGIBLE}
    names |= {arbitration.NOT_WORTH_IT, arbitration.OVER_CAPACITY}
    assert names <= set(REASONS)


def test_a_reason_without_words_is_told_by_its_name() -> None:
    assert reason("too_far_away") == "Too far away"


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({}, "`bounced`"),
        ({"times": 2, "days": [7, 28]}, "`bounced`, times 2, days 7 and 28"),
        ({"without_record": []}, "`bounced`"),
    ],
)
def test_a_rule_is_told_with_how_far_it_goes(limits: dict[str, object], told: str) -> None:
    assert tell_limits("bounced", limits) == told


def test_the_wave_begins_with_how_many_have_an_offer_and_are_contacted() -> None:
    assert wave().facts == [
        ("Wave", "w20260301"),
        ("Customers looked at", "10"),
        ("With an offer", "7"),
        ("To be contacted", "4"),
        ("Kept as controls", "3"),
    ]


def test_every_rule_stands_in_the_funnel_with_who_came_fell_and_was_left() -> None:
    table = block(wave(), "Who falls where").tables[0]
    assert texts(table)[:2] == [
        ["No consent for any channel that was left", "10", "2", "8", "9"],
        ["Messages bounce on every channel that was left", "8", "0", "8", "0"],
    ]
    assert table.rows[1].cells[0].note == "`bounced`, times 2, days 7 and 28"
    assert texts(table)[-1][1:] == ["6", "2", "4", "–"]


def test_what_to_do_where_a_table_lacks_stands_beside_the_funnel() -> None:
    remedy = "The source has no table of consents, so nobody may be contacted."
    section = describe_wave(funnel(remedies={"consent": remedy}), {}, wave_tables())
    assert block(section, "Who falls where").sentences[-1] == remedy


def test_the_drawing_of_the_funnel_leaves_out_rules_that_take_nobody() -> None:
    picture = block(wave(), "Who falls where").pictures[0]
    assert "no consent for any channel that was left 2" in picture.alt
    assert "bounce" not in picture.svg + picture.alt


def test_rules_that_the_source_does_not_allow_are_named() -> None:
    told = block(wave(), "Who falls where").sentences
    assert told[-1] == "Excludes nobody, since the source lacks its table: open incident."


def test_offers_are_counted_by_model_channel_and_category_the_most_frequent_first() -> None:
    models, channels, categories = block(wave(), "What is offered").tables
    assert texts(models) == [["Cross-sell", "3", "75.0%"], ["Up-sell", "1", "25.0%"]]
    assert texts(channels) == [["E-mail", "4", "100.0%"]]
    assert [row[0] for row in texts(categories)] == ["Pet food", "Loan"]


def test_a_wave_that_offers_nothing_is_shown_all_the_same() -> None:
    nothing = {"sent": 0, "contact_cost_cents": 0, "arms": {}}
    offers = {**nothing, "by_model": {}, "by_category": {}, "by_channel": {}}
    shown = describe_wave(funnel(offers=offers, sample_size={}), {}, wave_tables())
    assert ("To be contacted", "0") in shown.facts
    assert block(shown, "What the wave can show").tables[0].rows == []


def test_arms_stand_beside_what_the_size_of_the_campaign_can_show() -> None:
    table = block(wave(), "What the wave can show").tables[0]
    assert texts(table) == [
        ["w20260301-cross_sell", "3", "2", "0", "3.00%", "2.00 in 100", "3,000"],
        ["w20260301-up_sell", "1", "0", "1", "3.00%", "–", "–"],
    ]


def test_a_campaign_too_small_for_a_tenth_more_is_said_to_be_so() -> None:
    _, small, none = block(wave(), "What the wave can show").sentences
    assert "a difference of 2.00 in 100 or more would probably show" in small
    assert "would take 3,000 customers" in small
    assert none == (
        "w20260301-up_sell: without controls, or with no response to expect, nothing can show."
    )


def test_parts_that_decide_nothing_and_limits_that_bind_are_told() -> None:
    told = block(wave(), "What decides")
    assert "Without context, no offer would change." in told.sentences
    assert texts(told.tables[0])[0] == ["Propensity", "25.0%", "0.70"]
    allocation = {"is_bound_by_limits": True, "value_cents": 995, "bound_cents": 1000}
    bound = block(describe_wave(funnel(allocation=allocation), {}, wave_tables()), "What decides")
    assert "reach 99.50% of what no choice could exceed" in bound.sentences[-1]


def test_customers_stand_in_the_order_of_their_life_and_of_their_worth() -> None:
    stages, rfm = block(describe_customers(segments()), "Stages and segments").tables
    assert texts(stages)[0] == ["Visitor", "5", "123", "200"]
    assert [row[0] for row in texts(rfm)] == ["Champions", "At risk"]


def test_the_forecast_in_use_is_the_first_and_marked() -> None:
    value = block(describe_customers(segments()), "How well value and returns are forecast").tables[
        0
    ]
    assert texts(value)[0] == ["The customer's own mean", "50", "80", "200"]
    assert [row.is_strong for row in value.rows] == [True, False]


def test_a_rhythm_that_nobody_could_try_is_not_told() -> None:
    untried = segments().next_purchase.model_copy(update={"median_days_off": None})
    shown = describe_customers(segments(next_purchase=untried))
    assert block(shown, "When they buy next").sentences == ["Too little was bought to judge it."]


def test_without_responses_the_page_says_that_nothing_is_measured() -> None:
    shown = describe_measurement(no_measurement(), "measurement.md")
    assert shown.facts == []
    assert shown.links == []
    assert [one.title for one in shown.blocks] == ["Nothing is measured yet"]
    assert shown.blocks[0].sentences == [
        "No wave has been sealed yet.",
        "No responses; see data/responses.",
    ]


def test_a_measured_wave_tells_its_conclusion_its_effect_and_the_truth() -> None:
    shown = block(describe_measurement(measurement(), "measurement.md"), "Wave w20260101")
    assert shown.sentences == [
        "The campaign causes nothing that shows.",
        (
            "In truth, which the simulator knows: took the offer up, in 100 (0.60 more than "
            "without); inside the confidence interval."
        ),
        "Propensity stays the ranking.",
    ]
    effects, _, deciles = shown.tables
    assert texts(effects) == [["Took the offer up, in 100", "4.00", "3.00", "1.00"]]
    assert effects.rows[0].cells[0].note == "against campaign control"
    assert effects.rows[0].cells[3].note == "0.50 to 2.00"
    assert texts(deciles) == [["1", "9.00", "12.00", "10.00", "–"]]


def test_a_claim_is_said_drawn_and_tabulated_beside_what_was_measured() -> None:
    parts = [
        {"value": value, "customers": 5, "claimed": interval(0.02), "measured": interval(0.01)}
        for value in ("1", "2")
    ]
    sums = ("take_ups", "profit_cents", "measured_take_ups", "measured_profit_cents")
    claim = {
        **dict.fromkeys(sums, interval(0.07)),
        "origins": {"assumed": 7},
        "is_held": True,
        "is_profit_held": True,
        "by_channel": [parts[0] | {"value": "email"}],
        "by_decile": parts,
    }
    content = measurement().model_dump(mode="json", exclude_unset=True)
    content["waves"]["w20260101"] |= {"claim": claim, "claim_in_words": ["Claimed 7; measured 7."]}
    report = MeasurementReport.model_validate(content)
    shown = block(describe_measurement(report, "measurement.md"), "Wave w20260101")
    assert "Claimed 7; measured 7." in shown.sentences
    (picture,) = shown.pictures
    assert picture.svg.startswith("<svg")
    assert "decile 1: claimed 2.00, measured 1.00" in picture.alt
    by_channel, by_decile = shown.tables[-2:]
    assert texts(by_channel) == [["email", "5", "2.00", "1.00"]]
    assert len(by_decile.rows) == 2


def test_how_large_controls_and_exploration_should_be_is_said_before_sending() -> None:
    content = funnel().model_dump(mode="json", exclude_unset=True)
    name = min(content["sample_size"])
    content["sample_size"][name] |= {
        "wanted_precision": 0.01,
        "controls_for_precision": 0.15,
        "exploration_for_precision": None,
    }
    shown = describe_wave(FunnelReport.model_validate(content), {}, wave_tables())
    said = block(shown, "What the wave can show").sentences[-1]
    assert f"{name}: to know the effect to within" in said
    assert "takes 15.0% of the offered as controls; for each channel, one wave cannot" in said


def test_the_latest_wave_stands_first_and_an_unanswered_one_tells_its_arms() -> None:
    shown = describe_measurement(measurement(), "measurement.md")
    assert [one.title for one in shown.blocks][1:] == [
        "Over the waves",
        "Wave w20260201",
        "Wave w20260101",
    ]
    trend = texts(shown.blocks[1].tables[0])
    assert [row[:5] for row in trend] == [["w20260101", "7", "4.00", "3.00", "1.00"]]
    assert block(shown, "Wave w20260201").sentences == [
        "Sent as of 2026-02-01: no offer 3 and contacted 7. Nothing has come back from it."
    ]
    assert shown.blocks[0].sentences == ["Rows with a finding: unknown customer 2."]


def test_what_became_of_the_rows_of_a_package_is_told() -> None:
    package, suppressed = describe_packages({"generic": manifest()})
    assert texts(package.tables[0]) == [["offers.csv", "10", "6", "1", "3"]]
    assert package.tables[0].rows[0].cells[0].note == "left out: 6 not to be contacted"
    assert package.sentences[-1] == (
        "product_lists.csv was not written: there are no product lists."
    )
    assert texts(suppressed.tables[0]) == [
        ["Withheld from this wave, to measure what it causes", "2"],
        ["No consent for any channel that was left", "2"],
        ["No offer is worth what the contact costs", "1"],
    ]


def test_a_package_tells_its_wave_and_whether_there_is_an_offer_at_all() -> None:
    empty = manifest(arms={}, waves=(), valid_from=None, valid_until=None)
    offered, none, _ = describe_packages({"a": manifest(), "b": empty})
    assert offered.sentences[1] == (
        "Content 0123456789abcdef; wave w20260301, valid from 2026-03-01 until 2026-03-28. "
        "Customers with an offer: campaign control 2 and contacted 4."
    )
    assert none.sentences[1] == "Content 0123456789abcdef. Nobody has an offer."


def test_no_package_leaves_nothing_to_tell() -> None:
    assert describe_packages({}) == []
