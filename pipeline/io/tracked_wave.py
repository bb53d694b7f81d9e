"""Where tracking finds a wave that the champions scored as they are: who scored, how they do, what is claimed.

Nothing was trained, so there is no model to log: the run names the registered versions that scored.
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.monitoring_report import MonitoringReport
from pipeline.io.documents import read_document
from pipeline.io.tracked_result import read_wave_metrics
from pipeline.tracking.dotted_names import flatten
from pipeline.tracking.records import Notes, ResultRecord
from pipeline.tracking.result import result_key

_FIGURES = ("rows", "positives", "age_days", "auc", "calibration_slope", "ece")


def what_makes_a_wave() -> list[Path]:
    """Return the outputs by which one scored wave differs from another."""
    return [paths.SCORES, paths.OFFERS, paths.EXPORTS, paths.MONITORING]


def read_wave(
    source: str, models: tuple[str, ...], hashes: Mapping[str, str], tags: Mapping[str, str]
) -> ResultRecord:
    """Return the run of the wave that was decided last.

    Args:
        source: `source.name`.
        models: by name.
        hashes: of what makes the wave, by path, as DVC keeps them.
        tags: which code and data made it.
    """
    key = result_key(hashes)
    funnel = read_document(paths.FUNNEL, FunnelReport)
    found = [
        read_document(paths.MONITORING / f"{model}.json", MonitoringReport) for model in models
    ]
    as_of_date = str(funnel.as_of_date)
    champions = {f"champion.{one.model}": one.champion.version for one in found}
    notes = Notes(
        params={"source": source, "models": ", ".join(models), "wave": funnel.wave, **champions},
        metrics=_metrics(found),
        tags={
            **tags,
            "source": source,
            "as_of_date": as_of_date,
            "mode": "scored",
            "mlflow.note.content": _in_words(found, funnel),
        },
        files=[
            (paths.CAMPAIGN_PAGE, ""),
            (paths.FUNNEL, ""),
            *((paths.MONITORING / f"{model}.json", "monitoring") for model in models),
            *((file, f"exports/{file.parent.name}") for file in _manifests()),
        ],
    )
    return ResultRecord(key, f"{source} {as_of_date} scored {key[:8]}", notes, models=())


def _metrics(found: list[MonitoringReport]) -> dict[str, float]:
    """Return the figures of each champion on the latest outcomes, and the claim of the wave."""
    of_models = {
        one.model: {
            **one.model_dump(include=set(_FIGURES)),
            **({} if one.drift is None else {"score_psi": one.drift.score}),
        }
        for one in found
    }
    return {**flatten(of_models), **read_wave_metrics()}


def _in_words(found: list[MonitoringReport], funnel: FunnelReport) -> str:
    champions = " ".join(
        f"{one.model}: {one.champion.name} {one.champion.version} scored as it is. "
        f"{' '.join(one.reasons()) or 'Retraining is not due.'}"
        for one in found
    )
    return f"{funnel.wave}: {funnel.claim.contacted:,} contacts, nothing trained. {champions}"


def _manifests() -> list[Path]:
    return sorted(paths.EXPORTS.glob("*/manifest.json"))
