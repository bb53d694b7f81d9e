"""The sentences of a family's features: `families/<family>/reasons.<language>.yaml`, read once.

Each file has an entry for each feature, `valued` and `empty`; the windows of a measure share the
entry `<measure>__{days}d`. In English `empty` is left out: the description says it, and what the
absence means. A customer attribute that the parameters declare has no entry: its sentence is its
name and its value.
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
FOLDER = Path(__file__).parent / "families"
Entries = Mapping[str, Mapping[str, str]]


def add_sentences(family: str, features: Sequence[Feature]) -> tuple[Feature, ...]:
    """Return a family's features with their sentences in every language.

    Raises:
        ConfigurationError: a feature has no sentences, or sentences have no feature.
    """
    entries = {entry_of(feature) for feature in features}
    for language in LANGUAGES:
        told = read_entries(family, language).keys()
        if told != entries:
            missing, gone = sorted(entries - told), sorted(told - entries)
            raise ConfigurationError(
                f"an entry for each feature of {family} in {_file(family, language)}",
                "; ".join(
                    f"{what} {', '.join(names)}"
                    for what, names in (("nothing for", missing), ("no such feature:", gone))
                    if names
                ),
                "Bring it in line with declare.py beside it.",
            )
    return tuple(
        replace(feature, reasons={one: _sentences(family, feature, one) for one in LANGUAGES})
        for feature in features
    )


def name_attribute(feature: Feature) -> Feature:
    """Return a feature that the parameters declare, told by its name and its value."""
    valued = f"{feature.name.replace('_', ' ').capitalize()}: {{value}}"
    return replace(feature, reasons={"en": Sentences(valued, absence_of(feature))})


def entry_of(feature: Feature) -> str:
    """Return the name under which a feature's sentences stand."""
    return re.sub(r"__\d+d(_ago)?$", r"__{days}d\1", feature.name)


def absence_of(feature: Feature) -> str:
    """Return what an empty value says in English."""
    return f"{feature.description}: {feature.absence}"


@cache
def read_entries(family: str, language: Language) -> Entries:
    """Return entry -> `valued`, and `empty` in all languages but English.

    Raises:
        ConfigurationError: the file is not there, or has anything else.
    """
    path = _file(family, language)
    expected = {"valued"} if language == "en" else {"valued", "empty"}
    shape = f"in {path} for each feature the texts {' and '.join(sorted(expected))}"
    if not path.is_file():
        raise ConfigurationError(shape, "no such file", "Write it, as `surveys` has it.")
    found: Entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, texts in found.items():
        if not isinstance(texts, dict) or texts.keys() != expected:
            raise ConfigurationError(shape, f"{name}: {texts}", "Correct the file.")
    return found


def _sentences(family: str, feature: Feature, language: Language) -> Sentences:
    entry = read_entries(family, language)[entry_of(feature)]
    days = str(feature.window_days)
    valued = entry["valued"].replace("{days}", days)
    if language == "en":
        return Sentences(valued, absence_of(feature))
    return Sentences(valued, entry["empty"].replace("{days}", days))


def _file(family: str, language: Language) -> Path:
    return FOLDER / family / f"reasons.{language}.yaml"
