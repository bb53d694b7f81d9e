"""Read any saved scorer back, whatever its kind."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline.foundation.errors import DataError, did_you_mean, known
from pipeline.models.calibration import curve as calibration
from pipeline.models.calibration.segment_shift import SegmentShifts
from pipeline.models.estimators.blend import Blend
from pipeline.models.estimators.boosted_trees import BOOSTER_FILE, BoostedTrees
from pipeline.models.estimators.core import Core
from pipeline.models.estimators.group_rate import GroupRate
from pipeline.models.estimators.logistic import Logistic
from pipeline.models.estimators.rule_ranker import RuleRanker
from pipeline.models.propensity_model import (
    CALIBRATOR_FILE,
    MODEL_FILE,
    PropensityModel,
    to_text,
    version_of,
)

Reader = Callable[[Mapping[str, Any], Mapping[str, str]], Core]
READERS: Mapping[str, Reader] = {
    "blend": Blend.from_saved,
    "boosted_trees": BoostedTrees.from_saved,
    "group_rate": GroupRate.from_saved,
    "rule_ranker": RuleRanker.from_saved,
    "logistic": Logistic.from_saved,
}
CORE_FILES = {"blend": (BOOSTER_FILE,), "boosted_trees": (BOOSTER_FILE,)}
"""By kind, the files that a core adds to the folder."""


def load_scorer(folder: Path) -> PropensityModel:
    """Return the scorer that a folder holds.

    Raises:
        DataError: there is none, it is of an unknown kind, or a file is cut short or changed.
    """
    if not (folder / MODEL_FILE).is_file():
        raise DataError(f"a model in {folder}", f"no {MODEL_FILE}", "Run dvc repro.")
    saved = _parsed(_text(folder, MODEL_FILE), folder)
    read = _reader(saved["kind"], folder)
    files = {
        name: _text(folder, name) for name in (CALIBRATOR_FILE, *CORE_FILES.get(saved["kind"], ()))
    }
    _require_unchanged(saved, files, folder)
    calibrator = json.loads(files[CALIBRATOR_FILE])
    return PropensityModel(
        saved["name"],
        read(saved, files),
        calibration.from_json(calibrator),
        saved["base_rate"],
        saved["made_from"],
        SegmentShifts.from_json(calibrator.get("segments")),
    )


def _require_unchanged(saved: Mapping[str, Any], files: Mapping[str, str], folder: Path) -> None:
    """Compare the files with the version that names them, before LightGBM reads any of them.

    LightGBM ends the whole process over a booster that is cut short.
    """
    rest = {name: value for name, value in saved.items() if name != "version"}
    found = version_of({**files, MODEL_FILE: to_text(rest)})
    if found != saved.get("version"):
        raise _damaged(folder, f"files of version {found}, and {saved.get('version')} was written")


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise _damaged(folder, f"{name}: {error}") from error


def _parsed(text: str, folder: Path) -> dict[str, Any]:
    try:
        saved = json.loads(text)
    except json.JSONDecodeError as error:
        raise _damaged(folder, f"{MODEL_FILE}: {error}") from error
    if not isinstance(saved, dict) or "kind" not in saved:
        raise _damaged(folder, f"{MODEL_FILE} without a kind")
    return saved


def _damaged(folder: Path, found: str) -> DataError:
    return DataError(
        f"in {folder} a model as it was written",
        found,
        "Restore the folder with dvc checkout or git checkout, or train again.",
    )


def _reader(kind: str, folder: Path) -> Reader:
    if kind not in READERS:
        raise DataError(
            f"a model of a kind that is {known(READERS)}",
            f"{kind!r} in {folder / MODEL_FILE}",
            f"{did_you_mean(kind, READERS)}Train again with this version of the code.",
        )
    return READERS[kind]
