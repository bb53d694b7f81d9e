"""Every feature can be told in every language, and the data dictionary tells all of them."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipeline.features import reason_sentences
from pipeline.features.data_dictionary import describe
from pipeline.features.declared_family import family_names, load_declarations
from pipeline.features.feature import Feature
from pipeline.features.reason_sentences import LANGUAGES
from pipeline.foundation.errors import ConfigurationError

FAMILIES = load_declarations(family_names())
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


def test_an_attribute_of_the_parameters_is_told_by_its_name_in_every_language() -> None:
    (one,) = load_declarations(["socio_demographics"], {"loyalty": "number"})
    loyalty = one.features[-1]
    for language in LANGUAGES:
        assert loyalty.sentences(language) == (
            "Loyalty: {value}",
            "The customer's loyalty: not known",
        )


@pytest.fixture
def surveys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the folder of a family, in which its sentences are looked for."""
    shutil.copytree(reason_sentences.FOLDER / "surveys", tmp_path / "surveys")
    monkeypatch.setattr(reason_sentences, "FOLDER", tmp_path)
    reason_sentences.read_entries.cache_clear()
    yield tmp_path / "surveys"
    reason_sentences.read_entries.cache_clear()


def test_a_feature_without_its_sentences_is_named(surveys: Path) -> None:
    path = surveys / "reasons.pt.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    del entries["mean_score"]
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"reasons\.pt\.yaml; found nothing for mean_score"
    ):
        load_declarations(["surveys"])


def test_sentences_of_a_feature_that_is_gone_are_named(surveys: Path) -> None:
    with (surveys / "reasons.en.yaml").open("a", encoding="utf-8") as file:
        file.write("worst_score:\n  valued: Rated {value}\n")
    with pytest.raises(ConfigurationError, match=r"no such feature: worst_score"):
        load_declarations(["surveys"])


def test_an_entry_of_another_shape_is_refused_by_its_name(surveys: Path) -> None:
    with (surveys / "reasons.es.yaml").open("a", encoding="utf-8") as file:
        file.write("worst_score:\n  valued: Nota {value}\n")
    with pytest.raises(ConfigurationError, match=r"texts empty and valued; found worst_score"):
        load_declarations(["surveys"])


def test_a_language_without_a_file_says_which_to_write(surveys: Path) -> None:
    (surveys / "reasons.es.yaml").unlink()
    with pytest.raises(ConfigurationError, match=r"reasons\.es\.yaml .*found no such file"):
        load_declarations(["surveys"])


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
