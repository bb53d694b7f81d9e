"""A plan contacts the best groups first, each on the channel that adds most, within its limits."""

import math

import pytest

from pipeline.offers.campaign_plan import PlanGroup, PlanSettings, plan_campaign

# Ten customers who each gain 30 by e-mail and 50 by phone; twenty who gain 5 by e-mail.
KEEN = PlanGroup(
    customers=10,
    take_ups=4.0,
    value_cents=4000.0,
    caused={"email": 0.3, "phone": 0.5},
    gained_cents={"email": 300.0, "phone": 500.0},
)
COOL = PlanGroup(
    customers=20,
    take_ups=2.0,
    value_cents=2000.0,
    caused={"email": 0.1},
    gained_cents={"email": 100.0},
)
COSTS = {"email": 10.0, "phone": 25.0}


def test_a_group_is_contacted_on_the_channel_that_adds_most_per_contact() -> None:
    plan = plan_campaign([COOL, KEEN], PlanSettings(COSTS, contacts=10))
    assert plan.by_channel["phone"].contacts == 10  # 50 - 25 against 30 - 10
    assert plan.profit_cents == pytest.approx(250)
    assert (plan.take_ups, plan.caused, plan.cost_cents) == (4.0, 0.5, 250.0)


def test_a_dearer_call_moves_its_customers_to_email() -> None:
    plan = plan_campaign([KEEN], PlanSettings({"email": 10.0, "phone": 40.0}, contacts=10))
    assert plan.by_channel["email"].contacts == 10
    assert plan.by_channel["phone"].contacts == 0


def test_the_cut_off_is_where_contacts_stop_adding_anything() -> None:
    plan = plan_campaign([COOL, KEEN], PlanSettings(COSTS))
    assert (plan.contacts, plan.best_contacts) == (10, 10)  # the cool cost 10 and gain 5 each
    assert plan.best_profit_cents == pytest.approx(250)
    assert plan.curve == [(0, 0.0), (10, pytest.approx(250)), (30, pytest.approx(150))]


def test_more_contacts_than_pay_are_made_where_they_are_asked_for() -> None:
    plan = plan_campaign([COOL, KEEN], PlanSettings(COSTS, contacts=30))
    assert plan.profit_cents == pytest.approx(150)


def test_a_group_that_fits_in_part_is_taken_in_part() -> None:
    plan = plan_campaign([KEEN, COOL], PlanSettings(COSTS, contacts=12))
    assert plan.contacts == 12
    assert plan.take_ups == pytest.approx(4.0 + 2.0 * 2 / 20)


def test_a_budget_pays_for_whole_contacts_alone() -> None:
    plan = plan_campaign([KEEN, COOL], PlanSettings(COSTS, budget_cents=120.0))
    assert plan.by_channel["phone"].contacts == 4  # the fifth call would cost 125 in all
    assert plan.cost_cents == 100.0


def test_a_free_channel_is_bound_by_no_budget() -> None:
    plan = plan_campaign([COOL], PlanSettings({"email": 0.0}, contacts=20, budget_cents=0.0))
    assert plan.contacts == 20


def test_an_assumed_share_takes_the_place_of_the_estimate() -> None:
    shares = {"email": 0.2, "phone": 0.2}
    plan = plan_campaign([KEEN], PlanSettings(COSTS, contacts=10, assumed_shares=shares))
    assert plan.by_channel["email"].contacts == 10  # both cause as much, and e-mail is cheaper
    assert plan.caused == pytest.approx(0.8)
    assert plan.profit_cents == pytest.approx(0.2 * 4000 - 100)


def test_the_lower_end_of_the_interval_scales_the_whole_effect() -> None:
    plan = plan_campaign([KEEN], PlanSettings(COSTS, contacts=10, effect_scale=-1.0))
    assert plan.profit_cents == pytest.approx(-300 - 100)
    assert plan.best_contacts == 0


def test_without_groups_nothing_comes_of_it() -> None:
    plan = plan_campaign([], PlanSettings(COSTS, contacts=5, budget_cents=math.inf))
    assert (plan.contacts, plan.profit_cents, plan.curve) == (0, 0, [(0, 0.0)])
