"""The drawing of a wave's claim: claimed against measured effects; returns SVG."""

from collections.abc import Sequence

from pipeline.foundation.contracts.hand_overs.measurement_report import ClaimPartReport
from pipeline.reports.charts.canvas import MODEL, QUIET, TRUTH, canvas


def draw_claims(parts: Sequence[ClaimPartReport], wave: str) -> str:
    """Draw the claimed and the measured effect of each part with their intervals, in 100 customers.

    Args:
        parts: in the order in which they are drawn.
        wave: keeps the drawings of two waves apart.
    """
    series = (
        ("claimed", MODEL, -0.12, [part.claimed for part in parts]),
        ("measured", TRUTH, 0.12, [part.measured for part in parts]),
    )
    with canvas(f"claims-{wave}") as drawing:
        axes = drawing.axes
        axes.axhline(0, color=QUIET, linewidth=1)
        for label, colour, shift, figures in series:
            known = [(place, one) for place, one in enumerate(figures) if one.value is not None]
            ends = [(one.value or 0, one.low or 0, one.high or 0) for _, one in known]
            axes.errorbar(
                [place + shift for place, _ in known],
                [100 * value for value, _, _ in ends],
                yerr=[
                    [100 * max(value - low, 0) for value, low, _ in ends],
                    [100 * max(high - value, 0) for value, _, high in ends],
                ],
                fmt="o" if label == "claimed" else "s",
                color=colour,
                capsize=3,
                label=label,
            )
        axes.set_xticks(range(len(parts)), [part.value for part in parts])
        axes.set_xlabel("Decile of claimed effect, 1 the largest")
        axes.set_ylabel("Take-ups caused, in 100")
        axes.legend()
    return drawing.svg
