"""measure: sealed waves, responses -> what came back, and what the waves caused."""

import logging
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import config, paths
from pipeline.campaigns.matching import count_findings, match
from pipeline.campaigns.measurement import measure_wave
from pipeline.campaigns.outcomes import outcomes
from pipeline.campaigns.page import NO_RESPONSES, NO_WAVES, write_page
from pipeline.config import ExperimentParams
from pipeline.contracts.responses import UNMATCHED
from pipeline.contracts.tables import UNPARSED
from pipeline.errors import DataError
from pipeline.stages import run
from pipeline.stages.tables import read_json, write_json
from pipeline.stages.wave_files import read_responses, read_waves

log = logging.getLogger(__name__)


def main() -> None:
    """Write the report, its page, and the responses that something is odd about."""
    params = config.load()
    waves, responses = read_waves(), read_responses()
    if waves.empty and len(responses):
        raise DataError(
            "a sealed wave that the responses answer",
            f"{len(responses):,} responses and no wave",
            "Seal the wave that was sent with `make seal`.",
        )
    if responses.empty:
        report, odd = _report_nothing(waves), None
    else:
        matched = match(responses, waves)
        report = _report(waves, matched, params.experiment)
        odd = matched[matched["finding"].notna()]
    _write_unmatched(odd)
    write_json(report, paths.MEASUREMENT_REPORT)
    _write_text(write_page(report))
    log.info(
        "%s waves and %s responses in; %s count, %s with a finding. %s",
        waves["wave"].nunique(),
        f"{len(responses):,}",
        f"{report['responses']['counted']:,}",
        f"{0 if odd is None else len(odd):,}",
        " ".join(report["in_words"]),
    )


def _report_nothing(waves: pd.DataFrame) -> dict[str, Any]:
    words = [NO_RESPONSES] if len(waves) else [NO_WAVES, NO_RESPONSES]
    return {
        "responses": {"rows": 0, "counted": 0, "orders_without_amount": 0, "findings": {}},
        "waves": {str(wave): _describe(rows) for wave, rows in waves.groupby("wave")},
        "in_words": words,
    }


def _report(
    waves: pd.DataFrame, matched: pd.DataFrame, experiment: ExperimentParams
) -> dict[str, Any]:
    measured = {
        str(wave): _measure(rows, matched, experiment) for wave, rows in waves.groupby("wave")
    }
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


def _measure(
    wave: pd.DataFrame, matched: pd.DataFrame, experiment: ExperimentParams
) -> dict[str, Any]:
    """Measure a wave; one that nothing answers is described and no more."""
    name = str(wave["wave"].iloc[0])
    if not (matched["is_counted"] & (matched["wave"] == name)).any():
        return _describe(wave)
    households = pq.read_table(
        paths.table(paths.VALIDATED, "customers"), columns=["customer_id", "household_id"]
    ).to_pandas()
    reasoned = wave.merge(_first_reasons(name), on=["customer_id", "model"], how="left")
    did = outcomes(reasoned.sort_values("customer_id"), matched, households)
    measured = measure_wave(did, power=experiment.power, confidence=experiment.confidence)
    return measured | {"as_of_date": str(wave["as_of_date"].iloc[0])} | _truth(name, measured)


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


def _write_unmatched(odd: pd.DataFrame | None) -> None:
    path = paths.table(paths.MEASUREMENT, "unmatched")
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = pa.schema(UNMATCHED.columns)
    table = schema.empty_table()
    if odd is not None:
        rows = odd.rename(columns={UNPARSED: "unreadable"})
        table = pa.Table.from_pandas(rows, schema=schema, preserve_index=False)
    partial = path.with_name(f".{path.name}.partial")
    pq.write_table(table, partial)
    partial.replace(path)


def _write_text(page: str) -> None:
    partial = paths.MEASUREMENT_PAGE.with_name(f".{paths.MEASUREMENT_PAGE.name}.partial")
    partial.write_text(page, encoding="utf-8")
    partial.replace(paths.MEASUREMENT_PAGE)


if __name__ == "__main__":
    run(main)
