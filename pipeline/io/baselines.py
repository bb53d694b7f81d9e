"""Where stages find the baselines that were trained beside a model."""

from pipeline.features.baseline_rules import RULES
from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.io.model_examples import CANDIDATE
from pipeline.models.estimators.baselines import BASE_RATE, LOGISTIC, BaselinePlan
from pipeline.models.estimators.rule_ranker import RuleColumn
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer

BASELINES = (BASE_RATE, *RULES, LOGISTIC)


def load_baselines(model: ModelName) -> dict[str, PropensityModel]:
    """Return the baselines that were trained; one whose feature family is off is not there."""
    folder = paths.baselines(model)
    return {name: load_scorer(folder / name) for name in BASELINES if (folder / name).is_dir()}


def baseline_plan(seed: int) -> BaselinePlan:
    """Return the baselines by the columns that `features.baseline_rules` declares."""
    rules = {
        name: tuple(
            RuleColumn(column, is_smaller_better=not is_descending)
            for column, is_descending in rule.columns
        )
        for name, rule in RULES.items()
    }
    return BaselinePlan(group_column=CANDIDATE, rules=rules, seed=seed)
