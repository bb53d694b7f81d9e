"""The pages say everything in one language; the catalogues are complete."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import yaml

from pipeline.foundation import config
from pipeline.foundation.config import Language
from pipeline.foundation.display_names import DisplayNames
from pipeline.reports.charts.canvas import drawn_in
from pipeline.reports.charts.count_charts import draw_counts
from pipeline.reports.language.marks import category
from pipeline.reports.language.words import FOLDER, Words, read_catalogue
from pipeline.reports.page.composition import compose_campaign, compose_models
from pipeline.reports.page.rendering import render_campaign, render_models
from tests.reports.inputs import page_inputs
from tests.reports.language.texts import (
    texts_of_code,
    texts_of_documents,
    texts_of_features,
    texts_of_glossary,
    texts_of_templates,
)

OTHERS: tuple[Language, ...] = ("es", "pt-PT", "pt-BR")
NAMES = config.load().products.category_names
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|was|were|what|which|who|whom|by|in|than|customers|model|rows)\b"
)
# What stands in a place decides whether such a sentence is known: one of its forms stands for all.
FORMS = {
    "The challenger {1} {2}: log loss {3} (below {4} with confidence {5}; must be below 0), average "
    "precision {6} (at most {7} with that confidence; must reach 0).": ("beats", "rfm"),
    "lies outside {1} and differs from 1 {2}": ("2", "with confidence 0.95"),
    "{1} A response that is a tenth higher would take {2} customers, so a result of nothing will not "
    "mean that there is nothing: several waves together, or a larger control group, show more.": (
        "A.",
    ),
    "{1} That is enough to show a response that is a tenth higher.": ("A.",),
    "{1}, {2} {3}, compared with {4}.": ("The model ranks well", "and"),
    "{1} to {2}": ("1", "2"),
    "{1}: to know the effect {2} {3}; {4}.": (
        "w1",
        "to within 1.21 in 100 (a quarter of what is expected anyway)",
        "takes 18.0% of the offered as controls",
        "for each channel, one wave cannot: several waves together can",
    ),
}


def say(language: Language, currency: str | None = None) -> Words:
    return Words(DisplayNames(language, NAMES), currency)


def formed(text: str) -> str:
    """Return a text with something in each of its places."""
    given = FORMS.get(text, ())
    return re.sub(
        r"\{(\d)\}",
        lambda one: given[int(one[1]) - 1] if int(one[1]) <= len(given) else f"X{one[1]}",
        text,
    )


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_that_the_pages_use_has_its_translation(language: Language) -> None:
    unknown: list[str] = []
    words = replace(say(language), unknown=unknown)
    for text in texts_of_code() | texts_of_templates() | texts_of_glossary() | texts_of_features():
        words(formed(text))
    assert unknown == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_linked_documents_has_its_translation(language: Language) -> None:
    unknown: list[str] = []
    words = replace(say(language), unknown=unknown)
    for text in texts_of_documents():
        words(formed(text))
    assert unknown == []


@pytest.mark.parametrize("text", FORMS)
def test_what_fills_a_place_is_said_too(text: str) -> None:
    assert not ENGLISH.findall(say("es")(formed(text)))


def test_a_new_text_without_translation_is_noticed() -> None:
    unknown: list[str] = []
    replace(say("es"), unknown=unknown)("A sentence that nobody has translated.")
    assert unknown == ["A sentence that nobody has translated."]


def files() -> list[str]:
    return sorted(path.name.split(".")[0] for path in FOLDER.glob("*.es.yaml"))


@pytest.mark.parametrize("file", files())
def test_every_catalogue_has_the_same_messages_and_a_dialect_only_what_differs(file: str) -> None:
    spanish, portuguese, brazilian = (
        yaml.safe_load((FOLDER / f"{file}.{language}.yaml").read_text(encoding="utf-8"))
        for language in OTHERS
    )
    assert spanish.keys() == portuguese.keys() >= brazilian.keys()
    assert not {text for text, said in brazilian.items() if said == portuguese[text]}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_text(language: Language) -> None:
    def places(text: str) -> list[str]:
        return sorted(re.findall(r"\{\d\}|<[a-z]+>", text))

    differing = [t for t, said in read_catalogue(language).items() if places(t) != places(said)]
    assert differing == []


class Texts(HTMLParser):
    """Collects what a page says: texts, descriptions of drawings and labels."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"style", "script", "code"}
        self.found += [text for name, text in attrs if name in {"alt", "aria-label"} and text]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"style", "script", "code"}

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.found.append(data.strip())


def pages(language: Language) -> Iterator[str]:
    words = say(language, "EUR")
    with drawn_in(words):
        campaign, models = compose_campaign(page_inputs()), compose_models(page_inputs())
    yield render_campaign(campaign, words)
    yield render_models(models, words)


def test_no_sentence_of_a_page_in_spanish_is_left_in_english() -> None:
    left = []
    for page in pages("es"):
        assert '<html lang="es">' in page
        parsed = Texts()
        parsed.feed(page)
        left += [text for text in parsed.found if len(ENGLISH.findall(text)) > 1]
    assert left == []


def test_numbers_amounts_and_ranges_are_written_as_in_the_language() -> None:
    text = "48.4% among 9,674: ¤−1,635 to ¤7,532, 0.785 on 2025-12-15"
    assert say("en", "EUR")(text) == "48.4% among 9,674: −€1,635 to €7,532, 0.785 on 2025-12-15"
    spanish = "48,4\xa0% among 9.674: −1.635\xa0€ a 7.532\xa0€, 0,785 on 2025-12-15"
    assert say("es", "EUR")(text) == spanish
    brazilian = "48,4% among 9.674: −R$\xa01.635 a R$\xa07.532, 0,785 on 2025-12-15"
    assert say("pt-BR", "BRL")(text) == brazilian
    assert say("en")("¤2,980") == "2,980"
    assert say("en", "CHF")("¤2,980") == "CHF\xa02,980"


def test_a_list_is_said_part_by_part() -> None:
    assert say("es")("contacted 9,674 and campaign control 1,075") == (
        "contactados 9.674 y control de campaña 1.075"
    )
    assert say("es")("Without context and lever, no offer would change.") == (
        "Sin contexto y palanca no cambiaría ninguna oferta."
    )


def test_a_category_is_called_by_its_name_also_inside_a_sentence() -> None:
    assert say("en")(category("tv")) == "TV"
    assert say("es")(category("coffee_machines")) == "Cafeteras"
    assert say("pt-BR")(f"1.2: {category('pet_food')}") == "1,2: ração para pets"
    assert say("es")(
        "P00000064 of coffee_machines (cross_sell), taken up by 3.63% of such "
        "customers, worth 164.13 then"
    ) == (
        "P00000064 de cafeteras (venta cruzada), que acepta el 3,63\xa0% de los clientes así, con un "
        "valor de 164,13 en ese caso"
    )


def test_data_stay_as_they_are() -> None:
    for text in ("reports/index.html", "Rovo pet food Basic (P00000077)", "w20251215-up_sell"):
        assert say("es")(text) == text


def test_a_drawing_is_labelled_in_the_language() -> None:
    with drawn_in(say("pt-PT")):
        drawn = draw_counts({"First purchase": 1200, "Loyal": 3400}, "stages")
    assert "Primeira compra" in drawn
    assert "3.400" in drawn
    assert "Clientes" in drawn
    assert "Clientes" not in draw_counts({"Loyal": 1}, "stages")
