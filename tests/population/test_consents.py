"""Consent as of a day: the last word that was known, whoever had it."""

import pytest

from pipeline.foundation.engines import Engine
from pipeline.population.consents import recorded_consents, standing_consents, unsubscriptions
from tests.ledger import Rows, rows_of, seen

DAY = "2026-03-01"
PRODUCTS: Rows = [{"product_id": "tv1", "category": "tv", "tier": 1}]
GIVEN = ("email", True, "2026-01-01")


def consents(*changes: tuple[str, bool, str]) -> Rows:
    """Return the ledger of c1 from channel, granted, changed_at."""
    return [
        {"customer_id": "c1", "channel": channel, "granted": granted, "changed_at": at}
        for channel, granted, at in changes
    ]


def unsubscribed(channel: str, at: str | None, known_at: str | None = None) -> Rows:
    """Return a message to c1 of 10 January, which was unsubscribed from."""
    message = {"message_id": "m1", "customer_id": "c1", "campaign_id": "k", "channel": channel}
    moments = {"sent_at": "2026-01-10", "unsubscribed_at": at, "known_at": known_at}
    return [message | moments]


def standing(engine: Engine, **rows: Rows) -> list[str]:
    """Return the channels on which c1 consents."""
    found = standing_consents(seen(engine, [DAY], products=PRODUCTS, **rows))
    assert found is not None
    return [str(row["channel"]) for row in rows_of(engine, found)]


@pytest.mark.parametrize(
    ("changes", "channels"),
    [
        ((GIVEN,), ["email"]),
        ((GIVEN, ("email", False, "2026-02-01")), []),
        ((("email", False, "2026-01-01"), ("email", True, "2026-02-28 23:59:59")), ["email"]),
        ((("email", False, "2026-01-01"), ("email", True, "2026-03-01")), []),
        ((GIVEN, ("sms", False, "2026-02-01")), ["email"]),
    ],
)
def test_the_last_change_before_the_as_of_date_holds(
    engine: Engine, changes: tuple[tuple[str, bool, str], ...], channels: list[str]
) -> None:
    assert standing(engine, consents=consents(*changes)) == channels


@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_of_two_changes_at_one_moment_the_refusal_holds(
    engine: Engine, order: tuple[bool, bool]
) -> None:
    both = consents(*(("email", granted, "2026-01-01") for granted in order))
    assert standing(engine, consents=both) == []


@pytest.mark.parametrize(
    ("changes", "left", "channels"),
    [
        ((GIVEN,), unsubscribed("email", "2026-02-01"), []),
        ((GIVEN,), unsubscribed("sms", "2026-02-01"), ["email"]),
        ((GIVEN,), unsubscribed("email", "2026-03-01"), ["email"]),
        ((GIVEN,), unsubscribed("email", None), ["email"]),
        ((GIVEN, ("email", True, "2026-02-02")), unsubscribed("email", "2026-02-01"), ["email"]),
        ((GIVEN, ("email", True, "2026-02-01")), unsubscribed("email", "2026-02-01"), []),
    ],
)
def test_an_unsubscription_takes_consent_back_until_it_is_given_anew(
    engine: Engine, changes: tuple[tuple[str, bool, str], ...], left: Rows, channels: list[str]
) -> None:
    assert standing(engine, consents=consents(*changes), messages=left) == channels


def test_an_unsubscription_that_nobody_knew_of_yet_takes_nothing_back(engine: Engine) -> None:
    late = unsubscribed("email", "2026-02-01", known_at="2026-03-02")
    assert standing(engine, consents=consents(GIVEN), messages=late) == ["email"]


def test_without_a_ledger_of_consents_nobody_consents_but_may_have_unsubscribed(
    engine: Engine,
) -> None:
    past = seen(engine, [DAY], products=PRODUCTS, messages=unsubscribed("sms", "2026-02-01"))
    assert standing_consents(past) is None
    assert rows_of(engine, unsubscriptions(past)) == [{"customer_id": "c1", "channel": "sms"}]


def test_the_record_says_when_it_last_changed(engine: Engine) -> None:
    ledger = consents(GIVEN, ("email", False, "2026-02-01"))
    (row,) = rows_of(engine, recorded_consents(seen(engine, [DAY], consents=ledger)))
    assert (row["granted"], str(row["changed_at"])) == (False, "2026-02-01 00:00:00")


@pytest.mark.parametrize("name", ["Email", "E-Mail", "e-mail ", "EMAIL", "e_mail"])
def test_a_channel_is_told_by_the_letters_of_its_name(engine: Engine, name: str) -> None:
    assert standing(engine, consents=consents((name, True, "2026-01-01"))) == ["email"]
    ledger = consents(GIVEN, (name, False, "2026-02-01"))
    assert standing(engine, consents=ledger) == []


TWO_IDS: Rows = [
    {"customer_id": "c1", "email": "Ana@x.example ", "phone": "+34 600 000 001"},
    {"customer_id": "c2", "email": "ana@x.example", "phone": "0034 600000001"},
    {"customer_id": "c3", "email": "other@x.example"},
]


@pytest.mark.parametrize(
    ("channel", "refused", "may"),
    [
        ("email", "2026-02-01", {"c3"}),
        ("sms", "2026-02-01", {"c3"}),
        ("email", "2025-12-01", {"c1", "c3"}),  # c1 gave consent after it
        ("push", "2026-02-01", {"c1", "c3"}),  # no address, so each for themselves
    ],
)
def test_the_newest_refusal_on_an_address_holds_for_the_address(
    engine: Engine, channel: str, refused: str, may: set[str]
) -> None:
    given = [
        {"customer_id": one, "channel": channel, "granted": True, "changed_at": "2026-01-01"}
        for one in ("c1", "c3")
    ]
    no = {"customer_id": "c2", "channel": channel, "granted": False, "changed_at": refused}
    past = seen(engine, [DAY], customers=TWO_IDS, products=PRODUCTS, consents=[*given, no])
    found = standing_consents(past)
    assert found is not None
    assert {row["customer_id"] for row in rows_of(engine, found)} == may


def test_an_unsubscription_holds_for_the_address(engine: Engine) -> None:
    past = seen(
        engine,
        [DAY],
        customers=TWO_IDS,
        products=PRODUCTS,
        messages=unsubscribed("email", "2026-02-01"),
    )
    found = rows_of(engine, unsubscriptions(past))
    assert [row["customer_id"] for row in found] == ["c1", "c2"]
