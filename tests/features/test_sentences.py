"""Every feature can be told in every language, and the data dictionary tells all of them."""

import re
from pathlib import Path

import pytest

from pipeline.features import family
from pipeline.features.catalogue import Feature
from pipeline.features.dictionary import LANGUAGES, describe
from pipeline.features.sentences import TRANSLATIONS, entry_of, translate

FAMILIES = family.load(family.names())
FEATURES = [
    pytest.param(feature, id=one.column(feature)) for one in FAMILIES for feature in one.features
]
DICTIONARY = Path(__file__).parents[2] / "docs" / "data_dictionary.md"
CHOICE = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)\]")


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_says_the_same_in_every_language(feature: Feature) -> None:
    told = [feature.sentences(language) for language in LANGUAGES]
    assert len({each.valued for each in told}) == len(LANGUAGES) == 3
    assert len({each.empty for each in told}) == 3
    valued = [placeholders(each.valued) for each in told]
    assert valued == valued[:1] * 3
    assert valued[0] <= {"{value}", "{category}"}
    for each in told:
        assert placeholders(each.empty) <= {"{category}"}
        assert feature.grain == "candidate" or "{category}" not in each.valued + each.empty
    window = str(feature.window_days)
    assert len({f" {window} " in each.valued for each in told}) == 1


@pytest.mark.parametrize("feature", FEATURES)
def test_a_whole_number_of_something_has_a_singular(feature: Feature) -> None:
    for language in LANGUAGES:
        sentence = feature.sentences(language).valued
        without = CHOICE.sub("", sentence)
        assert not set("[]|") & set(without)
        assert feature.unit not in {"days", "years"} or CHOICE.search(sentence)


@pytest.mark.parametrize("language", sorted(TRANSLATIONS))
def test_no_translation_is_of_a_feature_that_is_gone(language: str) -> None:
    entries = {one.name: {entry_of(feature) for feature in one.features} for one in FAMILIES}
    translated = {name: set(told) for name, told in TRANSLATIONS[language].items()}  # type: ignore[index] # its own keys
    assert translated == entries


def test_a_feature_without_a_translation_is_told_in_english() -> None:
    loyalty = Feature("loyalty", "Loyalty", "score", "not known", "Loyalty: {value}")
    told = translate("socio_demographics", loyalty)
    assert told.sentences("es") == ("Loyalty: {value}", "Loyalty: not known")


def test_the_data_dictionary_is_up_to_date() -> None:
    expected = describe(FAMILIES)
    assert DICTIONARY.read_text(encoding="utf-8") == expected, (
        "docs/data_dictionary.md is not what the features declare; run `make dictionary`"
    )


def test_the_data_dictionary_tells_every_feature_in_every_language() -> None:
    text = describe(FAMILIES).replace(r"\|", "|")
    for one in FAMILIES:
        for feature in one.features:
            assert text.count(f"| `{one.column(feature)}` |") == 2
            for language in LANGUAGES:
                assert feature.sentences(language).valued in text
