"""Where a study's answer is written, and what it finds of each company until it is whole."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.io.tables import read_json, write_json
from pipeline.studies.answer import Answer

log = logging.getLogger(__name__)


def play_missing(
    seeds: Sequence[int], place: Callable[[int], Path], play: Callable[[int], dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """Return what was found of each company; play and keep those that were not played yet."""
    missing = [seed for seed in seeds if not place(seed).is_file()]
    for nth, seed in enumerate(missing, 1):
        log.info("company %d of %d: seed %d", nth, len(missing), seed)
        write_json(play(seed), place(seed))
    return {seed: read_json(place(seed)) for seed in seeds}


def write_answer(found: Answer, base: Path) -> None:
    """Write `<base>.csv`, a `<base>_<table>.csv` for each further table, `<base>.json` and `.md`."""
    base.parent.mkdir(parents=True, exist_ok=True)
    for name, table in found.tables.items():
        path = base.with_name(f"{base.name}_{name}.csv" if name else f"{base.name}.csv")
        table.to_csv(path, index=False, lineterminator="\n")
    write_json(found.facts, base.with_suffix(".json"))
    base.with_suffix(".md").write_text(found.page, encoding="utf-8")
