"""The trial of a challenger on the eligible test rows: gate, grade and verdict."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.evaluation.scorer_comparison import Outcomes, Resampling, compare_scorers
from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS
from pipeline.foundation.errors import DataError
from pipeline.models.propensity_model import PropensityModel
from pipeline.promotion.contender import CHALLENGER, CHAMPION, Incumbent, contender_of
from pipeline.promotion.gate import pass_gate
from pipeline.promotion.override import Override
from pipeline.promotion.rules import Evidence, GateRules
from pipeline.promotion.verdict import Verdict, reach_verdict

RESAMPLING = Resampling(replicates=200, seed=17)


def try_challenger(
    challenger: PropensityModel,
    baselines: Mapping[str, PropensityModel],
    incumbent: Incumbent | None,
    predictions: pd.DataFrame,
    *,
    rules: GateRules,
    evidence: Evidence,
    override: Override | None = None,
) -> Verdict:
    """Hold a challenger against baselines and champion on the same rows.

    Args:
        challenger: the model just trained.
        baselines: by the name of their column in `predictions`.
        incumbent: the champion so far; one that cannot score these rows is as good as none.
        predictions: `data/evaluation/<model>/predictions.parquet`, eligible rows.
        rules: what the challenger must show.
        evidence: what the evaluation says of the challenger by itself.
        override: lets it score although it is refused.
    """
    predicted = {CHALLENGER: predictions["propensity"].to_numpy()}
    predicted |= {name: predictions[name].to_numpy() for name in baselines}
    champion = None
    if incumbent is not None and incumbent.propensities is not None:
        champion = contender_of(incumbent.scorer)
        predicted[CHAMPION] = incumbent.propensities
    is_another = champion is not None and champion.version != challenger.version
    measured = compare_scorers(predicted, _outcomes(predictions), RESAMPLING)
    judgement = pass_gate(
        measured,
        CHALLENGER,
        list(baselines),
        CHAMPION if is_another else None,
        rules=rules,
        evidence=evidence,
    )
    return reach_verdict(
        judgement,
        measured,
        challenger=contender_of(challenger),
        champion=champion,
        baselines={name: contender_of(baseline) for name, baseline in baselines.items()},
        rules=rules,
        benchmark=evidence.benchmark,
        override=override,
    )


def require_same_rows(keys: pd.DataFrame, predictions: pd.DataFrame) -> None:
    """Refuse to compare scorers on different rows.

    Raises:
        DataError: the rows that the champion is to score are not those that were evaluated.
    """
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
