"""Where figures are drawn: SVG of equal bytes for equal data, with text that stays text."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import Formatter

from pipeline.reports.language.marks import plain

# Okabe and Ito's colours, which people with any kind of colour blindness tell apart; lines also
# differ in dash and width.
MODEL, TRUTH = "#0072B2", "#D55E00"
QUIET, FAINT, INK = "#767676", "#E3E6EA", "#22303C"
RULES = ("#767676", "#CC79A7", "#56B4E9", "#009E73", "#8C6D00")
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 1, 1, 1)), (0, (3, 3)))

_STYLE: Mapping[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": 10,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 9,
}


Say = Callable[[str], str]
_SAY: ContextVar[Say | None] = ContextVar("say", default=None)


@contextmanager
def drawn_in(say: Say) -> Iterator[None]:
    """Let what is drawn inside be labelled in a language, as a locale is set for a piece of work."""
    token = _SAY.set(say)
    try:
        yield
    finally:
        _SAY.reset(token)


class _Said(Formatter):
    """Labels of ticks in the language of the drawing."""

    def __init__(self, labels: Formatter, say: Say) -> None:
        self.labels, self.say = labels, say

    def __call__(self, value: float, position: int | None = None) -> str:
        return self.say(self.labels(value, position))

    def set_locs(self, locs: Any) -> None:
        self.labels.set_locs(locs)


@dataclass
class Canvas:
    """One drawing while it is made, and its SVG after."""

    figure: Figure
    axes: Axes
    _svg: list[str] = field(default_factory=list)

    @property
    def svg(self) -> str:
        """Return the drawing."""
        return self._svg[0]


@contextmanager
def canvas(name: str, width: float = 5.6, height: float = 3.6) -> Iterator[Canvas]:
    """Give a canvas of so many inches; its name keeps the ids inside the SVG apart."""
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=(width, height), layout="constrained")
        drawing = Canvas(figure, figure.add_subplot())
        yield drawing
        _say_all(drawing)
        buffer = BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        svg = buffer.getvalue().decode()
        fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
        drawing._svg.append(svg[svg.index("<svg") :].replace("'DejaVu Sans'", fonts))  # noqa: SLF001 - the canvas is this module's own


def _say_all(drawing: Canvas) -> None:
    """Put every text of a drawing into its language, before it is laid out."""
    say = _SAY.get() or plain
    axes = drawing.axes
    axis: Axis
    for axis in (axes.xaxis, axes.yaxis):
        labels = _Said(axis.get_major_formatter(), say)
        axis.set_major_formatter(labels)
        labels.set_axis(axis)
        labels.labels.set_axis(axis)
        axis.label.set_text(say(axis.label.get_text()))
    legend = axes.get_legend()
    for text in [*axes.texts, *(legend.get_texts() if legend else [])]:
        _say(text, say)


def _say(text: Text, say: Say) -> None:
    text.set_text(say(text.get_text()))
