"""What each part of the priority decides."""

import pandas as pd
import pytest

from pipeline.foundation.contracts.hand_overs.funnel_report import PrioritySensitivity
from pipeline.offers.priority import prioritise
from pipeline.offers.sensitivity import BY_EFFECT, BY_PROPENSITY, leave_parts_out


def parts(**columns: list[float]) -> pd.DataFrame:
    rows = pd.DataFrame(
        {"customer_id": ["a", "a", "b", "b"], "category": ["tea", "tv", "tea", "tv"], **columns}
    )
    return rows.assign(model="cross_sell", context=1.0, lever=1.0)


def test_leaving_the_value_out_changes_the_offer_of_whom_it_decided() -> None:
    rows = parts(propensity=[0.1, 0.2, 0.1, 0.2], value_cents=[900, 100, 100, 100])
    assert prioritise(rows).tolist() == pytest.approx([90, 20, 10, 20])
    without = leave_parts_out(rows, BY_PROPENSITY)
    assert without["value_cents"].changed_offers_share == 0.5
    assert without["propensity"].changed_offers_share == 0.5  # b: the first of two equal ones
    assert without["lever"] == PrioritySensitivity(changed_offers_share=0.0, rank_correlation=1.0)
    # Ranks with all parts 4, 2.5, 1, 2.5; by propensity alone 1.5, 3.5, 1.5, 3.5; by value alone
    # 4, 2, 2, 2: 3 / √(4.5 × 3).
    assert without["value_cents"].rank_correlation == 0.0
    assert without["propensity"].rank_correlation == pytest.approx(0.816497, abs=1e-6)


def test_no_result_depends_on_the_order_of_a_customer_s_rows() -> None:
    rows = parts(propensity=[0.1, 0.2, 0.1, 0.2], value_cents=[900, 100, 100, 100])
    assert leave_parts_out(rows.iloc[[1, 0, 3, 2]], BY_PROPENSITY) == leave_parts_out(
        rows, BY_PROPENSITY
    )


def test_leaving_the_effect_out_changes_the_contact_of_whom_it_decided() -> None:
    rows = parts(
        effect=[0.02, 0.01, 0.01, 0.03],
        value_cents=[1000, 1500, 1000, 1000],
        contact_cost_cents=[1, 1, 1, 15],
    )
    # Priorities 19, 14, 9, 15. With the mean effect, .0175, for all: 16.5, 25.25, 16.5, 2.5.
    without = leave_parts_out(rows, BY_EFFECT)
    assert without["effect"].changed_offers_share == 1.0
    assert without["contact_cost_cents"].changed_offers_share == 0.0  # 20, 15, 10, 30
    # With the mean value, 1125, for all: 21.5, 10.25, 10.25, 18.75.
    assert without["value_cents"].changed_offers_share == 0.0
