"""Where stages find the baselines that were trained beside a model."""

from pipeline.features.baseline_rules import RULES
from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.models.estimators.baselines import BASE_RATE, LOGISTIC
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer

BASELINES = (BASE_RATE, *RULES, LOGISTIC)


def load_baselines(model: ModelName) -> dict[str, PropensityModel]:
    """Return the baselines that were trained; one whose feature family is off is not there."""
    folder = paths.baselines(model)
    return {name: load_scorer(folder / name) for name in BASELINES if (folder / name).is_dir()}
