"""How the rows to score differ from those that the champion was trained on."""

from typing import NamedTuple

from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.hand_overs.evaluation_report import Drift
from pipeline.foundation.contracts.hand_overs.monitoring_report import NewText
from pipeline.foundation.engines import Engine
from pipeline.io.champions import read_reference
from pipeline.io.matrices import read_matrix
from pipeline.models.drift import drift_from, unseen_texts
from pipeline.models.propensity_model import PropensityModel


class MovedRows(NamedTuple):
    """What the rows to score bring that the training rows did not."""

    drift: Drift | None
    """None where no reference is kept."""
    texts: tuple[NewText, ...]


def measure_moved_rows(
    engine: Engine, source: str, model: ModelName, champion: PropensityModel
) -> MovedRows:
    """Hold the rows to score against what is kept of the training rows."""
    features = read_matrix(engine, model, splits=["scoring"]).features
    texts = tuple(NewText(**one._asdict()) for one in unseen_texts(champion, features))
    reference = read_reference(source, model)
    if reference is None:
        return MovedRows(None, texts)
    found = drift_from(reference, champion.propensity(features), features)
    return MovedRows(Drift.model_validate(found), texts)
