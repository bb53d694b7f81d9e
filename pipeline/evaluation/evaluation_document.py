"""An evaluation as it is handed over: what was measured, on which rows, with drift and features."""

from collections.abc import Iterable

from pipeline.evaluation.out_of_time import MODEL, OutOfTimeRows
from pipeline.evaluation.single_feature import COUNT, LoneFeature, strongest_features
from pipeline.evaluation.whole_evaluation import Evaluated
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.models.drift import Reference, drift_from
from pipeline.models.estimators.blend import trees_of
from pipeline.models.estimators.core import Core
from pipeline.models.propensity_model import PropensityModel


def to_report(
    model: str,
    trained: PropensityModel,
    rows: OutOfTimeRows,
    evaluated: Evaluated,
    *,
    reference: Reference,
    baselines: Iterable[str],
) -> EvaluationReport:
    """Return all that later stages and readers may know of an evaluation.

    Args:
        model: its name.
        trained: the model.
        rows: the test rows, eligible or not.
        evaluated: what was measured on the eligible ones.
        reference: how the training rows were distributed.
        baselines: those that were wanted, whether or not they could be trained.
    """
    days = sorted(rows.keys["as_of_date"].unique())
    about = {
        "model": model,
        "version": trained.version,
        "as_of_dates": [day.date() for day in days],
        "population": "eligible rows of the out-of-time test",
        "absent_baselines": [name for name in baselines if name not in rows.propensities],
        "strongest_features": [one.to_json() for one in _strongest(trained.core, rows)],
        "drift": _drift(reference, rows),
    }
    return EvaluationReport.model_validate(about | evaluated.measured)


def features_looked_at(core: Core, reference: Reference) -> list[str]:
    """Return the features that an evaluation needs beyond the predictions, in order of name."""
    trees = trees_of(core)
    strongest = () if trees is None else trees.strongest(COUNT)
    return sorted({*strongest, *reference.features})


def _drift(reference: Reference, rows: OutOfTimeRows) -> dict[str, object]:
    """Return how far the eligible test rows have moved from the rows of the fit."""
    is_eligible = rows.is_eligible
    return drift_from(reference, rows.propensities[MODEL][is_eligible], rows.features)


def _strongest(core: Core, rows: OutOfTimeRows) -> list[LoneFeature]:
    """Return the features that the trees lean on, with what each is worth alone."""
    trees = trees_of(core)
    if trees is None:
        return []
    is_eligible = rows.is_eligible
    return strongest_features(
        trees, rows.features, rows.labels[is_eligible], rows.groups[is_eligible]
    )
