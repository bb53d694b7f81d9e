"""Contacts are aggregated so that the plan at the wave's own costs is the wave."""

import pandas as pd
import pytest

from pipeline.offers.campaign_plan import PlanSettings, plan_campaign
from pipeline.offers.plan_groups import group_contacts

COSTS = {"email": 1.0, "phone": 450.0}


def decided() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["A", "B", "C", "D"],
            "arm": ["treated", "treated", "campaign_control", None],
            "model": ["up_sell", "up_sell", "up_sell", None],
            "category": ["loan", "loan", "loan", None],
            "channel": ["email", "phone", "email", None],
            "propensity": [0.1, 0.2, 0.3, None],
            "value_cents": [1000, 2000, 1000, None],
            "priority_cents": [9.0, -446.0, 9.0, None],
            "is_explored": pd.array([False, True, False, None], dtype="object"),
        }
    )


def permitted() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (who, channel, channel == "email" or who == "B")
            for who in "ABC"
            for channel in ("email", "phone")
        ],
        columns=["customer_id", "channel", "is_permitted"],
    )


def effects() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("up_sell", "loan", who, channel, effect)
            for who in "ABC"
            for channel, effect in (("email", 0.01), ("phone", 0.002))
        ],
        columns=["model", "category", "customer_id", "channel", "effect"],
    )


def test_only_contacts_that_are_sent_count_each_on_its_permitted_channels() -> None:
    groups = group_contacts(decided(), permitted(), effects())
    assert sorted((one.customers, *one.gained_cents.items()) for one in groups) == [
        (1, ("email", 10.0)),
        (1, ("phone", 4.0)),  # explored: the channel that was drawn
    ]


def test_at_the_waves_own_costs_the_plan_is_the_wave() -> None:
    groups = group_contacts(decided(), permitted(), effects())
    plan = plan_campaign(groups, PlanSettings(COSTS, contacts=2))
    assert plan.take_ups == pytest.approx(0.3)
    assert plan.cost_cents == pytest.approx(451)
    assert plan.profit_cents == pytest.approx(9 - 446)


def test_the_order_of_the_rows_does_not_matter() -> None:
    turned = [one().iloc[::-1] for one in (decided, permitted, effects)]
    assert group_contacts(*turned) == group_contacts(decided(), permitted(), effects())


def test_a_wave_without_contacts_has_no_groups() -> None:
    assert group_contacts(decided().iloc[2:], permitted(), effects()) == []
