"""promote: the trained model against rules and champion -> who scores from now on, and why.

A challenger is refused unless it shows that it is better. A second run of the same challenger
changes nothing, not even the verdict, unless a new backtest speaks. The model card tells the
verdict and all that led to it.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from logging import INFO, WARNING
from shutil import copyfile, rmtree
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from pipeline.evaluation.scorer_comparison import Outcomes, Resampling, compare_scorers
from pipeline.features.baseline_rules import RULES
from pipeline.foundation import config, paths
from pipeline.foundation.config import ModelName, Params, PromoteParams
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.foundation.contracts.hand_overs.populations import Populations
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.provenance import Provenance
from pipeline.foundation.contracts.hand_overs.saved_model import CalibratorFile, SavedModelFile
from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS
from pipeline.foundation.engines import Engine, open_engine
from pipeline.foundation.errors import DataError
from pipeline.foundation.running import model_argument, run
from pipeline.io.documents import read_document
from pipeline.io.made_from import made_from
from pipeline.io.matrices import read_matrix
from pipeline.io.snapshots import read_snapshots
from pipeline.io.tables import read_json, write_json
from pipeline.models.estimators.baselines import BASE_RATE, LOGISTIC
from pipeline.models.estimators.core import columns_read
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer
from pipeline.promotion.backtest_benchmark import Past, read_past
from pipeline.promotion.gate import judge
from pipeline.promotion.rules import Evidence, GateRules
from pipeline.promotion.verdict import (
    CHALLENGER,
    CHAMPION,
    Identity,
    Override,
    Verdict,
    decide,
    is_settled,
)
from pipeline.reports.card.model_card import CardInputs, write_card
from pipeline.statistics.arrays import Floats

log = logging.getLogger(__name__)

VERDICT_FILE = "verdict.json"
BACKTEST = "backtest"
RESAMPLING = Resampling(replicates=200, seed=17)


@dataclass(frozen=True)
class Incumbent:
    """What scores now, and what it says of the rows, or why it cannot say anything."""

    scorer: PropensityModel
    propensities: Floats | None
    obstacle: str | None


def main() -> None:
    """Judge the model that the stage is called for."""
    model = model_argument()
    params = config.load()
    rules = GateRules(**params.promote.model_dump(exclude={"override"}))
    challenger = load_scorer(paths.MODELS / model)
    override = find_override(params.promote, model, challenger.version)
    standing = _read_standing(params.source.name, model)
    past = find_past(model, params)
    if is_settled(standing, challenger.version, rules, past, override):
        paths.VERDICTS.mkdir(parents=True, exist_ok=True)
        folder = paths.champion(params.source.name, model)
        copyfile(folder / VERDICT_FILE, paths.VERDICTS / f"{model}.json")
        _write_card(model)
        log.info("%s: model %s was judged before; nothing changes", model, challenger.version)
        return
    with open_engine(params.engine) as engine:
        predictions = _read_predictions(model)
        champion = _score_champion(engine, params.source.name, model, standing, predictions)
    verdict = judge_model(
        challenger,
        _baselines(model, predictions),
        champion,
        predictions,
        rules=rules,
        evidence=Evidence.from_report(read_json(paths.EVALUATION_REPORTS / f"{model}.json"), past),
        override=override,
    )
    _write(params.source.name, model, verdict, champion.obstacle if champion else None)
    _write_card(model)
    log.log(WARNING if verdict.override else INFO, "%s: %s", model, verdict.in_words)


def find_override(promotion: PromoteParams, model: ModelName, version: str) -> Override | None:
    """Return the override that speaks of this challenger."""
    found = (promotion.override or {}).get(model)
    if found is None:
        return None
    if found.version not in {None, version}:
        log.warning("%s: the override of version %s does not hold here", model, found.version)
        return None
    return Override(found.name, found.reason)


def find_past(model: ModelName, params: Params) -> Past:
    """Return what a backtest of this source and model found before the test."""
    path = paths.study(params.source.name, BACKTEST, model).with_suffix(".json")
    return read_past(
        read_json(path) if path.is_file() else None,
        made_from(params.source.name, params.snapshots.gap_days, params.snapshots.outcome_days),
        read_snapshots().test.isoformat(),
        f"`python -m pipeline.commands.study {BACKTEST} {model}`, and then `dvc repro`,",
    )


def judge_model(
    challenger: PropensityModel,
    baselines: Mapping[str, PropensityModel],
    champion: Incumbent | None,
    predictions: pd.DataFrame,
    *,
    rules: GateRules,
    evidence: Evidence,
    override: Override | None = None,
) -> Verdict:
    """Judge a challenger on the eligible test rows.

    Args:
        challenger: the model just trained.
        baselines: by the name of their column in `predictions`.
        champion: what scores now; one that cannot score these rows is as good as none.
        predictions: `data/evaluation/<model>/predictions.parquet`, eligible rows.
        rules: what the challenger must show.
        evidence: what the evaluation says of the challenger by itself.
        override: lets it score although it is refused.
    """
    stated = {CHALLENGER: predictions["propensity"].to_numpy()}
    stated |= {name: predictions[name].to_numpy() for name in baselines}
    before = None
    if champion is not None and champion.propensities is not None:
        before = _identity(champion.scorer)
        stated[CHAMPION] = champion.propensities
    is_another = before is not None and before.version != challenger.version
    measured = compare_scorers(stated, _outcomes(predictions), RESAMPLING)
    judgement = judge(
        measured,
        CHALLENGER,
        list(baselines),
        CHAMPION if is_another else None,
        rules=rules,
        evidence=evidence,
    )
    return decide(
        judgement,
        measured,
        challenger=_identity(challenger),
        champion=before,
        baselines={name: _identity(baseline) for name, baseline in baselines.items()},
        rules=rules,
        past=evidence.past,
        override=override,
    )


def _identity(scorer: PropensityModel) -> Identity:
    return Identity(scorer.name, scorer.core.kind, scorer.version, columns_read(scorer.core))


def _read_standing(source: str, model: ModelName) -> dict[str, Any] | None:
    """Return the verdict that made the champion, if there is one."""
    path = paths.champion(source, model) / VERDICT_FILE
    if not path.is_file():
        return None
    standing: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return standing


def _read_predictions(model: ModelName) -> pd.DataFrame:
    path = paths.table(paths.EVALUATION / model, "predictions")
    tested: pd.DataFrame = pq.read_table(path, filters=[("is_eligible", "=", True)]).to_pandas()
    return tested


def _baselines(model: ModelName, predictions: pd.DataFrame) -> dict[str, PropensityModel]:
    """Return the baselines that have spoken on the test rows."""
    return {
        name: load_scorer(paths.baselines(model) / name)
        for name in (BASE_RATE, *RULES, LOGISTIC)
        if bool(predictions[name].notna().all())
    }


def _score_champion(
    engine: Engine,
    source: str,
    model: ModelName,
    standing: Mapping[str, Any] | None,
    predictions: pd.DataFrame,
) -> Incumbent | None:
    """Return the champion and what it says of the test rows."""
    if standing is None:
        return None
    champion = load_scorer(paths.champion(source, model))
    matrix = read_matrix(engine, model, splits=["test"])
    _check_same_rows(matrix.keys, predictions)
    try:
        return Incumbent(champion, champion.propensity(matrix.features), None)
    except DataError as error:
        log.warning("%s: champion %s cannot score these rows: %s", model, champion.version, error)
        return Incumbent(champion, None, str(error))


def _check_same_rows(keys: pd.DataFrame, predictions: pd.DataFrame) -> None:
    same = len(keys) == len(predictions) and all(
        (keys[name].astype("object").to_numpy() == predictions[name].to_numpy()).all()
        for name in CUSTOMER_CATEGORY_KEYS
    )
    if not same:
        raise DataError(
            f"the {len(predictions)} eligible test rows that evaluate wrote",
            f"{len(keys)} rows, or others",
            "Run dvc repro, which evaluates again.",
        )


def _outcomes(predictions: pd.DataFrame) -> Outcomes:
    customers = pd.factorize(predictions["customer_id"], sort=True)[0].astype(np.int64)
    return Outcomes(
        predictions["label"].to_numpy(dtype=np.float64),
        np.ones(len(predictions)),
        customers,
        customers,
    )


def _write(source: str, model: ModelName, verdict: Verdict, obstacle: str | None) -> None:
    """Write the verdict, and the winner's folder if it is a new one."""
    content = {
        "model": model,
        "source": source,
        "why_the_champion_could_not_score": obstacle,
        **verdict.to_json(),
    }
    write_json(content, paths.VERDICTS / f"{model}.json")
    if verdict.decision == "kept":
        return
    is_model = verdict.decision == "promoted"
    winner = paths.MODELS / model if is_model else paths.baselines(model) / verdict.winner.name
    folder = paths.champion(source, model)
    rmtree(folder, ignore_errors=True)
    load_scorer(winner).save(folder)
    write_json(content, folder / VERDICT_FILE)


def _write_card(model: ModelName) -> None:
    """Write the model card from what the stages before and this one wrote."""
    asked = read_document(paths.CANDIDATES, Populations).models[model]
    features = read_document(paths.COMPUTED_FAMILIES, FeaturesReport)
    provenance = read_document(paths.PROVENANCE, Provenance)
    card = write_card(
        CardInputs(
            name=model,
            statement=provenance.statement,
            evaluation=read_document(paths.EVALUATION_REPORTS / f"{model}.json", EvaluationReport),
            verdict=read_document(paths.VERDICTS / f"{model}.json", PromotionVerdict),
            saved=read_document(paths.MODELS / model / "model.json", SavedModelFile),
            calibrator=read_document(paths.MODELS / model / "calibrator.json", CalibratorFile),
            as_of_dates=read_snapshots().by_split(),
            population=asked,
            switched_off=features.switched_off,
        )
    )
    paths.MODEL_CARDS.mkdir(parents=True, exist_ok=True)
    (paths.MODEL_CARDS / f"{model}.md").write_text(card, encoding="utf-8")


if __name__ == "__main__":
    run(main)
