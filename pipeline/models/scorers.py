"""Read any saved scorer back, whatever its kind."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipeline.foundation.errors import DataError, did_you_mean, known
from pipeline.models.calibration import curve as calibration
from pipeline.models.calibration.segment_shift import SegmentShifts
from pipeline.models.estimators.blend import Blend
from pipeline.models.estimators.boosted_trees import BoostedTrees
from pipeline.models.estimators.core import Core
from pipeline.models.estimators.group_rate import GroupRate
from pipeline.models.estimators.logistic import Logistic
from pipeline.models.estimators.rule_ranker import RuleRanker
from pipeline.models.propensity_model import CALIBRATOR_FILE, MODEL_FILE, PropensityModel

Reader = Callable[[Mapping[str, Any], Mapping[str, str]], Core]
READERS: Mapping[str, Reader] = {
    "blend": Blend.from_saved,
    "boosted_trees": BoostedTrees.from_saved,
    "group_rate": GroupRate.from_saved,
    "rule_ranker": RuleRanker.from_saved,
    "logistic": Logistic.from_saved,
}


def load_scorer(folder: Path) -> PropensityModel:
    """Return the scorer that a folder holds.

    Raises:
        DataError: there is none, it is of an unknown kind, or a file was changed by hand.
    """
    if not (folder / MODEL_FILE).is_file():
        raise DataError(f"a model in {folder}", f"no {MODEL_FILE}", "Run dvc repro.")
    saved = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
    read = _reader(saved["kind"], folder)
    files = {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name != MODEL_FILE
    }
    calibrator = json.loads(files[CALIBRATOR_FILE])
    model = PropensityModel(
        saved["name"],
        read(saved, files),
        calibration.from_json(calibrator),
        saved["base_rate"],
        saved["made_from"],
        SegmentShifts.from_json(calibrator.get("segments")),
    )
    if model.version != saved["version"]:
        raise DataError(
            f"the model of version {saved['version']} in {folder}",
            f"files of version {model.version}",
            "Restore the folder with dvc checkout or git checkout, or train again.",
        )
    return model


def _reader(kind: str, folder: Path) -> Reader:
    if kind not in READERS:
        raise DataError(
            f"a model of a kind that is {known(READERS)}",
            f"{kind!r} in {folder / MODEL_FILE}",
            f"{did_you_mean(kind, READERS)}Train again with this version of the code.",
        )
    return READERS[kind]
