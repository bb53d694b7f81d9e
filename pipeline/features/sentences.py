"""The sentences of a feature in every language: English stands in the family, the others apart.

`languages/<code>.py` holds `SENTENCES` by family and feature; the windows of a measure share the
entry `<measure>__{days}d`. A customer attribute that the parameters declare has no entry: its
sentence is its name and its value.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from pipeline.features.catalogue import Feature, Sentences
from pipeline.features.languages import es, pt
from pipeline.foundation.config import Language

TRANSLATIONS: Mapping[Language, Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "es": es.SENTENCES,
    "pt": pt.SENTENCES,
}


def translate(family: str, feature: Feature) -> Feature:
    """Return a feature of a family with the translations that there are."""
    entry = entry_of(feature)
    days = str(feature.window_days)
    found: dict[Language, Sentences] = {
        language: Sentences(*(text.replace("{days}", days) for text in families[family][entry]))
        for language, families in TRANSLATIONS.items()
        if entry in families.get(family, {})
    }
    return replace(feature, translations=found)


def entry_of(feature: Feature) -> str:
    """Return the name under which a feature is translated."""
    return re.sub(r"__\d+d(_ago)?$", r"__{days}d\1", feature.name)
