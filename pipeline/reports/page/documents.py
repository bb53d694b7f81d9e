"""Markdown documents as pages of the report's look: model cards, associations, the measurement."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt

_TABLE = '<div class="scroll" role="region" aria-label="Table" tabindex="0">\n<table>'
_ADDRESS = re.compile(r"^[a-z]+:|^#|^/")


@dataclass(frozen=True)
class LinkedDocument:
    """A Markdown document that a page links to."""

    path: str
    """Where the Markdown lies, seen from the folder of the reports."""
    text: str

    @property
    def title(self) -> str:
        """Return the first heading."""
        found = re.search(r"^# (.+)$", self.text, re.MULTILINE)
        return found[1] if found else self.path

    @property
    def page(self) -> str:
        """Return where its page lies, seen from the folder of the reports."""
        return page_of(self.path)


@dataclass(frozen=True)
class DocumentPage:
    """One document as HTML, with the ways back."""

    title: str
    body: str
    """Trusted HTML: what is typed in the document as HTML is shown as text."""
    links: Mapping[str, str]
    """What → where, seen from the page."""


def page_of(path: str) -> str:
    """Return where the page of a document lies: `associations/README.md` is `pages/associations.html`."""
    folder, _, file = path.rpartition("/")
    name = file.removesuffix(".md")
    return f"pages/{(folder if name == 'README' else '_'.join(filter(None, (folder, name))))}.html"


def compose_document(document: LinkedDocument, links: Mapping[str, str]) -> DocumentPage:
    """Return a document as a page.

    Args:
        document: whose relative links are rewritten to hold from the page.
        links: what → where the other pages lie, seen from the folder of the reports.
    """
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(document.text)
    body = body.replace("<table>", _TABLE).replace("</table>", "</table>\n</div>")
    folder = posixpath.dirname(document.path)
    body = re.sub(r'href="([^"]+)"', lambda one: f'href="{_seen_from_page(folder, one[1])}"', body)
    return DocumentPage(
        document.title, body, {what: _seen_from_page("", where) for what, where in links.items()}
    )


def _seen_from_page(folder: str, address: str) -> str:
    """Return a relative address as it holds from the folder of the pages."""
    if _ADDRESS.match(address):
        return address
    return posixpath.relpath(posixpath.join(folder, address), "pages")
