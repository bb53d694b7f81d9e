"""One list explains the words, on the page and in the documents."""

from pipeline.reports.glossary import (
    CAMPAIGN,
    GLOSSARY,
    MODELS,
    Term,
    explained_on,
    glossary_markdown,
)


def test_each_term_is_explained_once() -> None:
    names = [term.name.lower() for term in GLOSSARY]
    assert len(set(names)) == len(names)
    assert all(term.meaning.endswith(".") for term in GLOSSARY)


def test_each_page_explains_what_it_says_and_leaves_the_rest_to_the_document() -> None:
    shown = dict(explained_on(MODELS))
    assert "Lift" in shown
    assert "Nuisance model" not in shown
    assert "Incremental profit" in dict(explained_on(CAMPAIGN))
    assert "Lift" not in dict(explained_on(CAMPAIGN))
    assert set(shown) < {term.name for term in GLOSSARY}


def test_the_document_lists_the_terms_by_the_alphabet() -> None:
    terms = (Term("Uplift", "With less without."), Term("AUC", "Order."))
    assert glossary_markdown(terms) == (
        "# Glossary\n\n**AUC**: Order.\n\n**Uplift**: With less without.\n"
    )
