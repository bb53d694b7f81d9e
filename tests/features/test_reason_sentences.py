"""Every feature can be told in every language, and the data dictionary tells all of them."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipeline.features import reason_sentences
from pipeline.features.data_dictionary import describe
from pipeline.features.declared_family import load_declarations
from pipeline.features.feature import Feature
from pipeline.features.reason_sentences import LANGUAGES
from pipeline.foundation import choices
from pipeline.foundation.errors import ConfigurationError

FAMILIES = load_declarations(choices.FAMILIES.names())
FEATURES = [
    pytest.param(feature, id=one.column(feature))
    for one in FAMILIES
    for feature in one.features
    if feature.is_told
]
DICTIONARY = Path(__file__).parents[2] / "docs" / "data_dictionary.md"
CHOICE = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)\]")


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_says_the_same_in_every_language(feature: Feature) -> None:
    told = [feature.sentences(language) for language in LANGUAGES]
    assert len({each.valued for each in told}) >= 2
    valued = [placeholders(each.valued) for each in told]
    assert valued == valued[:1] * 4
    assert valued[0] <= {"{value}", "{category}", "{time}", "{difference}"}
    for each in told:
        assert (each.empty is not None) == feature.as_reason.absent
        assert feature.grain == "candidate" or "{category}" not in each.valued
    window = str(feature.window_days)
    assert len({f" {window} " in f"{each.valued} " for each in told}) == 1


@pytest.mark.parametrize("feature", FEATURES)
def test_a_sentence_has_no_raw_score_in_it(feature: Feature) -> None:
    for language in LANGUAGES:
        sentence = feature.sentences(language).valued
        assert not set("[]|") & set(CHOICE.sub("", sentence))
        if feature.unit == "days":
            assert "{value}" not in sentence
        if feature.unit in ("score", "points", "ratio") and "{value}" in sentence:
            assert feature.name in ("last_score", "mean_score", "views_per_session__90d")


def test_an_attribute_of_the_parameters_is_told_by_its_name_in_every_language() -> None:
    (one,) = load_declarations(["socio_demographics"], {"loyalty": "number"})
    loyalty = one.features[-1]
    for language in LANGUAGES:
        assert loyalty.sentences(language) == ("Loyalty: {value}", None)


@pytest.fixture
def surveys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the folder of a family, in which its sentences are looked for."""
    shutil.copytree(reason_sentences.FOLDER / "surveys", tmp_path / "surveys")
    monkeypatch.setattr(reason_sentences, "FOLDER", tmp_path)
    reason_sentences.read_entries.cache_clear()
    yield tmp_path / "surveys"
    reason_sentences.read_entries.cache_clear()


def test_a_feature_without_its_sentences_is_named(surveys: Path) -> None:
    path = surveys / "reasons.pt-PT.yaml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    del entries["mean_score"]
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"reasons\.pt-PT\.yaml.*found nothing for mean_score"
    ):
        load_declarations(["surveys"])


def test_sentences_of_a_feature_that_is_gone_are_named(surveys: Path) -> None:
    with (surveys / "reasons.en.yaml").open("a", encoding="utf-8") as file:
        file.write("worst_score:\n  valued: Rated {value}\n")
    with pytest.raises(ConfigurationError, match=r"no such feature: worst_score"):
        load_declarations(["surveys"])


def test_a_dialect_says_only_what_it_says_differently(surveys: Path) -> None:
    (surveys / "reasons.pt-BR.yaml").write_text("mean_score:\n  valued: Nota {value}\n")
    (one,) = load_declarations(["surveys"])
    told = {each.name: each.sentences("pt-BR").valued for each in one.features if each.is_told}
    assert told["mean_score"] == "Nota {value}"
    assert told["answered_share"] == "Responde a {value} dos inquéritos"


def test_an_entry_of_another_shape_is_refused_by_its_name(surveys: Path) -> None:
    with (surveys / "reasons.es.yaml").open("a", encoding="utf-8") as file:
        file.write("worst_score:\n  value: Nota {value}\n")
    with pytest.raises(ConfigurationError, match=r"the texts `valued` .*found worst_score"):
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
            assert text.count(f"| `{one.column(feature)}` |") == 1 + feature.is_told
            for language in LANGUAGES if feature.is_told else ():
                assert feature.sentences(language).valued in text
