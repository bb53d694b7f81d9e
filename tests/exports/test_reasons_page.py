"""Every sentence of every feature stands in docs/reasons as it reads, and none has a code in it."""

from pathlib import Path

import pytest

from pipeline.exports.reasons_page import page_of, reasons_page, values_of
from pipeline.features.declared_family import load_declarations
from pipeline.features.feature import Feature
from pipeline.features.reason_range import LESS_THAN_USUAL, RISING
from pipeline.features.reason_sentences import LANGUAGES
from pipeline.foundation import choices, config
from pipeline.foundation.config import Language
from pipeline.foundation.display_names import DisplayNames

ROOT = Path(__file__).parents[2]
FAMILIES = load_declarations(choices.FAMILIES.names())
NAMES = config.load(ROOT / "params.yaml").products.category_names


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_language_is_up_to_date(language: Language) -> None:
    text = page_of(ROOT / "docs" / "reasons", language).read_text(encoding="utf-8")
    assert text == reasons_page(FAMILIES, DisplayNames(language, NAMES)), "run `make reasons`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_a_code_or_a_gap_in_it(language: Language) -> None:
    page = reasons_page(FAMILIES, DisplayNames(language, NAMES))
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) > 100
    for row in rows:
        sentences = [cell.strip() for cell in row.split("|")[2:-1]]
        assert not set("_{}[]`") & set("".join(sentences))
        assert all(one[:1].isupper() or one[:1].isdigit() for one in sentences if one)


def test_the_values_shown_are_such_as_may_be_told() -> None:
    rising = Feature("trend", "Trend", "ratio", "none", as_reason=RISING)
    cheaper = Feature("step", "Step", "ratio", "none", as_reason=LESS_THAN_USUAL)
    assert values_of(rising) == ["1.1", "1.2", "3"]
    assert values_of(cheaper) == ["0.5", "0.7", "0.9"]
