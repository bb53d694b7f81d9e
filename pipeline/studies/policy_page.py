"""True profit of targeting policies over several companies: the table, its facts and its page."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.studies.answer import Answer, page
from pipeline.studies.policy_comparison import (
    ESTIMATED,
    NO_CONTACT,
    ORACLE,
    ORACLE_OWN,
    POLICIES,
    PROPENSITY,
    TOLD_BY_TRUTH,
    TOLD_OWN,
)

_COLUMNS = (
    "seed",
    "policy",
    "customers",
    "offers",
    "profit",
    "profit_low",
    "profit_high",
    "over_propensity",
    "over_propensity_low",
    "over_propensity_high",
    "share_of_oracle",
    "share_of_oracle_same_candidates",
    "claim",
    "claim_low",
    "claim_high",
    "claim_held",
)
_NAMES = {
    "estimated": ESTIMATED,
    "told_by_truth": TOLD_BY_TRUTH,
    "told_by_truth_same_candidates": TOLD_OWN,
    "oracle": ORACLE,
    "oracle_same_candidates": ORACLE_OWN,
}
_SHARES = (
    ("estimated", "oracle"),
    ("estimated", "oracle_same_candidates"),
    ("estimated", "told_by_truth"),
    ("told_by_truth", "oracle"),
    ("told_by_truth_same_candidates", "oracle_same_candidates"),
)
"""What the aims are about, and how much of each oracle no estimate can reach."""


def answer(found: Mapping[int, Mapping[str, Any]]) -> Answer:
    """Put the companies together.

    Args:
        found: what `compare_policies` returned, by seed.
    """
    table = pd.DataFrame(
        [row for seed in sorted(found) for row in _rows(seed, found[seed])], columns=list(_COLUMNS)
    )
    facts = _facts(table)
    return Answer({"": table}, facts, _page(table, facts))


def _rows(seed: int, company: Mapping[str, Any]) -> list[dict[str, Any]]:
    policies = company["policies"]
    oracles = {"share_of_oracle": ORACLE, "share_of_oracle_same_candidates": ORACLE_OWN}
    return [
        {
            "seed": seed,
            "policy": name,
            "customers": company["customers"],
            "offers": policies[name]["offers"],
            **_interval("profit", policies[name]["profit"]),
            **_interval("over_propensity", policies[name].get("over_propensity")),
            **{
                share: round(
                    policies[name]["profit"]["value"] / policies[oracle]["profit"]["value"], 4
                )
                for share, oracle in oracles.items()
                if oracle in policies
            },
            **_claim(policies[name].get("claim")),
        }
        for name in POLICIES
        if name in policies
    ]


def _interval(name: str, cents: Mapping[str, float] | None) -> dict[str, float | None]:
    """Return a figure in money with its interval."""
    if cents is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {
        name: round(cents["value"] / 100, 4),
        f"{name}_low": round(cents["low"] / 100, 4),
        f"{name}_high": round(cents["high"] / 100, 4),
    }


def _claim(claim: Mapping[str, Any] | None) -> dict[str, Any]:
    if claim is None:
        return {}
    limits = {f"claim_{end}": round(claim[end] / 100, 4) for end in ("low", "high") if end in claim}
    return {
        "claim": round(claim["profit"] / 100, 4),
        **limits,
        "claim_held": claim.get("held"),
    }


def _facts(table: pd.DataFrame) -> dict[str, Any]:
    """Return the figures that the aim is held against."""
    profit = table.pivot_table("profit", "seed", "policy")
    mean = {name: round(float(profit[name].mean()), 4) for name in POLICIES if name in profit}
    facts: dict[str, Any] = {"seeds": sorted(profit.index.tolist()), "mean_profit": mean}
    facts |= {
        f"{part}_over_{whole}": round(mean[_NAMES[part]] / mean[_NAMES[whole]], 4)
        for part, whole in _SHARES
        if _NAMES[part] in mean and _NAMES[whole] in mean
    }
    played = table[table["policy"] == ESTIMATED]
    if len(played):
        facts |= {
            "seeds_significantly_above_propensity": int((played["over_propensity_low"] > 0).sum()),
            "seeds_significantly_below_zero": int((played["profit_high"] < 0).sum()),
            "claims_held": int(played["claim_held"].eq(other=True).sum()),
        }
    return facts


def _page(table: pd.DataFrame, facts: Mapping[str, Any]) -> str:
    mean = facts["mean_profit"]
    sentences = [
        (
            "True profit a customer who may be contacted, in money: what the contacts of each "
            "policy cause, less what they cost; a customer left alone counts zero."
        ),
        (
            f"Companies: {len(facts['seeds'])}, by the seeds below. All policies choose among the "
            "same contacts, those that the contact policy permits."
        ),
        (
            f"Ranking by propensity earns {mean[PROPENSITY]:.2f} and the oracle, who knows every "
            f"effect, {mean[ORACLE]:.2f}; the same features earn {mean[TOLD_BY_TRUTH]:.2f} where a "
            "regression is told the truth, which no data of outcomes hold."
        ),
        *_verdict(facts, mean),
    ]
    shown = [name for name in POLICIES if name in mean and name != NO_CONTACT]
    return page(
        "What targeting policies truly earn",
        sentences,
        [_profits(table, shown), *_claims(table)],
    )


def _verdict(facts: Mapping[str, Any], mean: Mapping[str, float]) -> list[str]:
    if ESTIMATED not in mean:
        return []
    count = len(facts["seeds"])
    return [
        (
            f"Estimated effects, as `decide` goes by them, earn {mean[ESTIMATED]:.2f}: "
            f"{facts['estimated_over_oracle']:.0%} of the oracle, "
            f"{facts['estimated_over_told_by_truth']:.0%} of what the features allow. "
            "Exploration is left out: what it costs is the price of learning."
        ),
        (
            "An oracle that keeps the candidate chosen for each household, free in the channel and "
            f"free to send nothing, earns {mean[ORACLE_OWN]:.2f}: estimated effects reach "
            f"{facts['estimated_over_oracle_same_candidates']:.0%} of it."
        ),
        (
            "With unlimited data the same features would reach "
            f"{facts['told_by_truth_over_oracle']:.0%} of the oracle, and "
            f"{facts['told_by_truth_same_candidates_over_oracle_same_candidates']:.0%} of that "
            "with the same candidates."
        ),
        (
            "Estimated effects are significantly above ranking by propensity in "
            f"{facts['seeds_significantly_above_propensity']} of {count} companies and "
            f"significantly below zero in {facts['seeds_significantly_below_zero']}."
        ),
        f"Their claim's 90% interval held the truth in {facts['claims_held']} of {count}.",
    ]


def _profits(table: pd.DataFrame, shown: Sequence[str]) -> str:
    """Return a row a company and a column a policy."""
    cells = table.assign(cell=_with_limits(table, "profit"))
    by_seed = cells.pivot_table("cell", "seed", "policy", "first")
    return _markdown({"seed": [str(seed) for seed in by_seed.index]} | _columns(by_seed, shown))


def _columns(frame: pd.DataFrame, names: Sequence[str]) -> dict[str, list[str]]:
    return {name: [str(cell) for cell in frame[name]] for name in names}


def _claims(table: pd.DataFrame) -> list[str]:
    claimed = table[table["claim"].notna()]
    if claimed.empty:
        return []
    held = claimed["claim_held"].map({True: "yes", False: "no"}).fillna("–")
    columns = {
        "claimed": _with_limits(claimed, "claim"),
        "true": _with_limits(claimed, "profit"),
        "interval held the truth": [str(cell) for cell in held],
    }
    return [_markdown(_columns(claimed, ["seed", "policy"]) | columns)]


def _with_limits(table: pd.DataFrame, name: str) -> list[str]:
    columns = (table[column].astype("float64") for column in (name, f"{name}_low", f"{name}_high"))
    return [
        f"{value:.2f}" if np.isnan(low) else f"{value:.2f} <sub>{low:.2f} to {high:.2f}</sub>"
        for value, low, high in zip(*columns, strict=True)
    ]


def _markdown(columns: Mapping[str, Sequence[str]]) -> str:
    lines = [list(columns), ["---"] * len(columns), *zip(*columns.values(), strict=True)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
