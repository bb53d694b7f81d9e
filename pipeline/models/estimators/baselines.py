"""The rules that a model must beat, each a scorer like any other, calibrated on the same rows."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.models.calibration.rate_forecast import ForecastTrial
from pipeline.models.estimators.core import Core
from pipeline.models.estimators.group_rate import fit_group_rate
from pipeline.models.estimators.logistic import fit_logistic_regression
from pipeline.models.estimators.rule_ranker import RuleColumn, fit_rule_ranker
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel, calibrate_core, uncalibrated

logger = logging.getLogger(__name__)

BASE_RATE = "base_rate"
LOGISTIC = "logistic"


@dataclass(frozen=True)
class BaselinePlan:
    """Which text column the base rate goes by, and the columns of each rule."""

    group_column: str
    rules: Mapping[str, tuple[RuleColumn, ...]]
    seed: int


def fit_baselines(
    train: Examples,
    held_out: Examples,
    plan: BaselinePlan,
    levels: ForecastTrial | None = None,
) -> dict[str, PropensityModel]:
    """Fit every baseline whose columns are there; the log names the others.

    Their levels are forecast as the model's are.
    """
    cores = _fit_rules(train, plan)
    cores[LOGISTIC] = fit_logistic_regression(train, plan.seed)
    counts = _counts(train)
    return {
        name: calibrate_core(
            name, core, train, held_out, counts, segments=plan.group_column, levels=levels
        )[0]
        for name, core in cores.items()
    }


def fit_rules_only(train: Examples, plan: BaselinePlan) -> dict[str, PropensityModel]:
    """Fit the baselines that need hardly an outcome: shrunk rates, not calibrated."""
    counts = _counts(train)
    return {
        name: uncalibrated(name, core, train, counts, segments=plan.group_column)
        for name, core in _fit_rules(train, plan).items()
    }


def _fit_rules(train: Examples, plan: BaselinePlan) -> dict[str, Core]:
    cores: dict[str, Core] = {BASE_RATE: fit_group_rate(train, plan.group_column)}
    for name, columns in plan.rules.items():
        missing = [column.name for column in columns if column.name not in train.features.columns]
        if missing:
            logger.warning("no baseline %s: there is no feature %s", name, ", ".join(missing))
            continue
        cores[name] = fit_rule_ranker(train, columns)
    return cores


def _counts(train: Examples) -> dict[str, int]:
    return {"rows": len(train), "positives": train.positives}
