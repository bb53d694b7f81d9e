"""What an erasure found and did, and what is left for somebody to do: the report, which names nobody."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One place that held the customers, and what was done about it."""

    place: str
    count: int
    unit: str
    """What is counted: files, rows, lines, objects."""
    done: str


@dataclass(frozen=True)
class Remaining:
    """One place that holds them still, and what to do."""

    place: str
    remedy: str


@dataclass(frozen=True)
class ErasureReport:
    """One erasure."""

    customers: int
    newly_listed: int
    found: tuple[Finding, ...]
    remaining: tuple[Remaining, ...]
    searched_files: int
    """That were searched at the end, after all was done."""
    notes: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Say whether nothing is left."""
        return not self.remaining

    def as_json(self) -> str:
        """Return the report for a machine, on one line."""
        return json.dumps({"is_complete": self.is_complete, **asdict(self)}, ensure_ascii=False)

    def lines(self) -> list[str]:
        """Return the report for a person."""
        count = "1 customer" if self.customers == 1 else f"{self.customers:,} customers"
        first = f"{count}, {self.newly_listed:,} of them new on the list that every source honours"
        found = [f"{one.place}: {one.count:,} {one.unit} {one.done}" for one in self.found]
        left = [f"still there: {one.place}. {one.remedy}" for one in self.remaining]
        last = (
            f"nothing of them in {self.searched_files:,} files searched after it"
            if self.is_complete
            else f"NOT COMPLETE: {len(self.remaining):,} of {self.searched_files:,} places hold them"
        )
        return [first, *(found or ["found nowhere"]), *left, *self.notes, last]


def by_place(files: Iterable[Path] | Mapping[Path, int], unit: str, done: str) -> list[Finding]:
    """Return one finding for each folder, or file right below the first."""
    counts: Counter[str] = Counter()
    for path in files:
        counts["/".join(path.parts[:2])] += files[path] if isinstance(files, Mapping) else 1
    return [Finding(place, count, unit, done) for place, count in sorted(counts.items())]
