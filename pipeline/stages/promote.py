"""promote: the trained model against rules and champion -> who scores from now on, and why.

A challenger is refused unless it shows that it is better. A second run of the same challenger
changes nothing, not even the verdict.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from shutil import copyfile, rmtree
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from pipeline import config, paths
from pipeline.config import ModelName
from pipeline.engines import Engine, open_engine
from pipeline.errors import DataError
from pipeline.features.rules import RULES
from pipeline.models.baselines import BASE_RATE, LOGISTIC
from pipeline.models.evaluation import Outcomes, Resampling, compare
from pipeline.models.examples import Floats
from pipeline.models.gate import GateRules, judge
from pipeline.models.propensity_model import PropensityModel
from pipeline.models.scorers import load_scorer
from pipeline.models.verdict import CHALLENGER, CHAMPION, Identity, Verdict, decide, is_settled
from pipeline.stages import model_argument, run
from pipeline.stages.matrix_files import read_matrix
from pipeline.stages.tables import write_json

log = logging.getLogger(__name__)

VERDICT_FILE = "verdict.json"
RESAMPLING = Resampling(replicates=400, seed=17)
KEYS = ["as_of_date", "customer_id", "category"]


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
    rules = GateRules(params.promote.confidence, params.promote.max_auc)
    challenger = load_scorer(paths.MODELS / model)
    folder = paths.champion(params.source.name, model)
    standing = _read_standing(params.source.name, model)
    if is_settled(standing, challenger.version, rules):
        paths.VERDICTS.mkdir(parents=True, exist_ok=True)
        copyfile(folder / VERDICT_FILE, paths.VERDICTS / f"{model}.json")
        log.info("%s: model %s was judged before; nothing changes", model, challenger.version)
        return
    with open_engine(params.engine) as engine:
        predictions = _read_predictions(model)
        champion = _score_champion(engine, params.source.name, model, standing, predictions)
    verdict = judge_model(challenger, _baselines(model, predictions), champion, predictions, rules)
    _write(params.source.name, model, verdict, champion.obstacle if champion else None)
    log.info("%s: %s", model, verdict.in_words)


def judge_model(
    challenger: PropensityModel,
    baselines: Mapping[str, PropensityModel],
    champion: Incumbent | None,
    predictions: pd.DataFrame,
    rules: GateRules,
) -> Verdict:
    """Judge a challenger on the eligible test rows.

    Args:
        challenger: the model just trained.
        baselines: by the name of their column in `predictions`.
        champion: what scores now; one that cannot score these rows is as good as none.
        predictions: `data/evaluation/<model>/predictions.parquet`, eligible rows.
        rules: what the challenger must show.
    """
    stated = {CHALLENGER: predictions["propensity"].to_numpy()}
    stated |= {name: predictions[name].to_numpy() for name in baselines}
    before = None
    if champion is not None and champion.propensities is not None:
        before = _identity(champion.scorer)
        stated[CHAMPION] = champion.propensities
    measured = compare(stated, _outcomes(predictions), RESAMPLING)
    judgement = judge(measured, CHALLENGER, list(baselines), CHAMPION if before else None, rules)
    return decide(
        judgement,
        measured,
        challenger=_identity(challenger),
        champion=before,
        baselines={name: _identity(baseline) for name, baseline in baselines.items()},
        rules=rules,
    )


def _identity(scorer: PropensityModel) -> Identity:
    return Identity(scorer.name, scorer.core.kind, scorer.version)


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
        for name in ("customer_id", "category")
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


if __name__ == "__main__":
    run(main)
