"""Where a study's answer is written: its tables, its facts and its page, side by side."""

from pathlib import Path

from pipeline.io.tables import write_json
from pipeline.studies.answer import Answer


def write_answer(found: Answer, base: Path) -> None:
    """Write `<base>.csv`, a `<base>_<table>.csv` for each further table, `<base>.json` and `.md`."""
    base.parent.mkdir(parents=True, exist_ok=True)
    for name, table in found.tables.items():
        path = base.with_name(f"{base.name}_{name}.csv" if name else f"{base.name}.csv")
        table.to_csv(path, index=False, lineterminator="\n")
    write_json(found.facts, base.with_suffix(".json"))
    base.with_suffix(".md").write_text(found.page, encoding="utf-8")
