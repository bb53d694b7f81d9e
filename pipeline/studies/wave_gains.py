"""What sealed waves teach: the true profit of the decision before the first and after each of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.studies.answer import Answer, page
from pipeline.studies.policy_comparison import ESTIMATED, ORACLE, PROPENSITY, TOLD_BY_TRUTH

LEDGER_ALONE = "ledger alone"
_SHOWN = (PROPENSITY, ESTIMATED, TOLD_BY_TRUTH, ORACLE)


def answer(found: Mapping[int, Mapping[str, Any]]) -> Answer:
    """Put the companies together.

    Args:
        found: by seed, `moments`, what `compare_policies` returned before the first wave and after
            each, and `ledger_alone`, the same after the last without what the draws taught.
    """
    rows = [row for seed in sorted(found) for row in _rows(seed, found[seed])]
    table = pd.DataFrame(rows)
    facts = _facts(table)
    return Answer({"": table}, facts, _page(table, facts))


def _rows(seed: int, company: Mapping[str, Any]) -> list[dict[str, Any]]:
    moments = {str(waves): one for waves, one in enumerate(company["moments"])}
    return [
        {"seed": seed, "waves": waves, "customers": one["customers"], **_profits(one["policies"])}
        for waves, one in {**moments, LEDGER_ALONE: company["ledger_alone"]}.items()
    ]


def _profits(policies: Mapping[str, Any]) -> dict[str, float]:
    """Return the profit of each policy in money a customer, and of the estimate as shares."""
    profit = {name: policies[name]["profit"]["value"] for name in _SHOWN}
    shares = {
        "share_of_oracle": profit[ESTIMATED] / profit[ORACLE],
        "share_of_told_by_truth": profit[ESTIMATED] / profit[TOLD_BY_TRUTH],
    }
    money = {name: round(cents / 100, 4) for name, cents in profit.items()}
    return money | {name: round(share, 4) for name, share in shares.items()}


def _facts(table: pd.DataFrame) -> dict[str, Any]:
    """Return means over the companies, and in how many of them the waves paid."""
    share = table.pivot_table("share_of_oracle", "seed", "waves")
    profit = table.pivot_table(ESTIMATED, "seed", "waves")
    last = str(max(int(str(name)) for name in share if name != LEDGER_ALONE))
    return {
        "seeds": sorted(share.index.tolist()),
        "waves": int(last),
        "mean_profit": {name: round(float(profit[name].mean()), 4) for name in profit},
        "mean_share_of_oracle": {name: round(float(share[name].mean()), 4) for name in share},
        "companies_above_before": int((share[last] > share["0"]).sum()),
        "companies_above_ledger_alone": int((profit[last] > profit[LEDGER_ALONE]).sum()),
    }


def _page(table: pd.DataFrame, facts: Mapping[str, Any]) -> str:
    share, last, count = facts["mean_share_of_oracle"], str(facts["waves"]), len(facts["seeds"])
    profit = facts["mean_profit"]
    sentences = [
        (
            "True profit a customer who may be contacted, in money, by estimated effects: before "
            "the first sealed wave, after each of them, and after the last by what the past's "
            "messages alone teach, without the draws of the waves."
        ),
        (
            f"Before the first wave the decision earns {share['0']:.0%} of what the oracle does on "
            f"the same contacts, after {last} waves {share[last]:.0%}; it does better in "
            f"{facts['companies_above_before']} of {count} companies."
        ),
        (
            f"On the day after the last wave it earns {profit[last]:.3f} with the draws and "
            f"{profit[LEDGER_ALONE]:.3f} by the ledger alone; the draws pay in "
            f"{facts['companies_above_ledger_alone']} of {count} companies."
        ),
        "The models that score are those from before the first wave.",
    ]
    columns = ["seed", "waves", *_SHOWN, "share_of_oracle", "share_of_told_by_truth"]
    return page("What sealed waves teach", sentences, [_markdown(table, columns)])


def _markdown(table: pd.DataFrame, columns: Sequence[str]) -> str:
    cells = [[str(cell) for cell in table[name]] for name in columns]
    heads = [name.replace("_", " ") for name in columns]
    lines = [heads, ["---"] * len(heads), *map(list, zip(*cells, strict=True))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
