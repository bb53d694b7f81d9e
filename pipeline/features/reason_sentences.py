"""The sentences of a family's features: `families/<family>/reasons.<language>.yaml`, read once.

Each file has an entry for each feature that may be a reason: `valued`, and `empty` where an empty
value may be one. The windows of a measure share the entry `<measure>__{days}d`. A dialect's file
has the entries in which it differs from its language. A customer attribute that the parameters
declare has no entry: its sentence is its name and its value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import yaml

from pipeline.features.feature import Feature, Sentences
from pipeline.foundation.config import Language
from pipeline.foundation.errors import ConfigurationError

LANGUAGES: tuple[Language, ...] = get_args(Language)
DIALECT_OF: Mapping[Language, Language] = {"pt-BR": "pt-PT"}
FOLDER = Path(__file__).parent / "families"
Entries = Mapping[str, Mapping[str, str]]


def add_sentences(family: str, features: Sequence[Feature]) -> tuple[Feature, ...]:
    """Return a family's features with their sentences in every language.

    Raises:
        ConfigurationError: a feature has no sentences, or sentences have no feature.
    """
    expected = {entry_of(one): _texts_of(one) for one in features if one.is_told}
    for language in LANGUAGES:
        found = {name: set(texts) for name, texts in read_entries(family, language).items()}
        if found != expected:
            raise ConfigurationError(
                f"an entry for each feature of {family} that may be a reason in "
                f"{_file(family, language)}, with an `empty` where an empty value may be one",
                _differences(expected, found),
                "Bring it in line with declare.py beside it.",
            )
    return tuple(
        replace(one, reasons={each: _sentences(family, one, each) for each in LANGUAGES})
        if one.is_told
        else one
        for one in features
    )


def _texts_of(feature: Feature) -> set[str]:
    return {"valued", "empty"} if feature.as_reason.absent else {"valued"}


def _differences(expected: Mapping[str, set[str]], found: Mapping[str, set[str]]) -> str:
    lists = (
        ("nothing for", expected.keys() - found.keys()),
        ("no such feature:", found.keys() - expected.keys()),
        ("other texts:", {n for n in expected.keys() & found.keys() if expected[n] != found[n]}),
    )
    return "; ".join(f"{what} {', '.join(sorted(names))}" for what, names in lists if names)


def name_attribute(feature: Feature) -> Feature:
    """Return a feature that the parameters declare, told by its name and its value."""
    valued = f"{feature.name.replace('_', ' ').capitalize()}: {{value}}"
    return replace(feature, reasons={"en": Sentences(valued)})


def entry_of(feature: Feature) -> str:
    """Return the name under which a feature's sentences stand."""
    return re.sub(r"__\d+d(_ago)?$", r"__{days}d\1", feature.name)


@cache
def read_entries(family: str, language: Language) -> Entries:
    """Return entry -> its texts; those of a dialect are its language's where it has none.

    Raises:
        ConfigurationError: the file is not there, or has anything else.
    """
    path = _file(family, language)
    spoken = DIALECT_OF.get(language)
    of_language = {} if spoken is None else read_entries(family, spoken)
    if spoken is not None and not path.is_file():
        return of_language
    shape = f"in {path} for each feature the texts `valued` and, where it may be told, `empty`"
    if not path.is_file():
        raise ConfigurationError(shape, "no such file", "Write it, as `surveys` has it.")
    found: Entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, texts in found.items():
        if not isinstance(texts, dict) or not {"valued"} <= texts.keys() <= {"valued", "empty"}:
            raise ConfigurationError(shape, f"{name}: {texts}", "Correct the file.")
    return {**of_language, **found}


def _sentences(family: str, feature: Feature, language: Language) -> Sentences:
    entry = read_entries(family, language)[entry_of(feature)]
    days = str(feature.window_days)
    return Sentences(entry["valued"].replace("{days}", days), entry.get("empty"))


def _file(family: str, language: Language) -> Path:
    return FOLDER / family / f"reasons.{language}.yaml"
