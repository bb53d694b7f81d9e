"""A channel is chosen for what it is expected to bring, net of what it costs."""

from collections.abc import Mapping

import pandas as pd
import pytest

from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.offers.channels import (
    ChannelResponses,
    learn_responses,
    rank_channels,
    response_index,
)

COSTS = {"email": 1, "mail": 80, "sms": 6}


def offers(propensity: float = 0.1, value_cents: int = 10_000) -> pd.DataFrame:
    return pd.DataFrame(
        {"customer_id": ["c1"], "propensity": [propensity], "value_cents": [value_cents]}
    )


def permitted(*channels: str, customer: str = "c1") -> pd.DataFrame:
    return pd.DataFrame({"customer_id": customer, "channel": list(channels)})


def ledger(*told: tuple[str, str, int, int]) -> pd.DataFrame:
    """Return customer, channel, how many were sent, how many answered."""
    return pd.DataFrame(told, columns=["customer_id", "channel", "sent", "answered"])


def learn(messages: pd.DataFrame) -> ChannelResponses:
    kinds = ["channel", "sent", "answered"]
    return learn_responses(messages.groupby(kinds).size().reset_index(name="customers"))


def told(pairs: pd.DataFrame, messages: pd.DataFrame) -> pd.DataFrame:
    """Return pairs with how many messages were sent before, and answered."""
    return pairs.merge(messages, on=["customer_id", "channel"], how="left")


def rank(
    offered: pd.DataFrame,
    allowed: pd.DataFrame,
    messages: pd.DataFrame,
    costs: Mapping[str, int] = COSTS,
) -> pd.DataFrame:
    return rank_channels(offered, told(allowed, messages), learn(messages), costs)


def index(pairs: pd.DataFrame, messages: pd.DataFrame) -> pd.Series:
    return response_index(told(pairs, messages), learn(messages))


def chosen(*channels: str, messages: pd.DataFrame, **offer: float) -> str:
    found = rank(offers(**offer), permitted(*channels), messages)  # type: ignore[arg-type]  # propensity or value_cents
    return str(found["channel"].iloc[0])


WORLD = ledger(*((f"w{n}", "email", 100, 2) for n in range(10)), ("w", "mail", 1000, 60))


def test_the_dearer_channel_is_chosen_only_where_its_response_pays_for_it() -> None:
    assert chosen("email", "mail", messages=WORLD, value_cents=10_000) == "mail"
    assert chosen("email", "mail", messages=WORLD, value_cents=400) == "email"


def test_only_permitted_channels_are_chosen_and_without_one_there_is_no_row() -> None:
    assert chosen("email", messages=WORLD) == "email"
    assert rank(offers(), permitted("mail", customer="c2"), WORLD).empty


def test_the_cost_of_the_chosen_channel_is_told() -> None:
    found = rank(offers(), permitted("mail"), WORLD)
    assert found.to_dict("records") == [
        {"customer_id": "c1", "channel": "mail", "contact_cost_cents": 80, "response": 1.0}
    ]


def test_without_any_answer_on_record_the_cheapest_channel_is_chosen() -> None:
    assert chosen("mail", "sms", messages=ledger()) == "sms"
    assert chosen("mail", "sms", messages=ledger(("w", "mail", 9, 0))) == "sms"


def test_equal_channels_are_chosen_in_the_order_of_the_alphabet() -> None:
    costs = {"sms": 5, "push": 5}
    found = rank(offers(), permitted("sms", "push"), ledger(), costs)
    assert found["channel"].tolist() == ["push", "sms"]


def test_every_permitted_channel_is_ranked_with_its_response_beside_the_best_one() -> None:
    found = rank(offers(), permitted("sms", "email", "mail"), WORLD)
    assert found["channel"].tolist() == ["mail", "email", "sms"]
    # (20 + 4) answers of 1100 e-mails against (60 + 4) of 1100 letters
    assert found["response"].tolist() == pytest.approx([1, 24 / 64, 24 / 64])


def test_a_channel_that_was_never_tried_is_expected_to_do_as_the_weakest_one() -> None:
    found = index(permitted("email", "mail", "sms"), WORLD)
    # 80 answers to 2000 messages; email (20 + 100 × 0.04) / 1100, mail (60 + 4) / 1100
    assert found.tolist() == pytest.approx([24 / 44, 64 / 44, 24 / 44])


def test_a_customer_s_own_answers_count_where_customers_differ() -> None:
    differ = ledger(
        *((f"a{n}", "email", 10, 10) for n in range(20)),
        *((f"b{n}", "email", 10, 0) for n in range(20)),
    )
    pairs = pd.DataFrame({"customer_id": ["a1", "b1", "new"], "channel": "email"})
    keen, cold, new = index(pairs, differ)
    assert keen == pytest.approx(2, abs=0.01)
    assert cold == pytest.approx(0, abs=0.01)
    assert new == pytest.approx(1)


def test_a_customer_s_own_answers_hardly_count_where_customers_are_alike() -> None:
    alike = ledger(*((f"a{n}", "email", 10, 2) for n in range(50)), ("c1", "email", 10, 4))
    pairs = pd.DataFrame({"customer_id": ["c1"], "channel": ["email"]})
    # The world weighs 999 messages; rate 104 of 510 is both the channel's and the average.
    rate = 104 / 510
    assert index(pairs, alike).item() == pytest.approx((4 + 999 * rate) / 1009 / rate)


def test_the_order_of_the_rows_does_not_matter() -> None:
    people = [f"c{n}" for n in range(30)]
    given = pd.DataFrame({"customer_id": people, "propensity": 0.05, "value_cents": 3000})
    allowed = pd.concat([permitted("email", "mail", "sms", customer=who) for who in people])
    once = rank(given, allowed, WORLD)
    again = rank(given[::-1], allowed[::-1], WORLD[::-1])
    pd.testing.assert_frame_equal(once, again)


def test_a_channel_without_a_cost_and_a_customer_offered_twice_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="found none for web"):
        rank(offers(), permitted("web"), WORLD)
    with pytest.raises(DataError, match="each customer once among the offers"):
        rank(pd.concat([offers(), offers()]), permitted("email"), WORLD)
