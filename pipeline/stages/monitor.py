"""monitor: the champion on the latest outcomes and on the rows to score -> what is due.

It trains nothing and changes nothing: it says how old the champion is, how it did on the outcomes
known today, and how far the rows that it scores have moved from those it was trained on.
"""

import logging
from dataclasses import asdict
from logging import INFO, WARNING

from pipeline.evaluation.scorer_comparison import Resampling
from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, Params
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.monitoring_report import (
    STOPS,
    MonitoringReport,
)
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.running import model_argument, run
from pipeline.io.champions import read_champion_dates
from pipeline.io.documents import write_document
from pipeline.io.matrices import read_matrix
from pipeline.io.model_examples import to_examples
from pipeline.io.moved_rows import MovedRows, measure_moved_rows
from pipeline.io.snapshots import read_snapshots
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer
from pipeline.promotion.contender import contender_of
from pipeline.promotion.monitoring import (
    ChampionFigures,
    RetrainingLimits,
    judge_champion,
    measure_champion,
)
from pipeline.promotion.rules import GateRules

log = logging.getLogger(__name__)


def main() -> None:
    """Say of the model that the stage is called for how its champion does."""
    model = model_argument()
    params = config.load()
    source = params.source.name
    champion = load_scorer(paths.champion(source, model))
    resampling = Resampling(params.evaluate.bootstrap_replicates, params.evaluate.seed)
    with open_engine(params.engine) as engine:
        figures = _measure(engine, model, champion, resampling)
        moved = measure_moved_rows(engine, source, model, champion)
    report = _judge(params, model, champion, figures, moved)
    write_document(report, paths.monitoring(model))
    level = WARNING if report.is_retraining_due else INFO
    told = " ".join(report.reasons()) or "Retraining is not due."
    log.log(level, "%s: champion %s. %s", model, champion.version, told)


def _judge(
    params: Params,
    model: ModelName,
    champion: PropensityModel,
    figures: ChampionFigures,
    moved: MovedRows,
) -> MonitoringReport:
    now, then = read_snapshots(), read_champion_dates(params.source.name, model)
    age_days = (now.scoring - then.scoring).days if then else None
    findings = judge_champion(
        figures,
        age_days=age_days,
        score_psi=moved.drift.score if moved.drift else None,
        new_texts=moved.texts,
        rules=GateRules(**params.promote.model_dump(exclude={"override"})),
        limits=RetrainingLimits(
            params.retraining.max_age_days,
            params.retraining.stop_psi,
            params.retraining.stop_new_share,
        ),
    )
    return MonitoringReport(
        model=model,
        champion=contender_of(champion).to_document(),
        scoring_as_of_date=now.scoring,
        champion_since=then.scoring if then else None,
        age_days=age_days,
        outcomes_as_of_date=now.test,
        rows=figures.rows,
        positives=figures.positives,
        auc=Figure(**asdict(figures.auc)),
        calibration_slope=Figure(**asdict(figures.slope)),
        ece=Figure(**asdict(figures.ece)),
        drift=moved.drift,
        new_texts=moved.texts,
        findings=tuple(finding.to_document() for finding in findings),
        is_retraining_due=not all(finding.holds for finding in findings),
        is_fit_to_score=all(finding.holds for finding in findings if finding.rule in STOPS),
    )


def _measure(
    engine: Engine, model: ModelName, champion: PropensityModel, resampling: Resampling
) -> ChampionFigures:
    tested = to_examples(read_matrix(engine, model, splits=["test"]))
    propensities = champion.propensity(tested.features)
    return measure_champion(propensities, tested.labels, tested.groups, resampling)


if __name__ == "__main__":
    run(main)
