"""Contact details leave the house only with consent, written as each target wants them."""

import hashlib
from datetime import date, datetime

import pyarrow as pa
import pytest

from pipeline.exports.contacts import contact_details, normalised
from pipeline.exports.profile import Column, Normaliser

DAY = date(2026, 3, 1)
CUSTOMERS = pa.table({"customer_id": ["c1"], "email": ["a@b.example"], "phone": ["+34600000001"]})


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def consents(*changes: tuple[str, bool, str]) -> pa.Table:
    """Return the ledger of c1 from channel, granted, changed_at."""
    return pa.table(
        {
            "customer_id": ["c1"] * len(changes),
            "channel": [channel for channel, _, _ in changes],
            "granted": [granted for _, granted, _ in changes],
            "changed_at": pa.array([moment(at) for _, _, at in changes], pa.timestamp("us")),
        }
    )


def unsubscribed(channel: str, at: str | None) -> pa.Table:
    moments = pa.array([None if at is None else moment(at)], pa.timestamp("us"))
    return pa.table({"customer_id": ["c1"], "channel": [channel], "unsubscribed_at": moments})


def details(ledger: pa.Table | None, messages: pa.Table | None = None) -> tuple[object, object]:
    (row,) = contact_details(CUSTOMERS, ledger, messages, DAY).to_pylist()
    return row["email"], row["phone"]


def test_each_detail_needs_the_consent_of_its_own_channel() -> None:
    assert details(consents(("email", True, "2026-01-01"))) == ("a@b.example", None)
    assert details(consents(("sms", True, "2026-01-01"))) == (None, "+34600000001")
    assert details(consents(("phone", True, "2026-01-01"))) == (None, "+34600000001")
    assert details(consents(("mail", True, "2026-01-01"))) == (None, None)


def test_who_may_be_called_may_not_be_sent_a_text_message_for_that_reason() -> None:
    (row,) = contact_details(
        CUSTOMERS, consents(("phone", True, "2026-01-01")), None, DAY
    ).to_pylist()
    assert (row["call_phone"], row["sms_phone"]) == ("+34600000001", None)


def test_without_a_ledger_of_consents_nothing_is_handed_over() -> None:
    assert details(None) == (None, None)


def test_the_last_change_before_the_day_of_looking_holds() -> None:
    back = consents(("email", True, "2026-01-01"), ("email", False, "2026-02-01"))
    assert details(back)[0] is None
    again = consents(("email", False, "2026-01-01"), ("email", True, "2026-02-28T23:59:59"))
    assert details(again)[0] == "a@b.example"
    later = consents(("email", False, "2026-01-01"), ("email", True, "2026-03-01"))
    assert details(later)[0] is None


def test_of_two_changes_at_one_moment_the_refusal_holds() -> None:
    both = consents(("email", True, "2026-01-01"), ("email", False, "2026-01-01"))
    assert details(both)[0] is None


def test_an_unsubscription_takes_consent_back_until_it_is_given_anew() -> None:
    given = consents(("email", True, "2026-01-01"))
    assert details(given, unsubscribed("email", "2026-02-01"))[0] is None
    assert details(given, unsubscribed("sms", "2026-02-01"))[0] == "a@b.example"
    assert details(given, unsubscribed("email", "2026-03-01"))[0] == "a@b.example"
    assert details(given, unsubscribed("email", None))[0] == "a@b.example"
    anew = consents(("email", True, "2026-01-01"), ("email", True, "2026-02-02"))
    assert details(anew, unsubscribed("email", "2026-02-01"))[0] == "a@b.example"


def written(
    text: str | None, how: Normaliser, *, is_hashed: bool = False, country_code: str | None = None
) -> object:
    column = Column("v", "v", "text", "A detail.", normalise=how, is_hashed=is_hashed)
    return normalised(pa.chunked_array([pa.array([text])]), column, country_code)[0].as_py()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("+34 600 000 001", "+34600000001"),
        ("+1 (212) 555-0100", "+12125550100"),
        ("0034 600.000.001", "+34600000001"),
        ("600 000 001", None),
        ("+34", None),
        ("+0 600 000 001", None),
        ("+1234567890123456", None),
        (None, None),
    ],
)
def test_a_phone_is_written_with_plus_and_country_code(given: str | None, expected: object) -> None:
    assert written(given, "phone") == expected


def test_a_country_code_stands_in_where_a_phone_brings_none() -> None:
    assert written("600 000 001", "phone", country_code="34") == "+34600000001"
    assert written("+44 7700 900000", "phone", country_code="34") == "+447700900000"
    assert written("07700 900000", "phone", country_code="44") == "+447700900000"
    assert written("06 1234 5678", "phone", country_code="39") == "+390612345678"


def test_google_and_meta_hash_the_same_phone_differently() -> None:
    google = written("+34 600 000 001", "phone", is_hashed=True)
    meta = written("+34 600 000 001", "phone_digits", is_hashed=True)
    assert google == hashlib.sha256(b"+34600000001").hexdigest()
    assert meta == hashlib.sha256(b"34600000001").hexdigest()


def test_only_google_s_form_drops_the_dots_of_gmail() -> None:
    assert written(" An.A+x@Gmail.com ", "email_without_gmail_dots") == "ana+x@gmail.com"
    assert written("an.a@googlemail.com", "email_without_gmail_dots") == "ana@googlemail.com"
    assert written("an.a@shop.example", "email_without_gmail_dots") == "an.a@shop.example"
    assert written("an.a@notgmail.com", "email_without_gmail_dots") == "an.a@notgmail.com"
    assert written(" An.A@Gmail.com ", "email") == "an.a@gmail.com"
    hashed = written("An.A@gmail.com", "email", is_hashed=True)
    assert hashed == hashlib.sha256(b"an.a@gmail.com").hexdigest()
