"""What a text of the pages says in the language of the report.

Texts are composed in English. A catalogue, `catalogues/<file>.<language>.yaml`, has a message for
each: the English text with `{1}`, `{2}` for what is filled in, and its translation with the same
places in its own order. What fills a place is said in turn, so that a list, a channel or a sentence
inside a sentence is translated too. A text without a message is data, such as the name of a file or
of a product: of it only the numbers change. A dialect's file has the messages in which it differs.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import yaml

from pipeline.foundation.config import Language
from pipeline.foundation.display_names import DisplayNames
from pipeline.reports.language.marks import name_categories
from pipeline.reports.language.number_forms import write_numbers

FOLDER = Path(__file__).parent / "catalogues"
DIALECT_OF: Mapping[Language, Language] = {"pt-BR": "pt-PT"}
_AND: Mapping[Language, str] = {"en": "and", "es": "y", "pt-PT": "e", "pt-BR": "e"}
_LETTERS = re.compile(r"(?!to )[^\W\d_]{2}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"`[^`]*`")
_PLACE = re.compile(r"\{(\d)\}")
_PART = re.compile(r", (?![^(]*\))| and (?![^(]*\))")
_AND_MARK = re.compile(r"(?<=\)) and (?=\d)")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z\d])")
_COUNTED = re.compile(r"(.*[^\W\d_]{2}) ([\d,.]+%?)|([\d,.]+%?) (.*[^\W\d_]{2}.*)")


@dataclass(frozen=True)
class Message:
    """A text with places, and how to know a text that was made from it."""

    pattern: re.Pattern[str]
    translation: str
    literals: int
    """Characters that are not filled in: the more, the surer the message is the one meant."""
    longest: str
    """Of its literal parts; a text without it is not asked further."""


@dataclass(frozen=True)
class Words:
    """Says texts in one language; with nothing given, in English without a currency."""

    names: DisplayNames = field(default_factory=DisplayNames)
    currency: str | None = None
    unknown: list[str] | None = None
    """Where given, texts without a message are noted in it."""

    @property
    def language(self) -> Language:
        """Return the language, as HTML names it."""
        return self.names.language

    def __call__(self, text: str) -> str:
        """Return a text in the language; one without a message with its numbers alone changed."""
        found = self._translated(text) if _LETTERS.search(text) else text
        if found is None and self.unknown is not None:
            self.unknown.append(text)
        said = name_categories(found or text, self.names.category)
        return write_numbers(said, self.language, self.currency)

    @cached_property
    def _catalogue(self) -> Mapping[str, str]:
        return read_catalogue(self.language)

    @cached_property
    def _messages(self) -> Sequence[Message]:
        return sorted(
            (_compiled(text, said) for text, said in self._catalogue.items() if "{1}" in text),
            key=lambda one: -one.literals,
        )

    def _translated(self, text: str) -> str | None:
        """Return the translation of a text, its numbers still as composed; None without a message."""
        return (
            self._exact(text)
            or self._by_sentence(text, enough=all)
            or self._by_part(text)
            or self._by_pattern(text)
            or self._by_sentence(text, enough=any)
            or self._listed(text)
            or self._counted(text)
        )

    def _exact(self, text: str) -> str | None:
        """Return the translation of a text without places; one may begin with a small letter."""
        exact = self._catalogue.get(text)
        capital = self._catalogue.get(text[:1].upper() + text[1:])
        if exact is not None or capital is None:
            return exact
        return capital[:1].lower() + capital[1:]

    def _by_sentence(self, text: str, enough: Callable[[Iterable[str | None]], bool]) -> str | None:
        """Return a text of several sentences with each of them said, where enough are known."""
        parts = _SENTENCE_END.split(text)
        if len(parts) == 1:
            return None
        said = [self._translated(one) for one in parts]
        if not enough(said):
            return None
        return " ".join(one or part for one, part in zip(said, parts, strict=True))

    def _by_part(self, text: str) -> str | None:
        """Return two things joined by `and` with both of them said, where both have a pattern."""
        parts = _AND_MARK.split(text)
        if len(parts) != 2:
            return None
        first, second = (self._by_pattern(one) for one in parts)
        return None if first is None or second is None else f"{first} {self._and(second)} {second}"

    def _by_pattern(self, text: str) -> str | None:
        """Return the translation by the message of most literal characters that fits."""
        for message in self._messages:
            found = message.longest in text and message.pattern.fullmatch(text)
            if found:
                return _fill(message, [self._filled_in(one) for one in found.groups()])
        return None

    def _counted(self, text: str) -> str | None:
        """Return a name with its number before or behind it, where the name has a message."""
        found = _COUNTED.fullmatch(text)
        if found is None:
            return None
        name = found[1] or found[4]
        said = self._filled_in(name)
        return None if said == name else text.replace(name, said)

    def _filled_in(self, text: str) -> str:
        """Return what fills a place: a text of its own, several of them, or the code of a category."""
        parts = [self._translated(one) for one in text.split("; ")] if "; " in text else []
        if parts and all(parts):
            return "; ".join(filter(None, parts))
        found = self._translated(text)
        if found is not None:
            return found
        named = (self.names.categories or {}).get(self.language, {})
        return named.get(text) or named.get(text.replace(" ", "_")) or text

    def _listed(self, text: str) -> str | None:
        """Return a list with each of its parts said, where one of them has a message."""
        if not self._catalogue:
            return None
        if "; " in text:
            return "; ".join(self._filled_in(one) for one in text.split("; "))
        parts = _PART.split(text)
        if len(parts) == 1:
            return None
        said = [self._filled_in(one) for one in parts]
        unknown = [part for part, one in zip(parts, said, strict=True) if part == one]
        if any(len(_WORD.findall(_CODE.sub("", one))) > 2 for one in unknown):
            return None
        if len(unknown) == len(parts) and any(" " in one for one in parts):
            return None
        between = _PART.findall(text)
        joined = said[0]
        for mark, part in zip(between, said[1:], strict=True):
            joined += f" {self._and(part)} {part}" if "and" in mark else f", {part}"
        return joined

    def _and(self, following: str) -> str:
        """Return the word between the last two of a list; in Spanish it is `e` before an i."""
        if self.language == "es" and re.match(r"h?i(?![aeou])", following, re.IGNORECASE):
            return "e"
        return _AND[self.language]


@cache
def read_catalogue(language: Language) -> Mapping[str, str]:
    """Return English text -> translation; a dialect's is its language's where it has none."""
    spoken = DIALECT_OF.get(language)
    found = dict(read_catalogue(spoken)) if spoken else {}
    for path in sorted(FOLDER.glob(f"*.{language}.yaml")):
        found |= yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _fill(message: Message, filled: Sequence[str]) -> str:
    return _PLACE.sub(lambda one: filled[int(one.group(1)) - 1], message.translation)


def _compiled(text: str, translation: str) -> Message:
    parts = _PLACE.split(text)
    literals = parts[::2]
    longest = max(literals, key=len)
    pattern = "(.*?)".join(re.escape(one) for one in literals)
    return Message(re.compile(pattern, re.DOTALL), translation, sum(map(len, literals)), longest)
