"""monthly: new data -> a wave that is fit to send, or the reason why there is none; unattended.

    python -m pipeline.commands.monthly [--send] [--retrain] [--accept <obstacle> ...]

Pulls and checks the data, scores with the champions as they are or retrains where that is due,
judges, decides, exports, writes back to `exports.database` where that is set, and with `--send`
seals the wave. Stdout is one line of JSON; all else is stderr.

Exit codes: 0 the wave is decided, and sealed with `--send`; 1 something failed or stopped it; 2 the
command line is wrong; 3 the wave, or the data, are not fit to send; 4 another run is under way.
Running it again is safe, whatever step it was killed at: DVC runs what changed, a wave that is
written back replaces itself, and one that is sealed is left alone.
"""

import argparse
import logging
import signal
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Any, get_args

from pipeline.campaigns.fitness import Finding, find_obstacles
from pipeline.commands import record_wave, seal, write_back
from pipeline.commands.dvc_run import (
    FEATURES,
    StageError,
    monitoring_stages,
    reproduce,
    run_module,
    scoring_stages,
)
from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, Params
from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport
from pipeline.foundation.contracts.hand_overs.drift_report import DriftReport
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.monitoring_report import MonitoringReport
from pipeline.foundation.contracts.hand_overs.monthly_status import (
    MonthlyStatus,
    Obstacle,
    Outcome,
)
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.validation_report import ValidationReport
from pipeline.foundation.errors import ConfigurationError, PipelineError
from pipeline.foundation.running import run
from pipeline.io.champions import has_champion, read_standing
from pipeline.io.documents import read_document
from pipeline.io.snapshots import scoring_date
from pipeline.offers.next_best_offers import name_wave

log = logging.getLogger(__name__)

DONE, FAILED, NOT_FIT, LOCKED = 0, 1, 3, 4
PULLED, PULL = ("database", "stored"), "pipeline.commands.pull"
"""The sources that have to be pulled before DVC sees that they changed, and how."""


class StoppedError(PipelineError):
    """Somebody asked the run to end."""


@dataclass(frozen=True)
class Options:
    """What is asked of a run."""

    send: bool
    retrain: bool
    accept: frozenset[Obstacle]


def main() -> None:
    """Run the month and say how it ended."""
    options = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, _stop)
    with paths.holding(paths.MONTHLY_LOCK, waits=False) as is_alone:
        status = run_month(options) if is_alone else _locked()
    for warning in status.warnings:
        log.warning("%s", warning)
    for reason in status.reasons:
        log.error("%s: %s", status.status, reason)
    sys.stdout.write(f"{status.model_dump_json()}\n")
    sys.stdout.flush()
    sys.exit(status.exit_code)


def parse(given: list[str]) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="monthly", description=__doc__)
    parser.add_argument("--send", action="store_true", help="seal the wave: it is handed over")
    parser.add_argument("--retrain", action="store_true", help="retrain, due or not")
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        choices=get_args(Obstacle),
        help="send all the same",
    )
    found = parser.parse_args(given)
    return Options(found.send, found.retrain, frozenset(found.accept))


def run_month(options: Options) -> MonthlyStatus:
    """Run every step; a failure is a status too."""
    try:
        params = config.load()
        faults = _bring_data(params)
        if faults:
            return _not_fit(faults)
        wave = name_wave(scoring_date())
        if paths.table(paths.WAVES, wave).exists():
            return _ended("already_sent", wave=wave, as_of_date=scoring_date())
        due = _find_due(params)
        is_retrained = _is_to_retrain(params, options, due)
        _make_wave(params, is_retrained=is_retrained)
        made = _made_wave(params, due, is_retrained=is_retrained)
        found = _find_obstacles(params)
        accepted = sorted({one.obstacle for one in found} & options.accept)
        made |= {"accepted": tuple(accepted)}
        remaining = [one for one in found if one.obstacle not in options.accept]
        if remaining:
            return _not_fit(remaining, **made)
        if params.exports.database is not None:
            write_back.main()
            made["is_written_back"] = True
        if options.send:
            seal.main()
        return _ended("sent" if options.send else "decided", **made)
    except PipelineError as error:
        return MonthlyStatus(status="failed", exit_code=FAILED, reasons=(str(error),))


