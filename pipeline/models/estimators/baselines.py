"""The rules that a model must beat, each a scorer like any other, calibrated on the same rows."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.models.estimators.core import Core
from pipeline.models.estimators.group_rate import fit_group_rate
from pipeline.models.estimators.rule_ranker import RuleColumn, fit_rule_ranker
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel, uncalibrated

logger = logging.getLogger(__name__)

BASE_RATE = "base_rate"
LOGISTIC = "logistic"


@dataclass(frozen=True)
class BaselinePlan:
    """Which text column the base rate goes by, and the columns of each rule."""

    group_column: str
    rules: Mapping[str, tuple[RuleColumn, ...]]
    seed: int


def fit_rules_only(train: Examples, plan: BaselinePlan) -> dict[str, PropensityModel]:
    """Fit the baselines that need hardly an outcome: shrunk rates, not calibrated."""
    counts = counts_of(train)
    return {
        name: uncalibrated(name, core, train, counts, segments=plan.group_column)
        for name, core in fit_rules(train, plan).items()
    }


def fit_rules(train: Examples, plan: BaselinePlan) -> dict[str, Core]:
    """Fit every rule whose columns are there; the log names the others."""
    cores: dict[str, Core] = {BASE_RATE: fit_group_rate(train, plan.group_column)}
    for name, columns in plan.rules.items():
        missing = [column.name for column in columns if column.name not in train.features.columns]
        if missing:
            logger.warning("no baseline %s: there is no feature %s", name, ", ".join(missing))
            continue
        cores[name] = fit_rule_ranker(train, columns)
    return cores


def counts_of(train: Examples) -> dict[str, int]:
    """Return what `model.json` of a baseline says of the rows it was fitted on."""
    return {"rows": len(train), "positives": train.positives}
