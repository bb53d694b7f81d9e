"""The measurement report: every sealed wave, as it is written and as the page reads it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from pipeline.campaigns.average_effect import (
    AverageEffect,
    average_effects_by_campaign,
    compare_arms,
)
from pipeline.campaigns.breakdown import break_down
from pipeline.campaigns.claims import NOTHING_CLAIMED, ClaimCheck, check_claim
from pipeline.campaigns.conclusion import conclude, warn_first
from pipeline.campaigns.matching import count_findings
from pipeline.campaigns.measurement_page import NO_RESPONSES, NO_WAVES
from pipeline.campaigns.rates import rate
from pipeline.campaigns.realised import (
    compare_halves,
    deciles_of,
    realise_calibration,
    realise_deciles,
)
from pipeline.campaigns.sample_ratio import SampleRatio
from pipeline.campaigns.wave_outcomes import WITHOUT_HOUSEHOLDS
from pipeline.campaigns.wave_policies import ValuedPolicy, tell_policies
from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, TREATED
from pipeline.foundation.contracts.responses import CLICKED, OPENED, ORDERED, REDEEMED, UNSUBSCRIBED
from pipeline.statistics.power import detectable_uplift

_SHARES = (OPENED, CLICKED, REDEEMED, "take_up", UNSUBSCRIBED)
_DIGITS = 6  # significant ones


def report_nothing(waves: pd.DataFrame) -> dict[str, Any]:
    """Return the report while nothing has come back: the arms of each sealed wave."""
    words = [NO_RESPONSES] if len(waves) else [NO_WAVES, NO_RESPONSES]
    return {
        "responses": {"rows": 0, "counted": 0, "orders_without_amount": 0, "findings": {}}
        | {"orders": 0, "orders_counted": 0},
        "waves": {str(wave): describe_wave(rows) for wave, rows in waves.groupby("wave")},
        "in_words": words,
    }


def report_waves(matched: pd.DataFrame, measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of what came back, and of every wave by its name.

    Args:
        matched: responses as `match` returns them.
        measured: by wave, as `measure_wave` or `describe_wave` returns it.
    """
    counted = matched[matched["is_counted"]]
    is_order = counted["kind"] == ORDERED
    unpriced = is_order & counted["amount_cents"].isna()
    return {
        "responses": {
            "rows": len(matched),
            "counted": len(counted),
            "orders": int((matched["kind"] == ORDERED).sum()),
            "orders_counted": int(is_order.sum()),
            "orders_without_amount": int(unpriced.sum()),
            "findings": count_findings(matched),
        },
        "waves": dict(measured),
        "in_words": [
            f"{wave}: {found['conclusion']['sentences'][0]}"
            for wave, found in measured.items()
            if "conclusion" in found
        ],
    }


def describe_wave(wave: pd.DataFrame) -> dict[str, Any]:
    """Return the date and the size of each arm of a wave that nothing has come back from."""
    arms = wave["arm"].fillna("no_offer").value_counts().sort_index()
    return {
        "as_of_date": str(wave["as_of_date"].iloc[0]),
        "arms": {str(arm): int(customers) for arm, customers in arms.items()},
    }


