"""measure: sealed waves, responses -> what they caused; households are those of the seal."""

import logging
import shutil
from dataclasses import asdict
from typing import Any

import pandas as pd

from pipeline.campaigns.effect_ranking import TOO_FEW, compare_rankings, rank_by_effect
from pipeline.campaigns.measurement import (
    compare_with_truth,
    describe_policies,
    describe_wave,
    measure_wave,
    report_claims,
    report_nothing,
    report_waves,
)
from pipeline.campaigns.measurement_page import write_page
from pipeline.campaigns.sample_ratio import check_sample_ratio
from pipeline.campaigns.wave_outcomes import outcomes
from pipeline.campaigns.wave_policies import value_policies
from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport
from pipeline.foundation.contracts.hand_overs.measurement_report import MeasurementReport
from pipeline.foundation.contracts.keys import CUSTOMER_MODEL_KEYS
from pipeline.foundation.contracts.responses import ESTIMATED_EFFECTS, UNMATCHED
from pipeline.foundation.contracts.tables import UNPARSED
from pipeline.foundation.engines import open_engine
from pipeline.foundation.running import run
from pipeline.io.documents import write_document
from pipeline.io.outputs import write_output
from pipeline.io.wave_answers import WaveAnswers, read_answers
from pipeline.io.waves import (
    read_contact_log,
    read_control_share,
    read_first_reasons,
    read_responses,
    read_true_effects,
    read_waves,
    refuse_orphans,
)

log = logging.getLogger(__name__)


def main() -> None:
    """Write the report, its page, and the responses that something is odd about."""
    params = config.load()
    shutil.rmtree(paths.MEASUREMENT, ignore_errors=True)
    waves, responses = read_waves(), read_responses()
    refuse_orphans(waves, responses)
    with open_engine(params.engine) as engine:
        answers = read_answers(engine, waves, responses)
    measured = measure(waves, answers, params)
    has_any = len(responses) or answers.recorded
    report = report_waves(answers.filed, measured) if has_any else report_nothing(waves)
    odd = answers.filed[answers.filed["finding"].notna()]
    write(report, odd)
    log.info(
        "%s waves and %s responses in; %s count, %s with a finding. %s",
        waves["wave"].nunique(),
        f"{len(responses):,}",
        f"{report['responses']['counted']:,}",
        f"{len(odd):,}",
        " ".join(report["in_words"]),
    )


def measure(waves: pd.DataFrame, answers: WaveAnswers, params: Params) -> dict[str, Any]:
    """Return what each wave caused; one that nothing answers is described and no more."""
    found: dict[str, Any] = {}
    for wave, rows in waves.groupby("wave"):
        matched = answers.of(rows)
        one = describe_wave(rows) if matched is None else measure_answered(rows, matched, params)
        found[str(wave)] = answers.annotate(str(wave), one)
    return found


def measure_answered(wave: pd.DataFrame, matched: pd.DataFrame, params: Params) -> dict[str, Any]:
    """Measure a wave that responses have come back from; keep the effects that it lets estimate."""
    name = str(wave["wave"].iloc[0])
    reasoned = wave.merge(read_first_reasons(name), on=[*CUSTOMER_MODEL_KEYS], how="left")
    did = outcomes(reasoned.sort_values("customer_id", ignore_index=True), matched)
    own, drawn = params.measure, params.experiment
    control_share = read_control_share(name, drawn.campaign_share)
    ratio = check_sample_ratio(did, matched, control_share)
    measured = measure_wave(did, ratio, power=drawn.power, confidence=drawn.confidence)
    truth, contacts = read_true_effects(name), read_contact_log(name)
    ranked = rank_by_effect(did, seed=own.seed, threads=own.threads)
    rankings: dict[str, Any] = {"has_earned_it": False, "in_words": TOO_FEW}
    if ranked is not None:
        path = paths.table(paths.MEASUREMENT, f"{name}_estimated_effects")
        write_output(ranked, path, ESTIMATED_EFFECTS)
        draws = own.bootstrap_replicates
        rankings = asdict(compare_rankings(did, ranked, replicates=draws, seed=own.seed))
    return {
        **measured,
        **({"truth": compare_with_truth(truth, measured)} if truth else {}),
        "rankings": rankings,
        "policies": describe_policies(value_policies(did, ranked, control_share, contacts)),
    }


def write(report: dict[str, Any], odd: pd.DataFrame) -> None:
    """Write the report, its page, the claims, and the responses with a finding."""
    unmatched = odd.rename(columns={UNPARSED: "unreadable"})
    write_output(unmatched, paths.table(paths.MEASUREMENT, "unmatched"), UNMATCHED)
    claims = report_claims(report["waves"])
    write_document(ClaimsReport.model_validate(claims), paths.CLAIMS)
    write_document(MeasurementReport.model_validate(report), paths.MEASUREMENT_REPORT)
    with paths.replacing(paths.MEASUREMENT_PAGE) as partial:
        partial.write_text(write_page(report), encoding="utf-8")


if __name__ == "__main__":
    run(main)
