"""A saved model as MLflow serves it: feature columns in, score and propensity out.

MLflow runs this file to load a model, with the project's code of that time beside it.
"""

import pandas as pd

from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer
from pipeline.tracking.store import serve


def predict(model: PropensityModel, features: pd.DataFrame) -> pd.DataFrame:
    """Return score and propensity of each row."""
    return pd.DataFrame(
        {"score": model.score(features), "propensity": model.propensity(features)},
        index=features.index,
    )


serve(load_scorer, predict)
