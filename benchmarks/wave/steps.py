"""The stages' own functions, each with a stopwatch round it."""

import logging
import resource
import time
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from pipeline.exports.package import PackageWriter
from pipeline.foundation import config, paths
from pipeline.foundation.contracts.outputs import CONTACT_LOG, NEXT_BEST_OFFERS, RUNNERS_UP
from pipeline.foundation.engines import open_engine
from pipeline.io import delivery_parts
from pipeline.io.documents import write_document
from pipeline.io.outputs import write_rows
from pipeline.io.snapshots import scoring_date
from pipeline.offers import wave_decision
from pipeline.offers.decision_funnel import report_decision
from pipeline.stages import decide, export

log = logging.getLogger(__name__)
Costs = dict[str, dict[str, float]]
"""By step its seconds, those of all its threads, and the most memory needed by its end."""

DECIDE = (
    "permit",
    "price_candidates",
    "weigh_candidates",
    "list_contacts",
    "list_customers",
    "settle_wave",
    "log_contacts",
    "read_chosen",
    "explore_offers",
    "date_and_draw",
    "time_and_code",
    "decide_on_everybody",
    "measure_sensitivity",
)
READ_EXPORT = ("read_delivery_inputs", "delivery_tables")
WRITE_EXPORT = ("add", "close")


def run_decide() -> Costs:
    """Decide, and write what is decided; why the model scored as it did costs what `score` costs."""
    costs: Costs = {}
    _watch(wave_decision, DECIDE, costs)
    params = config.load()
    with open_engine(params.engine) as engine:
        decision = decide.decide(engine, params, scoring_date())
        for name, rows, contract in (
            ("next_best_offers", decision.decided, NEXT_BEST_OFFERS),
            ("runners_up", decision.runners_up, RUNNERS_UP),
            ("contact_log", decision.logged, CONTACT_LOG),
        ):
            write = _timed("write_rows", write_rows, costs)
            write(engine, rows, paths.table(paths.OFFERS, name), contract)
    report = _timed("report_decision", report_decision, costs)
    told = report(decision, params.contact_policy.rules, params.experiment)
    write_document(told, paths.FUNNEL)
    return costs


def run_export() -> Costs:
    """Write the packages."""
    costs: Costs = {}
    _watch(delivery_parts, READ_EXPORT, costs)
    _watch(PackageWriter, WRITE_EXPORT, costs)
    export.main()
    return costs


def _watch(stage: ModuleType | type, names: Sequence[str], costs: Costs) -> None:
    for name in names:
        setattr(stage, name, _timed(name, getattr(stage, name), costs))


def _timed(name: str, step: Callable[..., Any], costs: Costs) -> Callable[..., Any]:
    def timed(*args: Any, **kwargs: Any) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        result = step(*args, **kwargs)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        label = f"write {args[0].profile.name}" if name in WRITE_EXPORT else name
        before = costs.get(label, {"seconds": 0.0, "cpu_seconds": 0.0})
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        costs[label] = {
            "seconds": before["seconds"] + wall,
            "cpu_seconds": before["cpu_seconds"] + cpu,
            "peak_mb": peak_mb,
        }
        log.info(
            "%s: %.1f s, %.1f of a processor, at most %.0f MB so far", label, wall, cpu, peak_mb
        )
        return result

    return timed
