"""Markdown documents as pages of the report's look: model cards, associations, the measurement."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

_TABLE = '<div class="scroll" role="group" aria-label="Table" tabindex="0">\n<table>'
_CSV = re.compile(r'<a href="([^":/]+\.csv)">(.*?)</a>')
_ADDRESS = re.compile(r"^[a-z]+:|^#|^/")


@dataclass(frozen=True)
class LinkedDocument:
    """A Markdown document that a page links to."""

    path: str
    """Where the Markdown lies, seen from the folder of the reports."""
    text: str
    bytes: Mapping[str, int] = field(default_factory=dict)
    """Of files beside it that it links to, by name."""

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


def compose_document(
    document: LinkedDocument, links: Mapping[str, str], say: Callable[[str], str] = str
) -> DocumentPage:
    """Return a document as a page.

    Args:
        document: whose relative links are rewritten to hold from the page.
        links: what → where the other pages lie, seen from the folder of the reports.
        say: what a text says in the language of the report; names and codes stay as they are.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.core.ruler.before("inline", "say", lambda state: _say_each(state, say))
    body = reader.render(document.text)
    body = _CSV.sub(lambda one: _as_download(one, document.bytes), body)
    body = body.replace("<table>", _TABLE).replace("</table>", "</table>\n</div>")
    folder = posixpath.dirname(document.path)
    body = re.sub(r'href="([^"]+)"', lambda one: f'href="{_seen_from_page(folder, one[1])}"', body)
    back = {say(what): _seen_from_page("", where) for what, where in links.items()}
    return DocumentPage(say(document.title), body, back)


def _say_each(state: StateCore, say: Callable[[str], str]) -> None:
    """Say every heading, paragraph, entry and cell, before what is emphasised in it is found."""
    for token in state.tokens:
        if token.type == "inline":
            token.content = say(token.content)


def _as_download(link: re.Match[str], sizes: Mapping[str, int]) -> str:
    """Return a link to a table as a download that says its kind and size."""
    size = f", {max(1, round(sizes[link[1]] / 1000))} kB" if link[1] in sizes else ""
    return f'<a href="{link[1]}" download>{link[2]}</a> (CSV{size})'


def _seen_from_page(folder: str, address: str) -> str:
    """Return a relative address as it holds from the folder of the pages."""
    if _ADDRESS.match(address):
        return address
    return posixpath.relpath(posixpath.join(folder, address), "pages")