def compare_with_truth(truth: Mapping[str, float], measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return by outcome the simulated truth, and whether the measured interval covers it.

    Args:
        truth: the average effect by outcome.
        measured: as `measure_wave` returns it.
    """
    found = {}
    for effect in measured["effects"]:
        value = truth.get(effect["outcome"])
        if effect["control"] == CAMPAIGN_CONTROL and value is not None:
            interval = effect["adjusted" if effect["is_adjusted"] else "raw"]["difference"]
            covered = interval["low"] is not None and interval["low"] <= value <= interval["high"]
            found[effect["outcome"]] = {"value": value, "is_covered": covered}
    return found


def report_claims(measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each wave claimed beside what it caused, and how many claims missed in a row.

    A wave whose arms are not as drawn measures no effect, so no claim is put against it.

    Args:
        measured: by wave, as `measure_wave` or `describe_wave` returns it, the oldest first.
    """
    checked = [
        {
            "wave": wave,
            "as_of_date": found["as_of_date"],
            "claimed": found["claim"]["take_ups"],
            "measured": found["claim"]["measured_take_ups"],
            "claimed_profit_cents": found["claim"]["profit_cents"],
            "measured_profit_cents": found["claim"]["measured_profit_cents"],
            "is_held": found["claim"]["is_held"],
        }
        for wave, found in sorted(measured.items(), key=lambda one: (one[1]["as_of_date"], one[0]))
        if found.get("claim")
        and found["claim"]["is_held"] is not None
        and not found["sample_ratio"]["is_mismatch"]
    ]
    held = [bool(one["is_held"]) for one in checked]
    misses = next((place for place, ok in enumerate(reversed(held)) if ok), len(held))
    return {"waves": checked, "consecutive_misses": misses}


def measure_wave(
    outcomes: pd.DataFrame, ratio: SampleRatio, *, power: float, confidence: float
) -> dict[str, Any]:
    """Measure one wave, ready to be written.

    Args:
        outcomes: as `outcomes` returns them.
        ratio: whether the arms are as they were drawn.
        power: of what is said about the least uplift that would have shown.
        confidence: likewise.
    """
    compared = compare_arms(outcomes)
    halves = compare_halves(outcomes)
    detectable = _detectable(compared, power, confidence)
    break_even = _break_even(outcomes)
    conclusion = conclude(compared, halves, detectable, break_even)
    notes = [] if outcomes["has_households"].all() else [WITHOUT_HOUSEHOLDS]
    cut = outcomes.assign(decile=deciles_of(outcomes))
    found = {
        "customers": len(outcomes),
        "arms": _describe_arms(outcomes),
        "as_of_date": str(outcomes["as_of_date"].iloc[0]),
        "conclusion": asdict(warn_first(conclusion, ratio)),
        "sample_ratio": asdict(ratio),
        **_describe_claim(check_claim(outcomes, compared)),
        "notes": notes,
        "effects": [describe_effect(effect) for effect in compared],
        "by_campaign": {
            name: describe_effect(effect)
            for name, effect in average_effects_by_campaign(outcomes, "take_up").items()
        },
        "detectable_uplift": detectable,
        "break_even_uplift": break_even,
        "halves": asdict(halves),
        "deciles": [asdict(decile) for decile in realise_deciles(outcomes)],
        "calibration": {arm: asdict(line) for arm, line in realise_calibration(outcomes).items()},
        "breakdown": {
            column: [asdict(part) for part in parts] for column, parts in break_down(cut).items()
        },
    }
    rounded: dict[str, Any] = _rounded(found)
    return rounded


def describe_effect(effect: AverageEffect) -> dict[str, Any]:
    """Return an effect with what follows from it."""
    return asdict(effect) | {"is_adjusted": effect.is_adjusted, "total": asdict(effect.total)}


def describe_policies(valued: Mapping[str, ValuedPolicy]) -> dict[str, Any]:
    """Return the value of each policy, ready to be written."""
    policies = {name: asdict(one) for name, one in valued.items()}
    rounded: dict[str, Any] = _rounded({"in_words": tell_policies(valued), "policies": policies})
    return rounded


def _describe_claim(check: ClaimCheck | None) -> dict[str, Any]:
    if check is None:
        return {"claim_in_words": [NOTHING_CLAIMED]}
    found = asdict(check)
    claimed, sentences = found.pop("claimed"), found.pop("sentences")
    sums = {name: claimed[name] for name in ("take_ups", "profit_cents")}
    return {
        "claim": {**found, **sums, "origins": dict(check.claimed.origins)},
        "claim_in_words": list(sentences),
    }


def _describe_arms(outcomes: pd.DataFrame) -> dict[str, Any]:
    """Return what came back from each arm; the arm is the cell in the offer's code."""
    return {
        str(arm): {
            "customers": len(rows),
            "revenue_cents": int(rows["revenue_cents"].sum()),
            **{name: asdict(rate(int(rows[name].sum()), len(rows))) for name in _SHARES},
        }
        for arm, rows in outcomes.groupby("arm")
    }


def _detectable(compared: list[AverageEffect], power: float, confidence: float) -> float | None:
    taken = [e for e in compared if (e.control, e.outcome) == (CAMPAIGN_CONTROL, "take_up")]
    if not taken or not 0 < (taken[0].raw.control or 0) < 1:
        return None
    customers = taken[0].treated_customers + taken[0].control_customers
    share = taken[0].control_customers / customers
    return detectable_uplift(taken[0].raw.control or 0, customers, share, power, confidence)


def _break_even(outcomes: pd.DataFrame) -> float | None:
    """Return the uplift at which the value of the offers pays for the contacts."""
    treated = outcomes[outcomes["arm"] == TREATED]
    value = float(treated["value_cents"].sum())
    return float(treated["contact_cost_cents"].sum()) / value if value > 0 else None


def _rounded(found: Any) -> Any:
    """Return the same with shorter numbers: the last bits are the machine's."""
    if isinstance(found, Mapping):
        return {key: _rounded(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_rounded(value) for value in found]
    return float(f"{found:.{_DIGITS}g}") if isinstance(found, float) else found
