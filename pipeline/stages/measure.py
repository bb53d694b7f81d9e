"""measure: sealed waves, responses -> what came back, and what the waves caused."""

import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from pipeline.campaigns.matching import count_findings, match
from pipeline.campaigns.measurement import measure_wave
from pipeline.campaigns.outcomes import outcomes
from pipeline.campaigns.page import NO_RESPONSES, NO_WAVES, write_page
from pipeline.campaigns.uplift import TOO_FEW, compare_rankings, rank_by_effect
from pipeline.foundation import config, paths
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.responses import ESTIMATED_EFFECTS, UNMATCHED
from pipeline.foundation.contracts.tables import UNPARSED
from pipeline.foundation.errors import DataError
from pipeline.foundation.running import run
from pipeline.io.outputs import write_output
from pipeline.io.tables import read_json, write_json
from pipeline.io.waves import read_responses, read_waves

log = logging.getLogger(__name__)


def main() -> None:
    """Write the report, its page, and the responses that something is odd about."""
    params = config.load()
    shutil.rmtree(paths.MEASUREMENT, ignore_errors=True)
    waves, responses = read_waves(), read_responses()
    if waves.empty and len(responses):
        raise DataError(
            "a sealed wave that the responses answer",
            f"{len(responses):,} responses and no wave",
            "Seal the wave that was sent with `make seal`.",
        )
    if responses.empty:
        report = _report_nothing(waves)
        odd = pd.DataFrame(columns=[name for name, _ in UNMATCHED.columns])
    else:
        matched = match(responses, waves)
        report = _report(waves, matched, params)
        odd = matched[matched["finding"].notna()]
    unmatched = odd.rename(columns={UNPARSED: "unreadable"})
    write_output(unmatched, paths.table(paths.MEASUREMENT, "unmatched"), UNMATCHED)
    write_json(report, paths.MEASUREMENT_REPORT)
    with paths.replacing(paths.MEASUREMENT_PAGE) as partial:
        partial.write_text(write_page(report), encoding="utf-8")
    log.info(
        "%s waves and %s responses in; %s count, %s with a finding. %s",
        waves["wave"].nunique(),
        f"{len(responses):,}",
        f"{report['responses']['counted']:,}",
        f"{len(odd):,}",
        " ".join(report["in_words"]),
    )


def _report_nothing(waves: pd.DataFrame) -> dict[str, Any]:
    words = [NO_RESPONSES] if len(waves) else [NO_WAVES, NO_RESPONSES]
    return {
        "responses": {"rows": 0, "counted": 0, "orders_without_amount": 0, "findings": {}},
        "waves": {str(wave): _describe(rows) for wave, rows in waves.groupby("wave")},
        "in_words": words,
    }


def _report(waves: pd.DataFrame, matched: pd.DataFrame, params: Params) -> dict[str, Any]:
    measured = {str(wave): _measure(rows, matched, params) for wave, rows in waves.groupby("wave")}
    counted = matched[matched["is_counted"]]
    unpriced = (counted["kind"] == "ordered") & counted["amount_cents"].isna()
    return {
        "responses": {
            "rows": len(matched),
            "counted": len(counted),
            "orders_without_amount": int(unpriced.sum()),
            "findings": count_findings(matched),
        },
        "waves": measured,
        "in_words": [
            f"{wave}: {found['conclusion']['sentences'][0]}"
            for wave, found in measured.items()
            if "conclusion" in found
        ],
    }


def _measure(wave: pd.DataFrame, matched: pd.DataFrame, params: Params) -> dict[str, Any]:
    """Measure a wave; one that nothing answers is described and no more."""
    name = str(wave["wave"].iloc[0])
    if not (matched["is_counted"] & (matched["wave"] == name)).any():
        return _describe(wave)
    households = pq.read_table(
        paths.table(paths.VALIDATED, "customers"), columns=["customer_id", "household_id"]
    ).to_pandas()
    reasoned = wave.merge(_first_reasons(name), on=["customer_id", "model"], how="left")
    did = outcomes(reasoned.sort_values("customer_id", ignore_index=True), matched, households)
    measured = measure_wave(
        did, power=params.experiment.power, confidence=params.experiment.confidence
    )
    return {
        "as_of_date": str(wave["as_of_date"].iloc[0]),
        **measured,
        **_truth(name, measured),
        "rankings": _rank(name, did, params),
    }


def _rank(wave: str, did: pd.DataFrame, params: Params) -> dict[str, Any]:
    """Compare ranking by estimated effect with propensity; keep what was estimated."""
    ranked = rank_by_effect(did, seed=params.measure.seed, threads=params.measure.threads)
    if ranked is None:
        return {"has_earned_it": False, "in_words": TOO_FEW}
    path = paths.table(paths.MEASUREMENT, f"{wave}_estimated_effects")
    write_output(ranked, path, ESTIMATED_EFFECTS)
    compared = compare_rankings(
        did, ranked, replicates=params.measure.bootstrap_replicates, seed=params.measure.seed
    )
    return asdict(compared)


def _describe(wave: pd.DataFrame) -> dict[str, Any]:
    arms = wave["arm"].fillna("no_offer").value_counts().sort_index()
    return {
        "as_of_date": str(wave["as_of_date"].iloc[0]),
        "arms": {str(arm): int(customers) for arm, customers in arms.items()},
    }


def _first_reasons(wave: str) -> pd.DataFrame:
    """Return the first reason of each customer and model, as it was when the wave was sealed."""
    path = paths.table(paths.WAVE_REASONS, wave)
    if not path.exists():
        return pd.DataFrame(columns=["customer_id", "model", "reason"], dtype="str")
    reasons: pd.DataFrame = pq.read_table(
        path, columns=["customer_id", "model", "feature"], filters=[("position", "=", 1)]
    ).to_pandas()
    return reasons.rename(columns={"feature": "reason"})


def _truth(wave: str, measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return the simulated truth beside what was measured, where the responses are simulated."""
    path = paths.simulated_truth(wave)
    if not path.exists():
        return {}
    truth = read_json(path)["average_effect"]
    found = {}
    for effect in measured["effects"]:
        value = truth.get(effect["outcome"])
        if effect["control"] == "campaign_control" and value is not None:
            limits = effect["adjusted" if effect["is_adjusted"] else "raw"]["difference"]
            covered = limits["low"] is not None and limits["low"] <= value <= limits["high"]
            found[effect["outcome"]] = {"value": value, "is_covered": covered}
    return {"truth": found}


if __name__ == "__main__":
    run(main)
