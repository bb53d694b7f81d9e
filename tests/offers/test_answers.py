"""The answer to a question about one customer, in plain words."""

from datetime import date

from pipeline.offers.answers import answer, explain_reason
from pipeline.offers.contact_policy import OFFER_RULES, RULES


def test_the_answer_names_the_reason_in_plain_words() -> None:
    row = {
        "customer_id": "a",
        "wave": "w20260315",
        "model": None,
        "suppression_reason": "minimum_age",
    }
    assert answer("a", row, []) == (
        "a in wave w20260315 is not to be contacted (minimum_age): the contact policy has the rule "
        "to exclude whoever is known to be younger; an unknown birth date excludes nobody."
    )
    assert "no such customer was known" in answer("b", None, [])


OFFERED = {
    "customer_id": "a",
    "wave": "w20260315",
    "suppression_reason": None,
    "model": "up_sell",
    "category": "tv",
    "product_id": "tv2",
    "propensity": 0.0123,
    "value_cents": 123_456,
    "contact_cost_cents": 75,
    "effect": 0.002,
    "effect_low": -0.001,
    "effect_high": 0.0055,
    "is_explored": False,
    "channel": "email",
    "weekday": 2,
    "hour": 9,
    "valid_until": date(2026, 4, 11),
}


def test_the_answer_for_an_offer_tells_it_whole() -> None:
    row = OFFERED
    assert answer("a", row, [row | {"position": 2, "product_id": "tv3"}]).splitlines() == [
        "a in wave w20260315 is to be contacted.",
        (
            "Offer: tv2 of tv (up_sell), taken up by 1.23% of such customers, worth 1,234.56 then, less "
            "0.75 for the contact; by email, Tuesday at 09:00; valid until 2026-04-11."
        ),
        (
            "The contact changes that by 0.20 percentage points (-0.10 to 0.55), which adds 1.72 net of "
            "its cost."
        ),
        "Runner-up 2: tv3 of tv (up_sell), taken up by 1.23% of such customers, worth 1,234.56 then.",
    ]
    drawn = answer("a", row | {"is_explored": True}, [])
    assert "to be contacted, drawn at random to learn what contacts cause." in drawn


def test_a_letter_is_posted_on_a_day_at_no_hour() -> None:
    told = answer("a", OFFERED | {"channel": "mail", "hour": None}, [])
    assert "contact; by mail, on Tuesday; valid until" in told


def test_an_offer_of_nobody_whose_habits_are_known_has_no_moment() -> None:
    told = answer("a", OFFERED | {"weekday": None, "hour": None}, [])
    assert "contact; by email; valid until" in told


def test_every_rule_has_words() -> None:
    assert all(" rule to " in explain_reason(name) for name in {**RULES, **OFFER_RULES})
