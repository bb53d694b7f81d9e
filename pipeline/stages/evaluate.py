"""evaluate: the trained model and its baselines on the out-of-time test -> every metric.

Only eligible rows count. The figures over all rows stand beside them as "naive", to show by how
much asking the wrong people would have flattered the model. Of more customers than `MEASURED_CUSTOMERS` a random sample is asked.
"""

import logging

import numpy as np

from pipeline.evaluation.calibration_cells import tell_cells
from pipeline.evaluation.evaluation_document import features_looked_at, to_report
from pipeline.evaluation.headline import headline
from pipeline.evaluation.out_of_time import OutOfTimeRows, predict_rows, to_table
from pipeline.evaluation.plot_tables import plot_tables
from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.evaluation.whole_evaluation import Evaluated, RowFacts, evaluate_rows
from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.hand_overs.evaluation_report import OFF, EvaluationReport
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import model_argument, run
from pipeline.io.baselines import BASELINES, load_baselines
from pipeline.io.evaluation_inputs import read_attributes, read_row_facts, read_truth
from pipeline.io.evaluations import write_evaluation
from pipeline.io.matrices import MEASURED_CUSTOMERS, read_matrices
from pipeline.io.model_examples import to_examples
from pipeline.io.predictions import write_predictions
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import read_json
from pipeline.models.drift import Reference
from pipeline.models.scorers import load_scorer

log = logging.getLogger(__name__)


def main() -> None:
    """Measure the model that the stage is called for."""
    model = model_argument()
    params = config.load()
    trained, baselines = load_scorer(paths.MODELS / model), load_baselines(model)
    reference = Reference.from_json(read_json(paths.reference(model)))
    attributes = read_attributes(params.evaluate.groups, read_snapshots().test)
    kept = features_looked_at(trained.core, reference)
    parts, facts = [], []
    with open_engine(params.engine) as engine:
        for matrix in read_matrices(
            engine, model, split="test", eligible_only=False, most_customers=MEASURED_CUSTOMERS
        ):
            known = read_truth(model, matrix.keys)
            examples = to_examples(matrix)
            parts.append(predict_rows(matrix.keys, examples, trained, baselines, known, kept=kept))
            facts.append(read_row_facts(model, matrix, attributes))
    rows = OutOfTimeRows.stack(parts)
    resampling = Resampling(params.evaluate.bootstrap_replicates, params.evaluate.seed)
    evaluated = evaluate_rows(rows, RowFacts.stack(facts), resampling)
    report = to_report(model, trained, rows, evaluated, reference=reference, baselines=BASELINES)
    plots = plot_tables(evaluated, report.cells, trained.core)
    write_predictions(model, to_table(rows, BASELINES))
    write_evaluation(model, report, headline(report), plots)
    _warn(model, rows, evaluated, report)
    _report(model, report)
    is_off = any(cell.verdict == OFF for cell in report.cells)
    log.log(logging.WARNING if is_off else logging.INFO, "%s: %s", model, tell_cells(report.cells))


def _warn(
    model: ModelName, rows: OutOfTimeRows, evaluated: Evaluated, report: EvaluationReport
) -> None:
    for name in report.absent_baselines:
        log.warning("%s: no baseline %s was trained", model, name)
    if "truth" not in evaluated.propensities and np.isfinite(rows.truth).any():
        log.warning("%s: the truth of too many test rows is not known; it is left out", model)


def _report(model: ModelName, report: EvaluationReport) -> None:
    found = report.trained
    log.info(
        "%s: %d eligible rows, %d positives; AUC %s, average precision %s, log loss %s, lift %s "
        "in the top tenth",
        model,
        report.rows,
        report.positives,
        found.auc.value,
        found.average_precision.value,
        found.log_loss.value,
        found.lift_at_10.value,
    )


if __name__ == "__main__":
    run(main)
