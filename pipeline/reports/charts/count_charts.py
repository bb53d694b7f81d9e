"""The drawings of the wave and of the customers; each returns SVG."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelStep
from pipeline.reports.charts.canvas import FAINT, MODEL, TRUTH, canvas

_LINE = 0.36
_LABELLED_LINE = 0.46
_BAR = 0.45


def draw_funnel(steps: Sequence[FunnelStep], labels: Sequence[str], sent: int) -> str:
    """Draw from the top down how many are left after each step, and how many fell."""
    left = [*(step.stayed for step in steps), sent]
    fell = [*(step.fell for step in steps), 0]
    with canvas("wave-funnel", height=0.9 + _LABELLED_LINE * len(left)) as drawing:
        axes = drawing.axes
        places = range(len(left))
        axes.barh(places, left, color=[FAINT] * len(steps) + [MODEL], height=_BAR)
        gone = axes.barh(places, fell, left=left, color=TRUTH, height=_BAR)
        said = [f"\N{MINUS SIGN}{one:,}" for one in fell[:-1]]
        axes.bar_label(gone, labels=[*said, f"{sent:,}"], padding=3, fontsize=9)
        for place, label in enumerate([*labels, "To be contacted"]):
            axes.text(0, place - 0.3, label, va="bottom", fontsize=9)
        axes.set_yticks([])
        axes.set_ylim(len(left) - 0.5, -0.9)
        widest = max(here + taken for here, taken in zip(left, fell, strict=True))
        _scale_counts(axes, 1.16 * max(widest, 1))
    return drawing.svg


def draw_counts(counts: Mapping[str, int], name: str) -> str:
    """Draw how many customers each group holds, in the order given."""
    with canvas(name, height=0.9 + _LINE * len(counts)) as drawing:
        axes = drawing.axes
        bars = axes.barh(list(counts), list(counts.values()), color=MODEL, height=0.7)
        axes.bar_label(bars, labels=[f"{one:,}" for one in counts.values()], padding=3, fontsize=9)
        axes.invert_yaxis()
        _scale_counts(axes, 1.16 * max([1, *counts.values()]))
    return drawing.svg


def _scale_counts(axes: Axes, end: float) -> None:
    """Let the horizontal axis count customers, with few enough numbers to be read."""
    axes.set_xlabel("Customers")
    axes.set_xlim(0, end)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.grid(visible=False, axis="y")
