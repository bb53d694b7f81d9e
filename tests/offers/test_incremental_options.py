"""What a contact adds decides: worked out by hand for a few candidates and channels."""

import pandas as pd
import pytest

from pipeline.foundation.errors import DataError
from pipeline.offers.allocation import Limits
from pipeline.offers.incremental_options import list_incremental_options, weigh_contacts
from tests.offers.options import candidates

NO_LIMITS = Limits(models={}, categories={}, channels={}, budget_cents=None)
COSTS = {"email": 1, "mail": 75, "phone": 450}
PERMITTED = pd.DataFrame({"customer_id": ["a"] * 3, "channel": ["phone", "email", "mail"]})


def offered(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Return customer, category and what it brings in cents; one in ten takes it anyway."""
    frame = candidates(*[(customer, category, 0.0) for customer, category, _ in rows])
    return frame.assign(value_cents=[row[2] for row in rows], propensity=0.1)


def effects(*rows: tuple[str, str, str, float, float]) -> pd.DataFrame:
    """Return customer, category, channel, effect and its error."""
    columns = ["customer_id", "category", "channel", "effect", "effect_error"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(
        model="cross_sell",
        effect_low=frame["effect"] - 1.64 * frame["effect_error"],
        effect_high=frame["effect"] + 1.64 * frame["effect_error"],
        effect_origin="observational",
    )


DOCSTRING = effects(
    ("a", "tv", "email", 0.004, 0.002),
    ("a", "tv", "mail", 0.015, 0.004),
    ("a", "tv", "phone", 0.040, 0.010),
)


def weigh(confidence: float = 0.5, permitted: pd.DataFrame = PERMITTED) -> pd.DataFrame:
    rows = offered(("a", "tv", 6000))
    return weigh_contacts(rows, permitted, DOCSTRING, COSTS, confidence=confidence)


def by_channel(weighed: pd.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(weighed["channel"], weighed[column], strict=True))


def test_priority_is_effect_times_value_less_the_contact_cost() -> None:
    assert by_channel(weigh(), "priority_cents") == pytest.approx(
        {"email": 23.0, "mail": 15.0, "phone": -210.0}
    )


def test_context_and_lever_multiply_what_the_effect_brings() -> None:
    rows = offered(("a", "tv", 6000)).assign(context=0.5, lever=3.0)
    weighed = weigh_contacts(rows, PERMITTED, DOCSTRING, COSTS, confidence=0.5)
    assert by_channel(weighed, "priority_cents")["mail"] == pytest.approx(0.015 * 9000 - 75)


def test_what_is_not_certain_enough_does_not_stand() -> None:
    priorities = by_channel(weigh(confidence=0.8), "priority_cents")
    assert priorities["email"] == pytest.approx(23.0)  # 0.004 − 0.84 × 0.002 still pays
    assert priorities["mail"] == 0.0  # 0.015 − 0.84 × 0.004 does not


def test_the_channel_that_adds_most_net_of_its_cost_goes_first() -> None:
    rows = offered(("a", "tv", 6000))
    options = list_incremental_options(weigh(), rows, NO_LIMITS, candidates_each=4)
    assert options[["category", "channel"]].to_numpy().tolist() == [["tv", "email"]]


def test_a_limited_channel_keeps_the_next_one_as_a_fallback() -> None:
    rows = offered(("a", "tv", 6000))
    limits = Limits(models={}, categories={}, channels={"email": 1}, budget_cents=None)
    options = list_incremental_options(weigh(), rows, limits, candidates_each=4)
    assert options["channel"].tolist() == ["email", "mail"]


def test_the_candidate_that_a_contact_changes_most_goes_before_the_likelier_one() -> None:
    rows = offered(("a", "tea", 6000), ("a", "tv", 6000)).assign(propensity=[0.9, 0.1])
    known = effects(("a", "tea", "email", 0.001, 0.0), ("a", "tv", "email", 0.004, 0.0))
    permitted = PERMITTED[PERMITTED["channel"] == "email"]
    weighed = weigh_contacts(rows, permitted, known, COSTS, confidence=0.5)
    options = list_incremental_options(weighed, rows, NO_LIMITS, candidates_each=4)
    assert options["category"].tolist() == ["tv", "tea"]


def test_a_sleeping_dog_is_left_alone() -> None:
    known = effects(("a", "tv", "email", -0.002, 0.001))
    permitted = PERMITTED[PERMITTED["channel"] == "email"]
    rows = offered(("a", "tv", 6000))
    weighed = weigh_contacts(rows, permitted, known, COSTS, confidence=0.5)
    assert weighed["priority_cents"].tolist() == pytest.approx([-13.0])


def test_whoever_permits_no_channel_stays_in_the_list_without_one() -> None:
    rows = offered(("a", "tv", 6000), ("b", "tea", 300), ("b", "tv", 6000))
    weighed = weigh_contacts(rows, PERMITTED, DOCSTRING, COSTS, confidence=0.5)
    options = list_incremental_options(weighed, rows, NO_LIMITS, candidates_each=4)
    assert options["customer_id"].tolist() == ["a", "b"]
    assert options["channel"].isna().tolist() == [False, True]
    assert options["priority_cents"].tolist() == pytest.approx([23.0, 0.0])


def test_a_contact_may_be_explored_if_it_could_pay_at_all() -> None:
    # One in ten takes an offer of 60.00 anyway: a contact that caused all of it could cost 6.00.
    assert by_channel(weigh(), "is_explorable") == {"email": True, "mail": True, "phone": True}
    rows = offered(("a", "tv", 4000))
    weighed = weigh_contacts(rows, PERMITTED, DOCSTRING, COSTS, confidence=0.5)
    assert by_channel(weighed, "is_explorable") == {"email": True, "mail": True, "phone": False}


def test_a_permitted_contact_without_an_effect_is_refused() -> None:
    rows = offered(("a", "tv", 6000))
    with pytest.raises(DataError, match=r"none for 1 candidates and channels"):
        weigh_contacts(rows, PERMITTED, DOCSTRING.iloc[:2], COSTS, confidence=0.5)
