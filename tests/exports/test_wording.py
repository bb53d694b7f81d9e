"""A feature's value is told in words that a marketer would use."""

import pytest

from pipeline.exports.wording import Wording, wording
from pipeline.features.declared_family import load_declarations
from pipeline.features.feature import Feature, Sentences, Unit
from pipeline.foundation.config import Language
from pipeline.foundation.display_names import DisplayNames


def told(name: str, description: str, unit: Unit, absence: str, valued: str) -> Feature:
    """Declare a feature with its English sentences."""
    sentences = Sentences(valued, "Has never been here")
    return Feature(name, description, unit, absence, reasons={"en": sentences})


WORDS = Wording(
    {
        "web__visits__30d": told(
            "visits__30d", "Visits", "count", "no visit is known", "Visited [once|{value} times]"
        ),
        "web__seen": told(
            "seen", "Categories seen", "count", "none", "Saw {value} [category|categories]"
        ),
        "web__days": told("days", "Days since", "days", "never", "Last here {time} ago"),
        "web__share": told("share", "Share", "share", "none", "{value} of visits for {category}"),
        "web__trend": told(
            "trend", "Trend", "ratio", "none", "[Less|Visits {difference} more than] usual"
        ),
        "web__spend": told("spend", "Spend", "money", "none", "Spent {value}"),
        "web__device": told("device", "Device", "text", "not known", "Prefers {value}"),
        "web__channel": told("channel", "Channel", "code", "not known", "Prefers the {value}"),
        "web__top": told("top", "Category", "category", "none", "{value} goes with {category}"),
    }
)


@pytest.mark.parametrize(
    ("feature", "value", "sentence"),
    [
        ("web__visits__30d", "3", "Visited 3 times"),
        ("web__visits__30d", "1", "Visited once"),
        ("web__seen", "1", "Saw 1 category"),
        ("web__days", "1", "Last here 1 day ago"),
        ("web__days", "59", "Last here 59 days ago"),
        ("web__days", "92", "Last here 3 months ago"),
        ("web__days", "1234", "Last here 3 years ago"),
        ("web__share", "0.347", "35% of visits for loan"),
        ("web__trend", "0.9", "Less usual"),
        ("web__trend", "1.8499", "Visits 85% more than usual"),
        ("web__channel", "call_centre", "Prefers the call centre"),
        ("web__top", "coffee_machines", "Coffee machines goes with loan"),
        ("web__spend", "1234.5", "Spent 1,234.50"),
        ("web__device", "mobile", "Prefers mobile"),
        ("web__days", None, "Has never been here"),
        ("other__last_seen__30d", "2", "Last seen, 30d: 2"),
    ],
)
def test_a_value_is_told_in_its_unit(feature: str, value: str | None, sentence: str) -> None:
    assert WORDS(feature, value, "loan") == sentence


@pytest.mark.parametrize(
    ("language", "value", "told"),
    [
        ("en", "5", "Bought coffee 5 times in the last 365 days"),
        ("en", "1", "Bought coffee once in the last 365 days"),
        ("es", "5", "Ha comprado coffee 5 veces en los últimos 365 días"),
        ("es", "1", "Ha comprado coffee una vez en los últimos 365 días"),
        ("pt-PT", "5", "Comprou coffee 5 vezes nos últimos 365 dias"),
        ("pt-BR", "1", "Comprou coffee uma vez nos últimos 365 dias"),
    ],
)
def test_a_reason_is_told_in_the_language_of_the_parameters(
    language: Language, value: str, told: str
) -> None:
    words = wording(load_declarations(["product_history"]), DisplayNames(language))
    assert words("product_history__category_acquisitions__365d", value, "coffee") == told


@pytest.mark.parametrize(
    ("language", "spend", "share"),
    [
        ("en", "Spent 1,234.50 in the last 30 days", "Buys at a discount of 35% on average"),
        (
            "es",
            "Ha gastado 1.234,50 en los últimos 30 días",
            "Compra con un 35 % de descuento de media",
        ),
        (
            "pt-PT",
            "Gastou 1.234,50 nos últimos 30 dias",
            "Compra com 35% de desconto em média",
        ),
    ],
)
def test_a_number_is_written_as_the_language_writes_it(
    language: Language, spend: str, share: str
) -> None:
    words = wording(load_declarations(["product_history"]), DisplayNames(language))
    assert words("product_history__spend__30d", "1234.5", "tv") == spend
    assert words("product_history__discount_share__365d", "0.347", "tv") == share


def test_a_category_is_told_by_its_display_name() -> None:
    names = DisplayNames("es", {"es": {"coffee_machines": "cafeteras"}})
    words = wording(load_declarations(["product_history"]), names)
    held = words("product_history__category_held_days", "1100", "coffee_machines")
    assert held == "Tiene cafeteras desde hace 3 años"
    assert words("product_history__category_held_days", "1100", "pet_food").startswith(
        "Tiene pet food"
    )
