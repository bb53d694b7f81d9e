"""What sealed waves teach is told by what the decision earns before the first and after each."""

from typing import Any

import pytest

from pipeline.studies.policy_comparison import ESTIMATED, ORACLE, PROPENSITY, TOLD_BY_TRUTH
from pipeline.studies.wave_gains import LEDGER_ALONE, answer


def moment(estimated: float, oracle: float = 50.0) -> dict[str, Any]:
    """Return what policies earn, in cents a customer."""
    profits = {PROPENSITY: -30.0, ESTIMATED: estimated, TOLD_BY_TRUTH: 40.0, ORACLE: oracle}
    return {
        "customers": 9,
        "policies": {name: {"profit": {"value": cents}} for name, cents in profits.items()},
    }


def company(*estimated: float, alone: float) -> dict[str, Any]:
    return {"moments": [moment(cents) for cents in estimated], "ledger_alone": moment(alone)}


def test_before_and_after_are_compared_as_shares_of_the_oracle_of_their_day() -> None:
    found = answer({1: company(20, 25, alone=22), 2: company(30, 25, alone=20)})
    assert found.facts["waves"] == 1
    assert found.facts["mean_share_of_oracle"]["0"] == pytest.approx(0.5)  # 20/50 and 30/50
    assert found.facts["mean_share_of_oracle"]["1"] == pytest.approx(0.5)  # 25/50 twice
    assert found.facts["companies_above_before"] == 1
    assert found.facts["companies_above_ledger_alone"] == 2


def test_the_table_has_a_row_for_each_moment_and_one_without_the_draws() -> None:
    table = answer({1: company(20, 25, alone=22)}).tables[""]
    assert table["waves"].tolist() == ["0", "1", LEDGER_ALONE]
    assert table[ESTIMATED].tolist() == [0.2, 0.25, 0.22]  # money, not cents
    assert table["share_of_told_by_truth"].tolist() == [0.5, 0.625, 0.55]
