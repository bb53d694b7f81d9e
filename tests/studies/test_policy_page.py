"""The page of the policy study says what was claimed, what is true, and where the aims stand."""

from typing import Any

from pipeline.studies.policy_comparison import (
    ESTIMATED,
    NO_CONTACT,
    ORACLE,
    ORACLE_OWN,
    PROPENSITY,
    TOLD_BY_TRUTH,
    TOLD_OWN,
)
from pipeline.studies.policy_page import answer


def policy(cents: float, gap: float, reach: float = 5.0, **more: Any) -> dict[str, Any]:
    return {
        "offers": 7,
        "profit": {"value": cents, "low": cents - reach, "high": cents + reach},
        "over_propensity": {"value": gap, "low": gap - reach, "high": gap + reach},
        "by_channel": {},
        **more,
    }


def company(estimated: float, *, held: bool) -> dict[str, Any]:
    claim = {"profit": 60.0, "low": 50.0, "high": 70.0, "held": held}
    return {
        "customers": 900,
        "policies": {
            NO_CONTACT: policy(0, 10, reach=0),
            PROPENSITY: policy(-10, 0, claim={"profit": 400.0}),
            ESTIMATED: policy(estimated, estimated + 10, claim=claim),
            TOLD_OWN: policy(64, 74),
            TOLD_BY_TRUTH: policy(80, 90),
            ORACLE_OWN: policy(80, 90),
            ORACLE: policy(100, 110),
        },
    }


def test_the_facts_hold_what_the_aims_ask_for() -> None:
    found = answer({2: company(60, held=True), 1: company(-8, held=False)})
    assert found.facts == {
        "seeds": [1, 2],
        "mean_profit": {
            NO_CONTACT: 0.0,
            PROPENSITY: -0.1,
            ESTIMATED: 0.26,
            TOLD_OWN: 0.64,
            TOLD_BY_TRUTH: 0.8,
            ORACLE_OWN: 0.8,
            ORACLE: 1.0,
        },
        "estimated_over_oracle": 0.26,
        "estimated_over_oracle_same_candidates": 0.325,
        "estimated_over_told_by_truth": 0.325,
        "told_by_truth_over_oracle": 0.8,
        "told_by_truth_same_candidates_over_oracle_same_candidates": 0.8,
        "seeds_significantly_above_propensity": 1,  # 70 +- 5 cents and 2 +- 5
        "seeds_significantly_below_zero": 1,  # -8 +- 5
        "claims_held": 1,
    }


def test_the_table_has_a_row_for_each_company_and_policy_in_money() -> None:
    table = answer({2: company(60, held=True), 1: company(-8, held=False)}).tables[""]
    assert table["seed"].tolist() == [1] * 7 + [2] * 7
    row = table[(table["seed"] == 2) & (table["policy"] == ESTIMATED)].iloc[0]
    assert (row["profit"], row["profit_low"], row["profit_high"]) == (0.6, 0.55, 0.65)
    assert (row["share_of_oracle"], row["share_of_oracle_same_candidates"]) == (0.6, 0.75)
    assert (row["claim"], row["claim_low"], row["claim_high"]) == (0.6, 0.5, 0.7)


def test_the_page_says_it_in_sentences() -> None:
    shown = answer({1: company(60, held=True)}).page
    assert "Ranking by propensity earns -0.10 and the oracle, who knows every effect, 1.00" in shown
    assert "earn 0.60: 60% of the oracle, 75% of what the features allow." in shown
    assert "free to send nothing, earns 0.80: estimated effects reach 75% of it." in shown
    assert "would reach 80% of the oracle, and 80% of that with the same candidates." in shown
    assert "| 1 | estimated effect | 0.60 <sub>0.50 to 0.70</sub> |" in shown
    assert "| 1 | propensity | 4.00 | -0.10" in shown


def test_without_an_estimate_the_page_speaks_of_the_other_policies_alone() -> None:
    some = company(60, held=True)
    for name in (ESTIMATED, TOLD_OWN, ORACLE_OWN):
        del some["policies"][name]
    found = answer({1: some})
    assert "Estimated effects" not in found.page
    assert "claims_held" not in found.facts
