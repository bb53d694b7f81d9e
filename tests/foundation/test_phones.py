"""A phone is written in E.164 or not at all: never as another person's number."""

import pyarrow as pa
import pytest

from pipeline.foundation.contracts.phones import region_of, to_e164


def read(text: str | None, country: str | None = None, default: str | None = None) -> object:
    return to_e164(pa.array([text]), pa.array([country], pa.string()), default)[0].as_py()


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("+44 (0)20 7946 0958", "44", "+442079460958"),
        ("0044 (0)20 7946 0958", "44", "+442079460958"),
        ("0044 (0)20 7946 0958", "US", "+442079460958"),  # dials out with 011, yet people write 00
        ("1-202-555-0143", "1", "+12025550143"),
        ("34612345678", "34", "+34612345678"),
        ("612345678", "34", "+34612345678"),
        ("612345678.0", "34", "+34612345678"),
        ("8 912 345-67-89", "7", "+79123456789"),
        ("0471/12.34.56", "BE", "+32471123456"),
        ("06 1234 5678", "IT", "+390612345678"),  # the zero belongs to an Italian number
        ("(020) 7946 0958", "GB", "+442079460958"),
        ("+34 600 000 001", None, "+34600000001"),
        ("+34 600 000 001", "GB", "+34600000001"),
    ],
)
def test_a_number_is_read_by_the_plan_of_its_country(
    text: str, country: str | None, expected: str
) -> None:
    assert read(text, country) == expected
    assert read(text, None, country) == expected


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("no tiene", "34"),
        ("612345678 ext. 12", "34"),
        ("612 345 678 / 612 345 679", "34"),
        ("030 1234 / 030 5678", "DE"),  # together they would be a number of a lawful length
        ("0471 12 34 56; 02 123 45 67", "BE"),
        ("34612345678", None),
        ("612345678", "Spain"),
        ("447400123456", "34"),
        ("6.12E8", "34"),
        ("000000000", "34"),
        ("+1234567890123456", "34"),
        (None, "34"),
    ],
)
def test_what_is_no_number_or_not_surely_one_is_left_empty(
    text: str | None, country: str | None
) -> None:
    assert read(text, country) is None


def test_a_customers_own_country_goes_before_the_parameter() -> None:
    assert read("0471 12 34 56", "BE", "ES") == "+32471123456"
    assert read("0471 12 34 56", None, "ES") is None
    assert read("612345678", "Atlantis", "ES") is None


def test_a_country_is_given_by_its_letters_or_its_calling_code() -> None:
    assert [region_of(one) for one in ("be", "32", "+32", "Belgium", "999", None)] == [
        "BE",
        "BE",
        "BE",
        None,
        None,
        None,
    ]


def test_every_row_is_written_whatever_its_neighbours() -> None:
    texts = pa.array(["612345678", None, "0471 12 34 56", "612345678"])
    countries = pa.array(["ES", "ES", "BE", None])
    assert to_e164(texts, countries, None).to_pylist() == [
        "+34612345678",
        None,
        "+32471123456",
        None,
    ]
