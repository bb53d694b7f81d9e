"""A feature's value is told in words that a marketer would use."""

import pytest

from pipeline.exports.wording import Wording, wording
from pipeline.features.declared_family import family_names, load_declarations
from pipeline.features.feature import Feature, Sentences, Unit
from pipeline.foundation.config import Language


def told(name: str, description: str, unit: Unit, absence: str, valued: str) -> Feature:
    """Declare a feature with its English sentences."""
    sentences = Sentences(valued, f"{description}: {absence}")
    return Feature(name, description, unit, absence, reasons={"en": sentences})


WORDS = Wording(
    {
        "web__visits__30d": told(
            "visits__30d", "Visits", "count", "no visit is known", "Visited [once|{value} times]"
        ),
        "web__seen": told(
            "seen", "Categories seen", "count", "none", "Saw {value} [category|categories]"
        ),
        "web__days": told(
            "days", "Days since", "days", "never", "Last here {value} [day|days] ago"
        ),
        "web__share": told("share", "Share", "share", "none", "{value} of visits for {category}"),
        "web__trend": told("trend", "Trend", "ratio", "none", "At {value} times the usual pace"),
        "web__spend": told("spend", "Spend", "money", "none", "Spent {value}"),
        "web__device": told("device", "Device", "text", "not known", "Prefers {value}"),
    }
)


@pytest.mark.parametrize(
    ("feature", "value", "sentence"),
    [
        ("web__visits__30d", "3", "Visited 3 times"),
        ("web__visits__30d", "1", "Visited once"),
        ("web__seen", "1", "Saw 1 category"),
        ("web__days", "1", "Last here 1 day ago"),
        ("web__days", "1234", "Last here 1,234 days ago"),
        ("web__share", "0.347", "35% of visits for loan"),
        ("web__trend", "1", "At 1 times the usual pace"),
        ("web__trend", "1.8499", "At 1.8 times the usual pace"),
        ("web__spend", "1234.5", "Spent 1,234.50"),
        ("web__device", "mobile", "Prefers mobile"),
        ("web__days", None, "Days since: never"),
        ("other__last_seen__30d", "2", "other, last seen, 30d: 2"),
    ],
)
def test_a_value_is_told_in_its_unit(feature: str, value: str | None, sentence: str) -> None:
    assert WORDS(feature, value, "loan") == sentence


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_every_feature_of_every_family_can_be_told_with_and_without_a_value(
    language: Language,
) -> None:
    words = wording(load_declarations(family_names()), language)
    assert len(words.features) > 100
    for name in words.features:
        for value in ("1", None):
            told = words(name, value, "loan")
            assert told
            assert not set("{}[]|") & set(told)


@pytest.mark.parametrize(
    ("language", "value", "told"),
    [
        ("en", "5", "Bought coffee 5 times in the last 365 days"),
        ("en", "1", "Bought coffee once in the last 365 days"),
        ("es", "5", "Ha comprado coffee 5 veces en los últimos 365 días"),
        ("es", "1", "Ha comprado coffee una vez en los últimos 365 días"),
        ("es", None, "No constan compras ni bajas de coffee"),
        ("pt", "5", "Comprou coffee 5 vezes nos últimos 365 dias"),
        ("pt", "1", "Comprou coffee uma vez nos últimos 365 dias"),
        ("pt", None, "Não há registo de compras nem de cancelamentos de coffee"),
    ],
)
def test_a_reason_is_told_in_the_language_of_the_parameters(
    language: Language, value: str | None, told: str
) -> None:
    words = wording(load_declarations(["product_history"]), language)
    assert words("product_history__category_acquisitions__365d", value, "coffee") == told


@pytest.mark.parametrize(
    ("language", "spend", "share"),
    [
        ("en", "Spent 1,234.50 in the last 30 days", "Discounts make up 35% of the value bought"),
        (
            "es",
            "Ha gastado 1.234,50 en los últimos 30 días",
            "Los descuentos son el 35 % del valor de sus compras",
        ),
        (
            "pt",
            "Gastou 1.234,50 nos últimos 30 dias",
            "Os descontos são 35 % do valor das suas compras",
        ),
    ],
)
def test_a_number_is_written_as_the_language_writes_it(
    language: Language, spend: str, share: str
) -> None:
    words = wording(load_declarations(["product_history"]), language)
    assert words("product_history__spend__30d", "1234.5", "tv") == spend
    assert words("product_history__discount_share__365d", "0.347", "tv") == share
