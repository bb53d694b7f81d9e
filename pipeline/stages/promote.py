"""promote: the trained model against baselines and champion -> who scores from now on, and why.

A challenger is refused unless it shows that it is better. A second run of the same challenger
changes nothing, not even the verdict, unless a new backtest speaks. The model card tells the
verdict and all that led to it.
"""

import logging
from logging import INFO, WARNING

from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, Params
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import model_argument, run
from pipeline.io.backtests import read_backtest
from pipeline.io.baselines import load_baselines
from pipeline.io.champions import read_standing, repeat_standing, score_incumbent, write_verdict
from pipeline.io.evaluations import read_evaluation
from pipeline.io.made_from import made_from
from pipeline.io.model_cards import write_model_card
from pipeline.io.past_dates import read_pasts
from pipeline.io.predictions import read_eligible
from pipeline.io.snapshots import read_snapshots
from pipeline.models.learnable import NO_MODEL
from pipeline.models.scorers import load_scorer
from pipeline.promotion.backtest_benchmark import Benchmark, find_benchmark
from pipeline.promotion.override import find_override
from pipeline.promotion.rules import Evidence, GateRules, evidence_of_scorers
from pipeline.promotion.trial import try_challenger
from pipeline.promotion.verdict import is_settled

log = logging.getLogger(__name__)


def main() -> None:
    """Judge the model that the stage is called for."""
    model = model_argument()
    params = config.load()
    source = params.source.name
    rules = GateRules(**params.promote.model_dump(exclude={"override"}))
    challenger = load_scorer(paths.MODELS / model)
    override = find_override(params.promote, model, challenger.version)
    benchmark = read_benchmark(model, params)
    if is_settled(read_standing(source, model), challenger.version, rules, benchmark, override):
        repeat_standing(source, model)
        write_model_card(model)
        log.info("%s: model %s was judged before; nothing changes", model, challenger.version)
        return
    predictions, evaluation = read_eligible(model), read_evaluation(model)
    with open_engine(params.engine) as engine:
        incumbent = score_incumbent(engine, source, model, predictions)
    verdict = try_challenger(
        challenger,
        # A baseline that was not trained when the model was evaluated has no predictions.
        {
            name: baseline
            for name, baseline in load_baselines(model).items()
            if bool(predictions[name].notna().all())
        },
        incumbent,
        predictions,
        rules=rules,
        evidence=Evidence.from_report(
            evaluation, benchmark, challenger.made_from.get(NO_MODEL), read_pasts(model)
        ),
        of_scorers=evidence_of_scorers(evaluation),
        override=override,
    )
    write_verdict(verdict.to_document(model, source, incumbent.failure if incumbent else None))
    write_model_card(model)
    is_doubtful = verdict.override or verdict.decision in {"fallback", "unproven"}
    log.log(WARNING if is_doubtful else INFO, "%s: %s", model, verdict.in_words)


def read_benchmark(model: ModelName, params: Params) -> Benchmark:
    """Return what a backtest of this source and model found before the test."""
    return find_benchmark(
        read_backtest(params.source.name, model),
        made_from(params.source.name, params.snapshots.gap_days, params.snapshots.outcome_days),
        read_snapshots().test,
        f"`python -m pipeline.commands.study backtest {model}`, and then `dvc repro`,",
    )


if __name__ == "__main__":
    run(main)
