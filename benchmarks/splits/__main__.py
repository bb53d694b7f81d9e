"""Files that come in parts, for ten million customers: what they take, and whether every part is right.

    python -m benchmarks.splits [<customers>] [<profile> ...]

By default the packages whose targets limit the size of a file. Each is drawn and written in a process
of its own, by the project's own writer, and its parts are then held to the law (`laws`). Some 10 GB of
memory, and as many bytes on the disk as the largest package has.
"""

import json
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.processes import run_alone
from benchmarks.splits.drawing import blocks
from benchmarks.splits.laws import broken_laws, parts_of
from benchmarks.splits.writing import declared
from pipeline.foundation import paths
from pipeline.foundation.running import run
from pipeline.io.tables import write_json

log = logging.getLogger(__name__)
CUSTOMERS = 10_000_000
SPLITTING = ("salesforce", "salesforce_marketing_cloud", "hubspot", "braze", "klaviyo")


def main() -> None:
    """Measure every package, and fail where a law is broken."""
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS
    found = {name: measure(name, customers) for name in sys.argv[2:] or SPLITTING}
    write_json({"customers": customers, **found}, paths.benchmark("splits"))
    sys.exit(any(one["broken"] for one in found.values()))


def measure(name: str, customers: int) -> dict[str, Any]:
    """Write one package and hold it to the law; return what it took and what is broken."""
    with TemporaryDirectory(prefix="splits-") as place:
        folder, profile = Path(place), declared(name)
        done = run_alone("benchmarks.splits.writing", name, str(customers), place, environment={})
        sizes = [part.stat().st_size for part in parts_of(profile, folder)]
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        found = {
            **json.loads(done.output),
            "parts": len(sizes),
            "part_mb": [round(size / 1e6, 2) for size in (min(sizes), max(sizes))],
            "account": manifest["accounts"][profile.files[0].name],
            "broken": broken_laws(profile, folder, blocks(customers)),
        }
    log.info("%s: %s", name, json.dumps(found))
    return found


if __name__ == "__main__":
    run(main)
