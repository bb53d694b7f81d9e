"""Whoever cannot be reached on a full channel is reached on another one, where that pays."""

import pandas as pd

from pipeline.foundation.engines import Engine
from pipeline.offers.allocation import Limits
from pipeline.offers.arbitration import Settlement, settle
from pipeline.offers.contact_options import charge
from pipeline.offers.fallbacks import keep_useful
from pipeline.offers.runners_up import list_runners_up
from tests.offers.options import standing

COSTS = {"phone": 450, "mail": 75, "sms": 6, "email": 1}


def limits(budget: int | None = None, **channels: int) -> Limits:
    return Limits(models={}, categories={}, channels=channels, budget_cents=budget)


def ranked(**responses: dict[str, float]) -> pd.DataFrame:
    """Return the channels of each customer, the best first, with their responses."""
    rows = [
        (who, channel, COSTS[channel], response)
        for who, told in responses.items()
        for channel, response in told.items()
    ]
    return pd.DataFrame(rows, columns=["customer_id", "channel", "contact_cost_cents", "response"])


def offers(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "category", "gross_cents"])
    return frame.assign(
        model="cross_sell", product_id="p", propensity=0.1, value_cents=1, context=1.0, lever=1.0
    )


def kept(channels: pd.DataFrame, within: Limits) -> list[str]:
    return keep_useful(channels, within)["channel"].tolist()


def decided(charged: pd.DataFrame, within: Limits) -> tuple[Settlement, list[list[object]]]:
    """Return the settlement, and of each offer customer, category, channel and worth in cents."""
    settled = settle(standing(charged), {}, within)
    offers = settled.chosen.merge(charged, on=list(settled.chosen.columns))
    columns = ["customer_id", "category", "channel", "priority_cents"]
    return settled, offers[columns].to_numpy().tolist()


def told(charged: pd.DataFrame, within: Limits) -> list[list[object]]:
    return decided(charged, within)[1]


def test_without_limits_only_the_best_channel_competes() -> None:
    channels = ranked(a={"phone": 1, "email": 0.5}, b={"email": 1, "sms": 1})
    assert kept(channels, limits()) == ["phone", "email"]


def test_beside_a_limited_channel_the_next_ones_compete_up_to_one_that_is_not_limited() -> None:
    channels = ranked(a={"phone": 1, "mail": 0.9, "sms": 0.8, "email": 0.7})
    assert kept(channels, limits(phone=1)) == ["phone", "mail"]
    assert kept(channels, limits(phone=1, mail=1)) == ["phone", "mail", "sms"]
    assert kept(channels, limits(email=1)) == ["phone"]


def test_within_a_budget_the_cheaper_channels_compete() -> None:
    channels = ranked(a={"mail": 1, "phone": 0.9, "email": 0.8, "sms": 0.7})
    assert kept(channels, limits(budget=10)) == ["mail", "email"]
    # Mail is full and phone is not: it is of use for all that it costs.
    assert kept(channels, limits(budget=10, mail=1)) == ["mail", "phone", "email"]


def test_a_full_channel_goes_to_whom_it_helps_most_and_the_other_is_moved() -> None:
    phone = limits(phone=1)
    channels = ranked(a={"phone": 1, "email": 0.9}, b={"phone": 1, "email": 0.3})
    charged = charge(offers(("a", "tv", 1001.0), ("b", "tv", 1000.0)), keep_useful(channels, phone))
    # By phone 551 and 550. By e-mail a is worth 1001 × 0.9 − 1 = 899.9, but no more than by the
    # better channel, so 551; b 1000 × 0.3 − 1 = 299. Moving a loses nothing, moving b 251.
    assert told(charged, phone) == [
        ["a", "tv", "email", 551.0],
        ["b", "tv", "phone", 550.0],
    ]


def test_who_could_be_reached_nowhere_else_keeps_the_channel() -> None:
    phone = limits(phone=1)
    channels = ranked(a={"phone": 1, "email": 0.5}, b={"phone": 1})
    charged = charge(offers(("a", "tv", 950.0), ("b", "tv", 600.0)), keep_useful(channels, phone))
    # a by phone 500 and b by none: 500. a by e-mail 950 × 0.5 − 1 = 474 and b by phone 150: 624.
    assert told(charged, phone) == [
        ["a", "tv", "email", 474.0],
        ["b", "tv", "phone", 150.0],
    ]


def test_nobody_is_moved_to_a_channel_that_does_not_pay() -> None:
    mail = limits(mail=1)
    channels = ranked(a={"mail": 1, "phone": 0.6}, b={"mail": 1, "phone": 0.6})
    charged = charge(offers(("a", "tv", 700.0), ("b", "tv", 690.0)), keep_useful(channels, mail))
    settled, offered = decided(charged, mail)  # 690 × 0.6 − 450 < 0
    assert offered == [["a", "tv", "mail", 625.0]]
    assert settled.reasons.to_numpy().tolist() == [["b", "over_capacity"]]


def test_a_small_budget_moves_customers_to_cheaper_channels() -> None:
    within = limits(budget=77)
    channels = ranked(a={"mail": 1, "email": 0.5}, b={"mail": 1, "email": 0.5})
    charged = charge(offers(("a", "tv", 500.0), ("b", "tv", 400.0)), keep_useful(channels, within))
    # 425 + 199 with the letter for a, 249 + 325 with it for b.
    assert told(charged, within) == [
        ["a", "tv", "mail", 425.0],
        ["b", "tv", "email", 199.0],
    ]


def test_an_offer_on_another_channel_is_no_runner_up_to_itself(engine: Engine) -> None:
    phone = limits(phone=0)
    channels = ranked(a={"phone": 1, "email": 0.5})
    charged = charge(offers(("a", "tv", 950.0), ("a", "tea", 900.0)), keep_useful(channels, phone))
    settled, offered = decided(charged, phone)
    assert offered == [["a", "tv", "email", 474.0]]
    others = list_runners_up(engine.table(standing(charged)), engine.table(settled.chosen))
    assert engine.arrow(others.select("category", "channel", "position")).to_pylist() == [
        {"category": "tea", "channel": "phone", "position": 2}
    ]
