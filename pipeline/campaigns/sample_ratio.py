"""Sample ratio mismatch: are the arms that came back the arms that were drawn?

Tested before any effect is looked at, by chi-square on the units of the draw (Fabijan and others,
Diagnosing Sample Ratio Mismatch in Online Controlled Experiments, KDD 2019). Two questions:

- Size: of the households that were drawn between, is the share of the campaign control the planned
  one, campaign by campaign?
- Missing: among those whom an order from before their offer began came back of, which no contact
  can have caused, are the arms as large as among all?
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2

from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, OFFERED_ARMS, TREATED
from pipeline.foundation.contracts.responses import ORDERED
from pipeline.statistics.arrays import Floats

ALARM = 0.001
"""A mismatch that a fair draw shows less often than this is taken for one."""
_LEAST_EXPECTED = 5.0
"""Units that an arm must be expected to have: below it, chi-square is no guide."""


@dataclass(frozen=True)
class RatioTest:
    """One chi-square test of the arms' sizes."""

    question: str
    """size, or missing."""
    treated: int
    controls: int
    expected_control_share: float
    p_value: float

    @property
    def is_mismatch(self) -> bool:
        """Say whether a fair draw hardly ever gives such arms."""
        return self.p_value < ALARM


@dataclass(frozen=True)
class SampleRatio:
    """What was asked of a wave's arms; a question that the data cannot answer is left out."""

    is_mismatch: bool
    tests: tuple[RatioTest, ...]
    sentences: tuple[str, ...]
    """Empty where the arms are as drawn."""


def check_sample_ratio(
    outcomes: pd.DataFrame, matched: pd.DataFrame, control_share: float
) -> SampleRatio:
    """Ask whether a wave's arms are as drawn, and whether both came back whole.

    Args:
        outcomes: as `outcomes` returns them.
        matched: all responses, as `match` returns them.
        control_share: of the households between which the campaign control was drawn.
    """
    drawn = outcomes[outcomes["arm"].isin(OFFERED_ARMS)]
    found = tuple(
        test for test in (_test_size(drawn, control_share), _test_missing(drawn, matched)) if test
    )
    odd = [test for test in found if test.is_mismatch]
    return SampleRatio(bool(odd), found, tuple(_tell(test) for test in odd))


def chi_square(observed: Floats, expected: Floats, freedom: int) -> float:
    """Return the p-value of Pearson's chi-square: [cells] observed against expected counts."""
    return float(chi2.sf(((observed - expected) ** 2 / expected).sum(), freedom))


def _test_size(drawn: pd.DataFrame, control_share: float) -> RatioTest | None:
    """Compare the arms of each campaign with the planned share, all campaigns in one test.

    A household stands in the campaign of its likeliest member, as it did when it was drawn.
    """
    first = drawn.sort_values(["propensity", "customer_id"], ascending=[False, True])
    units = first.drop_duplicates("household")
    is_control = units["arm"] == CAMPAIGN_CONTROL
    counts = is_control.groupby(units["campaign"]).agg(["size", "sum"])
    sizes, controls = (counts[name].to_numpy(np.float64) for name in ("size", "sum"))
    expected = sizes * control_share
    is_large = np.minimum(expected, sizes - expected) >= _LEAST_EXPECTED
    if not is_large.any():
        return None
    observed = np.concatenate([controls[is_large], (sizes - controls)[is_large]])
    planned = np.concatenate([expected[is_large], (sizes - expected)[is_large]])
    p_value = chi_square(observed, planned, int(is_large.sum()))
    many = int(is_control.sum())
    return RatioTest("size", len(units) - many, many, control_share, p_value)


def _test_missing(drawn: pd.DataFrame, matched: pd.DataFrame) -> RatioTest | None:
    """Compare the arms of those with an order from before their offer with the arms of all."""
    orders = matched[(matched["kind"] == ORDERED) & matched["customer_id"].notna()]
    offers = drawn[["customer_id", "household", "arm", "valid_from"]]
    pairs = orders[["customer_id", "occurred_at"]].merge(offers, on="customer_id")
    early = pairs[pairs["occurred_at"] < pd.to_datetime(pairs["valid_from"])]
    seen = early.drop_duplicates("household")
    everybody = drawn.drop_duplicates("household")
    share = float((everybody["arm"] == CAMPAIGN_CONTROL).mean()) if len(everybody) else 0.0
    controls = int((seen["arm"] == CAMPAIGN_CONTROL).sum())
    treated = int((seen["arm"] == TREATED).sum())
    expected = np.array([share, 1 - share]) * len(seen)
    if expected.min() < _LEAST_EXPECTED:
        return None
    p_value = chi_square(np.array([controls, treated], dtype=np.float64), expected, 1)
    return RatioTest("missing", treated, controls, share, p_value)


def _tell(test: RatioTest) -> str:
    share = test.controls / (test.treated + test.controls)
    found = (
        f"{test.controls:,} of {test.treated + test.controls:,} households "
        f"({100 * share:.1f} in 100) are controls, where {100 * test.expected_control_share:.1f} "
        f"in 100 were drawn (sample ratio mismatch, p = {test.p_value:.1g})"
    )
    if test.question == "size":
        return f"The arms are not as large as they were drawn: {found}. Trust no effect before the cause is known."
    missing = "controls" if share < test.expected_control_share else "treated"
    return (
        f"Customers are missing from what came back, more {missing} than others: of those with an "
        f"order from before their offer, {found}. Trust no effect before the cause is known."
    )
