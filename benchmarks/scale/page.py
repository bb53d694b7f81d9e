"""docs/performance.md and its picture: every stage at every size, with growth and floor."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.scale.costs import Cost
from benchmarks.scale.growth import LEAST, MEMORY_GB, Growth, first_to_break

PICTURE = Path("docs/images/performance.svg")
HOW = (
    "Peaks on the straight line through the two largest sizes; hours of customers like those of "
    "the largest, in proportion, or by the exponent where that is above 1.\n"
    "A line knows no bounds, and these peaks have some: what the engine holds ends at "
    "`engine.memory_gb`, what is learnt from at `snapshots.most_customers` and the `max_rows` of "
    "`tune` and `train`, and `evaluate`, `promote` and the levels of `score` take a sample beyond "
    "100,000 customers. Of the stages that reach a bound between the two sizes the line says too "
    "much, and where the larger company has fewer rows a customer, too little."
)
LARGER = (1_000_000, 10_000_000, 100_000_000)


def write_page(growths: Sequence[Growth], threads: int, path: Path) -> None:
    """Write the page, and the picture beside it."""
    _draw(growths, PICTURE)
    sections = [_head(growths, threads), _table(growths), _larger(growths)]
    path.write_text("\n\n".join(sections) + "\n", encoding="utf-8")


def _head(growths: Sequence[Growth], threads: int) -> str:
    sizes = sorted({cost.customers for growth in growths for cost in growth.costs})
    measured = ", ".join(f"{size:,}" for size in sizes)
    rows = {cost.customers: cost.rows for growth in growths for cost in growth.costs}
    histories = ", ".join(f"{rows[size] / 1e6:,.1f} million" for size in sizes)
    return f"""# What a run costs

Every stage of the simulated company, alone in its process, at {measured} customers with {histories} rows in all raw tables.
`make bench` measures it, stage by stage, and goes on where it was stopped; `SIZES` names other sizes.
Processor seconds are those of all threads (the engine had {threads}).
Other work on the machine raises them, and wall seconds far more: compare within a page, not between pages.
A stage that is missing at a size was not measured there.
MB read and written are those of the files as they lie on the disk.
*Floor* is how many times the processor seconds of a scan of those files and a copy of the written ones the stage takes.
*Growth* is the exponent of the processor seconds between the two largest sizes from {LEAST:,} on that have as many rows a customer: 1 is in proportion to the customers, below it a start is being shared.

![Processor seconds and peak memory by customers](images/performance.svg)"""


def _table(growths: Sequence[Growth]) -> str:
    head = "| stage | customers | wall s | processor s | peak MB | read MB | written MB | floor | growth |"
    rows = [
        _row(growth, cost, is_last=cost is growth.alike[-1])
        for growth in growths
        for cost in growth.costs
    ]
    return "\n".join(["## Measured", "", head, "|" + "---|" * 9, *rows, *_totals(growths)])


def _row(growth: Growth, cost: Cost, *, is_last: bool) -> str:
    exponent = growth.exponent if is_last else None
    return (
        f"| {cost.stage} | {cost.customers:,} | {cost.wall_seconds:.1f} | {cost.cpu_seconds:.1f} "
        f"| {cost.peak_mb:,.0f} | {cost.read_mb:,.1f} | {cost.written_mb:,.1f} "
        f"| {cost.cpu_seconds / max(cost.floor_seconds, 0.001):,.0f} "
        f"| {'' if exponent is None else f'{exponent:.2f}'} |"
    )


def _totals(growths: Sequence[Growth]) -> list[str]:
    """Return the whole run of each size at which every stage was measured."""
    by_size: dict[int, list[Cost]] = {}
    for growth in growths:
        for cost in growth.costs:
            by_size.setdefault(cost.customers, []).append(cost)
    return [
        f"| **all** | {size:,} | {sum(one.wall_seconds for one in costs):.1f} "
        f"| {sum(one.cpu_seconds for one in costs):.1f} "
        f"| {max(one.peak_mb for one in costs):,.0f} | | "
        f"| {sum(one.cpu_seconds for one in costs) / sum(one.floor_seconds for one in costs):,.0f} | |"
        for size, costs in sorted(by_size.items())
        if len(costs) == len(growths)
    ]


def _larger(growths: Sequence[Growth]) -> str:
    known = [growth for growth in growths if growth.is_known]
    if not known:
        return f"Nothing is calculated for larger sizes: that takes two of {LEAST:,} or more."
    lines = [
        "## By calculation",
        "",
        HOW,
        "",
        f"| customers | processor hours | greatest peak | above {MEMORY_GB:.0f} GB, greatest first |",
        "|---|---|---|---|",
    ]
    for size in LARGER:
        hours = sum(growth.cpu_hours(size) for growth in known)
        greatest = max(known, key=lambda growth: growth.peak_gb(size))
        broken = first_to_break(known, size)
        told = ", ".join(f"{stage} {peak:,.0f} GB" for stage, peak in broken.items())
        lines.append(
            f"| {size:,} | {hours:,.1f} | {greatest.stage} {greatest.peak_gb(size):,.1f} GB "
            f"| {told or 'none'} |"
        )
    unknown = [growth.stage for growth in growths if growth not in known]
    missing = f"Not in it, for want of two sizes from {LEAST:,} on: {', '.join(unknown)}."
    return "\n".join([*lines, "", missing] if unknown else lines)


def _draw(growths: Sequence[Growth], path: Path) -> None:
    with mpl.rc_context({"svg.hashsalt": "performance", "font.size": 8}):
        figure = Figure(figsize=(9, 4.5), layout="constrained")
        seconds, memory = figure.subplots(1, 2)
        for number, growth in enumerate(growths):
            sizes = [cost.customers for cost in growth.costs]
            style = {"marker": "osD^v"[number // 10], "color": f"C{number % 10}"}
            times = [cost.cpu_seconds for cost in growth.costs]
            seconds.loglog(sizes, times, label=growth.stage, **style)
            memory.loglog(sizes, [cost.peak_mb / 1000 for cost in growth.costs], **style)
        memory.axhline(MEMORY_GB, color="grey", linestyle="--")
        seconds.set(xlabel="customers", ylabel="processor seconds")
        memory.set(xlabel="customers", ylabel="peak GB; dashed: a laptop's memory")
        figure.legend(loc="outside right center", frameon=False)
        figure.savefig(path, metadata={"Date": None})
