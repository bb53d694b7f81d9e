"""One row for every customer: an offer and its arm, or the reason why there is none."""

from datetime import date

import pandas as pd
import pytest

from pipeline.foundation.errors import BrokenCheckError
from pipeline.offers.next_best_offers import date_offers, decide_on_everybody, draw_arms
from tests.offers.options import candidates

DAY = date(2026, 3, 15)


def known(*names: str, control: str = "") -> pd.DataFrame:
    return pd.DataFrame({"customer_id": names, "household_id": None}).assign(
        is_universal_control=[name == control for name in names]
    )


def test_controls_are_decided_on_and_left_alone() -> None:
    offers = date_offers(candidates(*((f"c{n:03d}", "x", 9.0) for n in range(200))), DAY, 28)
    customers = known(*offers["customer_id"], control="c007")
    arms = draw_arms(offers, customers, share=0.1, salt="s")
    assert arms.value_counts()["campaign_control"] in (19, 20)
    decided = decide_on_everybody(
        customers, offers.assign(arm=arms), pd.Series(dtype="object"), DAY
    ).set_index("customer_id")
    universal = decided[["arm", "suppression_reason"]].filter(["c007"], axis=0)
    assert universal.to_numpy().tolist() == [["universal_control"] * 2]
    assert decided["suppression_reason"].isna().equals(decided["arm"] == "treated")
    assert set(decided["campaign"]) == {"w20260315-cross_sell"}
    assert set(decided["valid_until"]) == {date(2026, 4, 11)}


def test_a_customer_with_neither_offer_nor_reason_breaks_the_run() -> None:
    offers = date_offers(candidates(("a", "x", 9.0)), DAY, 28).assign(arm="treated")
    with pytest.raises(BrokenCheckError, match="1 with both or neither"):
        decide_on_everybody(known("a", "b"), offers, pd.Series(dtype="object"), DAY)
    with pytest.raises(BrokenCheckError, match="1 with both or neither"):
        decide_on_everybody(known("a"), offers, pd.Series({"a": "consent"}), DAY)
