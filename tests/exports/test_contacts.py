"""Contact details leave the house only with consent, written as each target wants them."""

import hashlib

import pyarrow as pa
import pytest

from pipeline.exports.contacts import contact_details, normalised
from pipeline.exports.profile import FileColumn, Normaliser

CUSTOMERS = pa.table(
    {
        "customer_id": ["c1"],
        "email": ["a@b.example"],
        "phone": ["+34600000001"],
        "country": pa.array([None], pa.string()),
    }
)


def details(*channels: str) -> dict[str, object]:
    """Return the contact details of c1, who consents to these channels."""
    consenting = pa.table(
        {
            "customer_id": pa.array(["c1"] * len(channels), pa.string()),
            "channel": pa.array(channels, pa.string()),
        }
    )
    (row,) = contact_details(CUSTOMERS, consenting).to_pylist()
    return dict(row)


@pytest.mark.parametrize(
    ("channel", "email", "phone"),
    [
        ("email", "a@b.example", None),
        ("sms", None, "+34600000001"),
        ("phone", None, "+34600000001"),
        ("mail", None, None),
    ],
)
def test_each_detail_needs_the_consent_of_its_own_channel(
    channel: str, email: str | None, phone: str | None
) -> None:
    row = details(channel)
    assert (row["email"], row["phone"]) == (email, phone)


def test_who_may_be_called_may_not_be_sent_a_text_message_for_that_reason() -> None:
    row = details("phone")
    assert (row["call_phone"], row["sms_phone"]) == ("+34600000001", None)


def test_without_consent_nothing_is_handed_over() -> None:
    row = details()
    assert (row["email"], row["phone"]) == (None, None)


def written(
    text: str | None, how: Normaliser, *, is_hashed: bool = False, country_code: str | None = None
) -> object:
    column = FileColumn("v", "v", "text", "A detail.", normalise=how, is_hashed=is_hashed)
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
    assert written("+44 7400 900000", "phone", country_code="34") == "+447400900000"
    assert written("07400 900000", "phone", country_code="44") == "+447400900000"
    assert written("+44 (0)20 7946 0958", "phone", country_code="44") == "+442079460958"
    assert written("06 1234 5678", "phone", country_code="39") == "+390612345678"


def test_a_customers_own_country_goes_before_the_parameter_plain_and_hashed() -> None:
    given, own = pa.chunked_array([["0471/12.34.56"]]), pa.chunked_array([["BE"]])
    forms: dict[Normaliser, str] = {"phone": "+32471123456", "phone_digits": "32471123456"}
    for how, plain in forms.items():
        for is_hashed in (False, True):
            column = FileColumn("v", "v", "text", "A detail.", normalise=how, is_hashed=is_hashed)
            expected = hashlib.sha256(plain.encode()).hexdigest() if is_hashed else plain
            assert normalised(given, column, "34", own)[0].as_py() == expected


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


@pytest.mark.parametrize("how", ["phone", "phone_digits", "email", "email_without_gmail_dots"])
def test_a_detail_does_not_depend_on_how_many_rows_are_written_at_once(
    how: Normaliser, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = FileColumn("v", "v", "text", "A detail.", normalise=how, is_hashed=True)
    texts = pa.chunked_array([["600000001", "A.b@Gmail.com"], [None, "0471 12 34 56", "600000001"]])
    countries = pa.chunked_array([["ES", None, "BE"], ["BE", "BE"]])
    whole = normalised(texts, column, "34", countries).to_pylist()
    monkeypatch.setattr("pipeline.exports.contacts._ROWS_AT_ONCE", 2)
    assert normalised(texts, column, "34", countries).to_pylist() == whole
    assert sum(one is None for one in whole) == (3 if "phone" in how else 1)
