"""From the parts to HTML pages that need no network and no other file."""

import base64
import re
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.reports.language.words import Words
from pipeline.reports.page.documents import DocumentPage
from pipeline.reports.page.parts import CampaignPage, ModelsPage

_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_CODE = re.compile(r"`([^`]+)`")


def render_campaign(page: CampaignPage, say: Words | None = None) -> str:
    """Return the page of the campaign, in English where no words are given; equal parts give equal bytes."""
    return _render("campaign.html", page, say or Words())


def render_models(page: ModelsPage, say: Words | None = None) -> str:
    """Return the page of the models, in English where no words are given; equal parts give equal bytes."""
    return _render("models.html", page, say or Words())


def render_document(page: DocumentPage, say: Words | None = None) -> str:
    """Return the page of a linked document, in English where no words are given."""
    return _render("document.html", page, say or Words())


def _render(template: str, page: CampaignPage | ModelsPage | DocumentPage, say: Words) -> str:
    def say_each(texts: Mapping[str, str]) -> dict[str, str]:
        return {name: say(text) for name, text in texts.items()}

    def told(text: str) -> Markup:
        return _mark_up(say(text))

    environment = Environment(
        loader=PackageLoader("pipeline.reports.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"data_uri": _data_uri, "say": say, "say_each": say_each, "told": told}
    css, script = (environment.get_template(one).render() for one in ("page.css", "planner.js"))
    return environment.get_template(template).render(
        page=page, css=css, script=script, language=say.language, currency=say.currency
    )


def _mark_up(text: str) -> Markup:
    """Return a text as HTML in which a date is not broken and what stands in backticks is code."""
    whole = _DATE.sub(r'<span class="date">\g<0></span>', str(escape(text)))
    return Markup(_CODE.sub(r"<code>\1</code>", whole))  # noqa: S704 - escaped above


def _data_uri(svg: str) -> str:
    """Return a drawing as an image's address, which keeps the ids of several drawings apart."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
