"""A saved model as callers ask it: frames, JSON or CSV in, score and propensity out.

A frame may hold texts as categories, strings or objects; all of them mean the same. Categories
stand where they stood when the model was trained, unless a column `category_shift` says where the
latest outcomes put them: what `score` does, which trains nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.hand_overs.saved_model import SavedModelFile
from pipeline.models.propensity_model import MODEL_FILE, PropensityModel
from pipeline.models.scorers import load_scorer
from pipeline.tracking.model_records import read_columns
from pipeline.tracking.records import SHIFT_COLUMN


@dataclass(frozen=True)
class ServedModel:
    """A model, and which of the columns it reads are texts."""

    model: PropensityModel
    is_text: Mapping[str, bool]


def load_served(folder: Path) -> ServedModel:
    """Return the model of a folder."""
    text = (folder / MODEL_FILE).read_text(encoding="utf-8")
    columns = read_columns(SavedModelFile.model_validate_json(text))
    return ServedModel(
        load_scorer(folder), {column.name: column.type == "text" for column in columns}
    )


def predict(served: ServedModel, rows: pd.DataFrame) -> pd.DataFrame:
    """Return score and propensity of each row, as the batch has them."""
    features = pd.DataFrame(
        {
            name: rows[name].astype("category" if is_text else "float64")
            for name, is_text in served.is_text.items()
        },
        index=rows.index,
    )
    scores = served.model.score(features)
    shifts = rows[SHIFT_COLUMN].to_numpy(np.float64) if SHIFT_COLUMN in rows else None
    propensities = served.model.calibrated(scores, features, shifts)
    return pd.DataFrame({"score": scores, "propensity": propensities}, index=rows.index)
