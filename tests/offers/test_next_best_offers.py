"""One row for every customer: an offer and its arm, or the reason why there is none."""

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.foundation.contracts.frame_rows import to_rows
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import BrokenCheckError
from pipeline.offers.decided_customers import OFFERED, count_reasons, decide_on_everybody
from pipeline.offers.next_best_offers import date_offers, draw_arms
from pipeline.offers.wave_customers import CUSTOMERS
from tests.offers.options import candidates

DAY = date(2026, 3, 15)


def known(*names: str, control: str = "") -> pd.DataFrame:
    return pd.DataFrame({"customer_id": names, "household_id": None}).assign(
        is_universal_control=[name == control for name in names]
    )


def decide(
    engine: Engine, customers: pd.DataFrame, offers: pd.DataFrame, **reasons: str
) -> tuple[pd.DataFrame, dict[str | None, int]]:
    """Return the decision on each customer, by id, and how many there are of each reason."""
    offered = offers.reindex(columns=OFFERED.names)
    why_not = pa.table(
        {
            "customer_id": pa.array(list(reasons), pa.string()),
            "suppression_reason": pa.array(list(reasons.values()), pa.string()),
        }
    )
    decided = decide_on_everybody(
        engine,
        engine.table(to_rows(customers, CUSTOMERS)),
        engine.table(to_rows(offered, OFFERED)),
        engine.table(why_not),
        DAY,
    )
    rows: pd.DataFrame = engine.arrow(decided).to_pandas()
    return rows.set_index("customer_id"), dict(count_reasons(engine, decided))


def test_controls_are_decided_on_and_left_alone(engine: Engine) -> None:
    offers = date_offers(candidates(*((f"c{n:03d}", "x", 9.0) for n in range(200))), DAY, 28)
    customers = known(*offers["customer_id"], control="c007")
    arms = draw_arms(offers.merge(customers), share=0.1, salt="s")
    assert arms.value_counts()["campaign_control"] in (19, 20)
    decided, reasons = decide(engine, customers, offers.assign(arm=arms))
    universal = decided[["arm", "suppression_reason"]].filter(["c007"], axis=0)
    assert universal.to_numpy().tolist() == [["universal_control"] * 2]
    assert decided["suppression_reason"].isna().equals(decided["arm"] == "treated")
    assert reasons == {
        "universal_control": 1,
        "campaign_control": int((arms == "campaign_control").sum()),
        None: int((arms == "treated").sum()),
    }
    assert set(decided["campaign"]) == {"w20260315-cross_sell"}
    assert set(decided["valid_until"]) == {date(2026, 4, 11)}


def test_a_customer_with_neither_offer_nor_reason_breaks_the_run(engine: Engine) -> None:
    offers = date_offers(candidates(("a", "x", 9.0)), DAY, 28).assign(arm="treated")
    with pytest.raises(BrokenCheckError, match="1 with both or neither"):
        decide(engine, known("a", "b"), offers)
    with pytest.raises(BrokenCheckError, match="1 with both or neither"):
        decide(engine, known("a"), offers, a="consent")
    decided, reasons = decide(engine, known("a", "b"), offers, b="consent")
    assert reasons == {None: 1, "consent": 1}
    assert decided["suppression_reason"].isna().tolist() == (decided.index == "a").tolist()