def _bring_data(params: Params) -> list[Finding]:
    """Take the data to the features; return what validation has against them."""
    if params.source.name in PULLED:
        run_module(PULL)
    reproduce("ingest")
    try:
        reproduce("validate")
    except StageError as error:
        report = read_document(paths.VALIDATION_REPORT, ValidationReport)
        if report.verdict != "failed":
            raise
        return [Finding("data", error.said)]
    reproduce(FEATURES)
    return []


def _find_due(params: Params) -> dict[ModelName, tuple[str, ...]]:
    """Return why each model is to be retrained, those without a champion among them."""
    source = params.source.name
    orphans = [name for name in params.models if not has_champion(source, name)]
    if orphans:
        return {name: (f"{name}: there is no champion yet.",) for name in orphans}
    reproduce(*monitoring_stages(params.models), single_item=True)
    reports = {name: _read_monitoring(name) for name in params.models}
    return {
        name: tuple(f"{name}: {reason}" for reason in report.reasons())
        for name, report in reports.items()
        if report.is_retraining_due
    }


def _is_to_retrain(params: Params, options: Options, due: Iterable[ModelName]) -> bool:
    """Return whether models are trained: asked for, or due and not kept as they are."""
    trained = params.retraining.models
    if options.retrain and not trained:
        raise ConfigurationError(
            "retraining.models to name who is trained",
            "none: the champions score as they are",
            "Name them in params.yaml, or leave --retrain away.",
        )
    return options.retrain or bool(set(due) & set(trained))


def _make_wave(params: Params, *, is_retrained: bool) -> None:
    if is_retrained:
        reproduce()
    else:
        reproduce(*scoring_stages(params.models), single_item=True)
        record_wave.main()


def _made_wave(
    params: Params, due: Mapping[ModelName, tuple[str, ...]], *, is_retrained: bool
) -> dict[str, Any]:
    """Return what a status says of a wave that was decided."""
    funnel = read_document(paths.FUNNEL, FunnelReport)
    return {
        "wave": funnel.wave,
        "as_of_date": funnel.as_of_date,
        "mode": "retrained" if is_retrained else "scored",
        "due": tuple(reason for name in params.models for reason in due.get(name, ())),
        "contacted": funnel.claim.contacted,
        "warnings": read_document(paths.DRIFT_REPORT, DriftReport).warnings(),
    }


def _find_obstacles(params: Params) -> list[Finding]:
    verdicts = [_read_verdict(params.source.name, name) for name in params.models]
    return find_obstacles(
        [verdict for verdict in verdicts if verdict is not None],
        [_read_monitoring(name) for name in params.models],
        read_document(paths.CLAIMS, ClaimsReport),
        read_document(paths.FUNNEL, FunnelReport),
        read_document(paths.DRIFT_REPORT, DriftReport),
    )


def _read_verdict(source: str, model: ModelName) -> PromotionVerdict | None:
    """Return the last verdict on the champion: one that keeps it says what it no longer passes."""
    standing = read_standing(source, model)
    path = paths.VERDICTS / f"{model}.json"
    if standing is None or not path.is_file():
        return standing
    last = read_document(path, PromotionVerdict)
    return last if last.source == source and last.champion == standing.champion else standing


def _read_monitoring(model: ModelName) -> MonitoringReport:
    return read_document(paths.monitoring(model), MonitoringReport)


def _not_fit(found: Iterable[Finding], **made: Any) -> MonthlyStatus:
    obstacles = tuple(dict.fromkeys(one.obstacle for one in found))
    reasons = tuple(one.reason for one in found)
    return _ended("not_fit", exit_code=NOT_FIT, obstacles=obstacles, reasons=reasons, **made)


def _ended(status: Outcome, *, exit_code: int = DONE, **facts: Any) -> MonthlyStatus:
    return MonthlyStatus(status=status, exit_code=exit_code, **facts)


def _locked() -> MonthlyStatus:
    reason = f"Another run holds {paths.MONTHLY_LOCK}; this one did nothing."
    return _ended("locked", exit_code=LOCKED, reasons=(reason,))


def _stop(number: int, frame: FrameType | None) -> None:
    """End the run as a failure; what was sent or written stays whole."""
    del frame
    raise StoppedError(
        "the run to be left alone until it ends",
        f"{signal.Signals(number).name}",
        "Run it again: what is done is not done anew.",
    )


if __name__ == "__main__":
    run(main)
