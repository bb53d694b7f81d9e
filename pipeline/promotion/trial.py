"""The trial of a challenger on the eligible test rows: gate, grade and verdict."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.evaluation.calibration_line import fit_line
from pipeline.evaluation.replicates import Replicates
from pipeline.evaluation.scorer_comparison import Outcomes, Resampling, compare_scorers
from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS
from pipeline.foundation.errors import DataError
from pipeline.models.propensity_model import PropensityModel
from pipeline.promotion.cell_comparison import CellRows
from pipeline.promotion.checks import check_scorer
from pipeline.promotion.contender import CHALLENGER, CHAMPION, Incumbent, contender_of
from pipeline.promotion.gate import pass_gate
from pipeline.promotion.override import Override
from pipeline.promotion.rules import Evidence, GateRules, RuleFinding, ScorerEvidence
from pipeline.promotion.verdict import Verdict, reach_verdict
from pipeline.statistics.arrays import Floats

RESAMPLING = Resampling(replicates=200, seed=17)


def try_challenger(
    challenger: PropensityModel,
    baselines: Mapping[str, PropensityModel],
    incumbent: Incumbent | None,
    predictions: pd.DataFrame,
    *,
    rules: GateRules,
    evidence: Evidence,
    of_scorers: Mapping[str, ScorerEvidence],
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
        of_scorers: what it says of every baseline by itself.
        override: lets it score although it is refused.
    """
    predicted = {CHALLENGER: predictions["propensity"].to_numpy()}
    predicted |= {name: predictions[name].to_numpy() for name in baselines}
    outcomes = _outcomes(predictions)
    rows = CellRows.of(predictions["category"], outcomes, RESAMPLING)
    broken = {
        name: _broken(replace(of_scorers[name], cells=rows.cells(predicted[name])), rules)
        for name in baselines
    }
    champion, beside, of_cells = None, None, None
    unknown: tuple[str, ...] = ()
    if incumbent is not None and incumbent.propensities is not None:
        champion, unknown = contender_of(incumbent.scorer), incumbent.unknown
        is_known = ~predictions["category"].isin(unknown).to_numpy()
        everywhere = predicted | {CHAMPION: incumbent.propensities}
        known = {name: one[is_known] for name, one in everywhere.items()}
        beside = compare_scorers(known, outcomes.take(is_known), RESAMPLING)
        part = outcomes.take(is_known)
        rows = CellRows.of(predictions["category"][is_known], part, RESAMPLING)
        own = _measure(beside, known[CHAMPION], part, rows)
        broken[CHAMPION] = _broken(own, rules)
        of_cells = rows.is_no_worse(known[CHALLENGER], known[CHAMPION], rules)
    measured = (
        beside if beside and not unknown else compare_scorers(predicted, outcomes, RESAMPLING)
    )
    is_another = champion is not None and champion.version != challenger.version
    judgement = pass_gate(
        measured,
        CHALLENGER,
        list(baselines),
        CHAMPION if is_another else None,
        rules=rules,
        evidence=evidence,
        beside_champion=beside,
        cells_beside_champion=of_cells,
        itself=[name for name, one in baselines.items() if one.core == challenger.core],
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
        broken=broken,
        beside_champion=beside,
        unknown_to_champion=unknown,
        incapable=incumbent.incapable if incumbent else None,
    )


def _broken(evidence: ScorerEvidence, rules: GateRules) -> list[RuleFinding]:
    return [finding for finding in check_scorer(evidence, rules) if not finding.holds]


def _measure(
    beside: Replicates, propensities: Floats, outcomes: Outcomes, rows: CellRows
) -> ScorerEvidence:
    """Return what the champion shows by itself on these rows; `evaluate` does not know it."""
    customers = np.unique(outcomes.groups, return_inverse=True)[1]
    line = fit_line(propensities, outcomes.labels, outcomes.weights, customers)
    return ScorerEvidence(
        positives=int(outcomes.labels.sum()),
        base_rate=float(outcomes.labels.mean()),
        auc=beside.interval(CHAMPION, "auc").value,
        ece=beside.interval(CHAMPION, "ece"),
        slope=line.slope,
        cells=rows.cells(propensities),
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
