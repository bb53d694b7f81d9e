"""What a contact adds decides: worked out by hand for a few candidates and channels."""

import pandas as pd
import pytest

from pipeline.offers.allocation import Limits
from pipeline.offers.customer_contacts import CONTACTS, Terms, WeighByEffect
from pipeline.offers.incremental_options import CONTACT_KEYS, number_options, weigh_contacts
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


def on_channels(rows: pd.DataFrame, permitted: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return candidates on their permitted channels with their effects, sorted by their keys."""
    pairs = rows.merge(permitted, on="customer_id", how="left")
    pairs = pairs.merge(known, on=[*CONTACT_KEYS], how="left")
    return pairs.sort_values(["customer_id", "model", "category", "channel"], ignore_index=True)


def weigh_rows(
    rows: pd.DataFrame,
    permitted: pd.DataFrame = PERMITTED,
    known: pd.DataFrame = DOCSTRING,
    confidence: float = 0.5,
) -> pd.DataFrame:
    return weigh_contacts(on_channels(rows, permitted, known), COSTS, confidence=confidence)


def weigh(confidence: float = 0.5) -> pd.DataFrame:
    return weigh_rows(offered(("a", "tv", 6000)), confidence=confidence)


def options_of(weighed: pd.DataFrame, limits: Limits = NO_LIMITS) -> pd.DataFrame:
    """Return the options in their order."""
    numbered = weighed.assign(option=number_options(weighed, limits, candidates_each=4))
    return numbered.dropna(subset="option").sort_values(["customer_id", "option"])


def by_channel(weighed: pd.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(weighed["channel"], weighed[column], strict=True))


def test_priority_is_effect_times_value_less_the_contact_cost() -> None:
    assert by_channel(weigh(), "priority_cents") == pytest.approx(
        {"email": 23.0, "mail": 15.0, "phone": -210.0}
    )


def test_context_and_lever_multiply_what_the_effect_brings() -> None:
    rows = offered(("a", "tv", 6000)).assign(context=0.5, lever=3.0)
    weighed = weigh_rows(rows)
    assert by_channel(weighed, "priority_cents")["mail"] == pytest.approx(0.015 * 9000 - 75)


def test_what_is_not_certain_enough_does_not_stand() -> None:
    priorities = by_channel(weigh(confidence=0.8), "priority_cents")
    assert priorities["email"] == pytest.approx(23.0)  # 0.004 − 0.84 × 0.002 still pays
    assert priorities["mail"] == 0.0  # 0.015 − 0.84 × 0.004 does not


def test_the_channel_that_adds_most_net_of_its_cost_goes_first() -> None:
    options = options_of(weigh())
    assert options[["category", "channel"]].to_numpy().tolist() == [["tv", "email"]]


def test_a_limited_channel_keeps_the_next_one_as_a_fallback() -> None:
    limits = Limits(models={}, categories={}, channels={"email": 1}, budget_cents=None)
    options = options_of(weigh(), limits)
    assert options["channel"].tolist() == ["email", "mail"]


def test_the_candidate_that_a_contact_changes_most_goes_before_the_likelier_one() -> None:
    rows = offered(("a", "tea", 6000), ("a", "tv", 6000)).assign(propensity=[0.9, 0.1])
    known = effects(("a", "tea", "email", 0.001, 0.0), ("a", "tv", "email", 0.004, 0.0))
    permitted = PERMITTED[PERMITTED["channel"] == "email"]
    weighed = weigh_rows(rows, permitted, known)
    options = options_of(weighed)
    assert options["category"].tolist() == ["tv", "tea"]


def test_a_sleeping_dog_is_left_alone() -> None:
    known = effects(("a", "tv", "email", -0.002, 0.001))
    permitted = PERMITTED[PERMITTED["channel"] == "email"]
    rows = offered(("a", "tv", 6000))
    weighed = weigh_rows(rows, permitted, known)
    assert weighed["priority_cents"].tolist() == pytest.approx([-13.0])


def test_whoever_permits_no_channel_stays_in_the_list_without_one() -> None:
    rows = offered(("a", "tv", 6000), ("b", "tea", 300), ("b", "tv", 6000))
    weigh_whole = WeighByEffect(Terms(COSTS, 0.5, NO_LIMITS, candidates_each=4))
    contacts = weigh_whole(on_channels(rows, PERMITTED, DOCSTRING))
    assert list(contacts.columns) == CONTACTS.names
    options = contacts.dropna(subset="option").sort_values(["customer_id", "option"])
    assert options["customer_id"].tolist() == ["a", "b"]
    assert options["channel"].isna().tolist() == [False, True]
    assert options["priority_cents"].tolist() == pytest.approx([23.0, 0.0])


def test_options_are_numbered_by_candidate_and_only_those_of_the_best_ones() -> None:
    rows = offered(("a", "tea", 9000), ("a", "tv", 6000), ("b", "tv", 6000))
    known = effects(
        ("a", "tea", "email", 0.001, 0.0),
        ("a", "tea", "mail", 0.002, 0.0),
        ("a", "tv", "email", 0.004, 0.0),
        ("a", "tv", "mail", 0.015, 0.0),
        ("b", "tv", "email", 0.004, 0.0),
    )
    permitted = pd.DataFrame(
        {"customer_id": ["a", "a", "b"], "channel": ["email", "mail", "email"]}
    )
    # a: tea 8 by e-mail and −57 by letter, tv 23 and 15; b: tv 23.
    weighed = weigh_rows(rows, permitted, known)
    both = Limits(models={}, categories={}, channels={"email": 1, "mail": 1}, budget_cents=None)
    numbers = number_options(weighed, both, candidates_each=2)
    assert numbers.tolist() == [2, 3, 0, 1, 0]
    assert number_options(weighed, both, candidates_each=1).isna().tolist() == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_contact_may_be_explored_if_it_could_pay_at_all() -> None:
    # One in ten takes an offer of 60.00 anyway: a contact that caused all of it could cost 6.00.
    assert by_channel(weigh(), "is_explorable") == {"email": True, "mail": True, "phone": True}
    rows = offered(("a", "tv", 4000))
    weighed = weigh_rows(rows)
    assert by_channel(weighed, "is_explorable") == {"email": True, "mail": True, "phone": False}
