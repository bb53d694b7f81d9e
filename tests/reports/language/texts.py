"""Every text that the pages may show, found in the code that composes it, as the catalogues key it."""

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from jinja2 import Environment, nodes

from pipeline.features.declared_family import load_declarations
from pipeline.foundation import config
from pipeline.reports.glossary import CAMPAIGN, MODELS, explained_on

PIPELINE = Path("pipeline")
TEMPLATES = PIPELINE / "reports/page/templates"
SPOKEN = (
    "reports/page",
    "reports/charts",
    "reports/names.py",
    "reports/figure_columns.py",
    "reports/group_differences.py",
    "evaluation/calibration_cells.py",
    "promotion/cell_comparison.py",
    "promotion/checks.py",
    "promotion/gate.py",
    "promotion/grade.py",
    "promotion/verdict.py",
    "promotion/backtest_benchmark.py",
    "offers/answers.py",
    "offers/wave_claim.py",
    "offers/policy_application.py",
    "campaigns/claims.py",
    "campaigns/conclusion.py",
    "campaigns/effect_ranking.py",
    "campaigns/measurement.py",
    "campaigns/recorded_orders.py",
    "campaigns/sample_ratio.py",
    "campaigns/wave_outcomes.py",
    "campaigns/wave_policies.py",
)
"""What composes sentences that the pages show, there or from a report that another stage wrote."""

DOCUMENTS = (
    "reports/card",
    "recommendations/associations/association_page.py",
    "campaigns/measurement_page.py",
)
"""What writes the Markdown that the pages link to."""

NO_TEXT = {"CellRows", "Date", "Creator", "lower right", "SHA-256", "'DejaVu Sans'"} | {
    r'<span class="date">\g<0></span>',
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
}
"""What looks like words and is none: keys and settings of drawings."""


def texts_of_code() -> set[str]:
    """Return every sentence of the modules that compose them, with `{1}`, `{2}` for what is filled in."""
    return _texts_of(SPOKEN)


def texts_of_documents() -> set[str]:
    """Return every heading, sentence and label of the linked documents, without Markdown's marks."""
    lines = (line for text in _texts_of(DOCUMENTS) for line in text.splitlines())
    stripped = (re.sub(r"^(#+|-) ", "", line).strip() for line in lines)
    return {text for text in stripped if not re.fullmatch(r"(\{\d\}|\W)*", text)}


def _texts_of(places: Iterable[str]) -> set[str]:
    files = [
        file
        for one in places
        for file in ([PIPELINE / one] if one.endswith(".py") else (PIPELINE / one).rglob("*.py"))
        if file.name != "documents.py"  # shows what others wrote, in their language
    ]
    return {text for file in files for text in _texts(ast.parse(file.read_text(encoding="utf-8")))}


def texts_of_templates() -> set[str]:
    """Return what the templates say, joined texts with places."""
    found = set()
    for file in TEMPLATES.glob("*.html"):
        tree = Environment(autoescape=True).parse(file.read_text(encoding="utf-8"))
        for one in tree.find_all(nodes.Filter):
            if one.name in {"say", "told"} and isinstance(one.node, nodes.Const | nodes.Concat):
                parts = one.node.nodes if isinstance(one.node, nodes.Concat) else [one.node]
                found |= set(
                    sentences(
                        _placed(p.value if isinstance(p, nodes.Const) else None for p in parts)
                    )
                )
    return found


def texts_of_glossary() -> set[str]:
    """Return the terms of both pages and their meanings."""
    return {
        sentence
        for page in (CAMPAIGN, MODELS)
        for pair in explained_on(page)
        for text in pair
        for sentence in sentences(text)
    }


def texts_of_features() -> set[str]:
    """Return what every feature measures, as the dictionary says it."""
    params = config.load()
    families = load_declarations(params.features.families, None)
    return {one.description for family in families for one in family.features}


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, their places counted anew; not what has no words of its own."""
    for part in re.split(r"(?<=[.?!])(?:\s+|(?=\{))", text):
        place = count(1)
        one = re.sub(r"\{\d\}", lambda _: f"{{{next(place)}}}", part.strip())  # noqa: B023 - used at once
        if _is_said(one) and one not in NO_TEXT:
            yield one


def _texts(tree: ast.Module) -> Iterator[str]:
    silent = {id(part) for one in ast.walk(tree) for part in _silent_parts(one)}
    for one in ast.walk(tree):
        if id(one) in silent:
            continue
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            text = one.value
        elif isinstance(one, ast.JoinedStr):
            text = _placed(
                str(p.value) if isinstance(p, ast.Constant) else None for p in one.values
            )
        else:
            continue
        yield from sentences(text)


def _silent_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is no text of its own: documentation, parts of a formatted text, errors, names."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield from (part for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.FormattedValue) and node.format_spec:
        yield from ast.walk(node.format_spec)
    if isinstance(node, ast.Raise):
        yield from ast.walk(node)


def _placed(parts: Iterator[str | None]) -> str:
    place = count(1)
    return "".join(f"{{{next(place)}}}" if part is None else part for part in parts)


def _is_said(text: str) -> bool:
    """Say whether a text has words: a code, a key and a style have none."""
    bare = re.sub(r"\{\d\}", "", text)
    words = re.findall(r"[^\W\d_]{2,}", bare)
    is_filled = re.search(r"[a-z]{2,} \{|\} [a-z]{2,}", text) is not None
    return bool(words) and (" " in bare.strip() or text[:1].isupper() or is_filled)
