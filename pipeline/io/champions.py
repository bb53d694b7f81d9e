"""Where the champion of each source and model stands, with the verdict that made it champion.

Beside it lie the dates that it was made from and how its training rows were spread, so that a
champion that scores later data as it is can be held against them without its training data.
"""

import logging
from pathlib import Path
from shutil import copyfile

import numpy as np
import pandas as pd

from pipeline.features.matrix import Matrix
from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import DataError
from pipeline.io.documents import read_document, write_document
from pipeline.io.matrices import MEASURED_CUSTOMERS, read_matrices
from pipeline.io.tables import read_json
from pipeline.models.drift import Reference
from pipeline.models.estimators.core import columns_read
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer
from pipeline.promotion.contender import Incumbent
from pipeline.promotion.trial import require_same_rows
from pipeline.statistics.arrays import Floats
from pipeline.statistics.stacking import stack_frames

log = logging.getLogger(__name__)

VERDICT_FILE, REFERENCE_FILE, DATES_FILE = "verdict.json", "reference.json", "snapshots.json"


def read_standing(source: str, model: ModelName) -> PromotionVerdict | None:
    """Return the verdict that made the champion; None where there is none of this make.

    Raises:
        DataError: a model lies there without the verdict that let it score.
    """
    if not has_champion(source, model):
        return None
    path = paths.champion(source, model) / VERDICT_FILE
    read_json(path)  # one that is cut short or changed is no verdict of another make
    try:
        return read_document(path, PromotionVerdict)
    except DataError as error:
        log.warning("%s: the champion's verdict is of another make, so it is judged again", model)
        log.debug("%s", error)
        return None


def has_champion(source: str, model: ModelName) -> bool:
    """Say whether a model scores that a verdict let score; a killed replacement is undone first.

    Raises:
        DataError: a model lies there without the verdict that let it score.
    """
    folder = paths.champion(source, model)
    paths.put_back(folder)
    if (folder / VERDICT_FILE).is_file():
        return True
    if folder.is_dir() and any(folder.iterdir()):
        raise DataError(
            f"in {folder} a champion with its {VERDICT_FILE}",
            f"no {VERDICT_FILE}, so nothing says that this model may score",
            f"Restore the folder (git checkout {folder}), or remove it whole; "
            "the next dvc repro then chooses a champion as on the first run.",
        )
    return False


def score_incumbent(
    engine: Engine, source: str, model: ModelName, predictions: pd.DataFrame
) -> Incumbent | None:
    """Return the champion and its predictions of the eligible test rows that `evaluate` asked."""
    if not has_champion(source, model):
        return None
    champion = load_scorer(paths.champion(source, model))
    found: list[Floats] = []
    keys = []
    for matrix in read_matrices(engine, model, split="test", most_customers=MEASURED_CUSTOMERS):
        keys.append(matrix.keys[[*CUSTOMER_CATEGORY_KEYS]])
        try:
            found.append(champion.propensity(matrix.features))
        except DataError as error:
            return _incapable(model, champion, matrix, error)
    require_same_rows(stack_frames(keys), predictions)
    candidates = sorted(predictions["category"].unique())
    unknown = tuple(name for name in candidates if not champion.is_trained_on(name))
    return Incumbent(champion, np.concatenate(found), None, unknown)


def _incapable(
    model: ModelName, champion: PropensityModel, matrix: Matrix, error: DataError
) -> Incumbent:
    log.warning("%s: champion %s cannot score these rows: %s", model, champion.version, error)
    lacking = columns_read(champion.core) - set(matrix.features.columns)
    return Incumbent(champion, None, str(error), lacking=tuple(sorted(lacking)))


def read_reference(source: str, model: ModelName) -> Reference | None:
    """Return how the champion's training rows were spread; None for a rule or an older folder."""
    path = paths.champion(source, model) / REFERENCE_FILE
    return Reference.from_json(read_json(path)) if path.is_file() else None


def read_champion_dates(source: str, model: ModelName) -> SnapshotDates | None:
    """Return the dates that the champion was made from; None where an older folder has none."""
    path = paths.champion(source, model) / DATES_FILE
    return read_document(path, SnapshotDates) if path.is_file() else None


def repeat_standing(source: str, model: ModelName) -> None:
    """Hand over the champion's own verdict once more."""
    folder = paths.champion(source, model)
    standing = read_document(folder / VERDICT_FILE, PromotionVerdict)
    if standing.champion == standing.challenger and not (folder / DATES_FILE).is_file():
        _keep_origin(folder, model)
    for path in (paths.verdict(model), paths.VERDICTS / f"{model}.json"):
        with paths.replacing(path) as partial:
            copyfile(folder / VERDICT_FILE, partial)


def write_verdict(verdict: PromotionVerdict) -> None:
    """Put a new winner in its place, whole and at once, and then hand the verdict over."""
    source, model = verdict.source, verdict.model
    if verdict.decision != "kept":
        with paths.replacing_folder(paths.champion(source, model)) as folder:
            _write_champion(verdict, folder)
    write_document(verdict, paths.verdict(model))
    write_document(verdict, paths.VERDICTS / f"{model}.json")


def _write_champion(verdict: PromotionVerdict, folder: Path) -> None:
    model = verdict.model
    is_model = verdict.decision in {"promoted", "unproven"}
    winner = paths.MODELS / model if is_model else paths.baselines(model) / verdict.champion.name
    load_scorer(winner).save(folder)
    write_document(verdict, folder / VERDICT_FILE)
    if is_model:
        _keep_origin(folder, model)
    else:
        copyfile(paths.SNAPSHOTS, folder / DATES_FILE)


def _keep_origin(folder: Path, model: str) -> None:
    """Keep beside the model just trained what it was made from."""
    copyfile(paths.reference(model), folder / REFERENCE_FILE)
    copyfile(paths.SNAPSHOTS, folder / DATES_FILE)
