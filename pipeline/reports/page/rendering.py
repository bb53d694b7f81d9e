"""From the parts to one HTML page that needs no network, no script and no other file."""

import base64

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.reports.page.parts import Report


def render(report: Report) -> str:
    """Return the page; equal parts give equal bytes."""
    environment = Environment(
        loader=PackageLoader("pipeline.reports.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["data_uri"] = _data_uri
    css = environment.get_template("page.css").render()
    return environment.get_template("page.html").render(report=report, css=css)


def _data_uri(svg: str) -> str:
    """Return a drawing as an image's address, which keeps the ids of several drawings apart."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
