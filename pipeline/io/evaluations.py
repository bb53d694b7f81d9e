"""Where an evaluation is handed over, and its copies for readers."""

from collections.abc import Mapping

import pandas as pd

from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.contracts.hand_overs.headline_metrics import HeadlineMetrics
from pipeline.io.documents import read_document, write_document


def read_evaluation(model: ModelName) -> EvaluationReport:
    """Return what `evaluate` handed over."""
    return read_document(paths.evaluation(model), EvaluationReport)


def write_evaluation(
    model: ModelName,
    report: EvaluationReport,
    figures: HeadlineMetrics,
    tables: Mapping[str, pd.DataFrame],
) -> None:
    """Write the hand-over, and for readers the same report, the headline and the plots' tables."""
    write_document(report, paths.evaluation(model))
    write_document(report, paths.EVALUATION_REPORTS / f"{model}.json")
    write_document(figures, paths.METRICS / f"{model}.json")
    folder = paths.PLOTS / model
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
