"""The lifecycle stages: which rule names a customer."""

import pandas as pd
import pytest

from pipeline.segments.lifecycle import lifecycle_stage

QUIET = {
    "purchase_count": 0,
    "purchase_count_365d": 0,
    "days_since_purchase": float("nan"),
    "contract_count": 0,
    "touch_count": 0,
}


def stage_of(**facts: float) -> str:
    frame = pd.DataFrame([QUIET | facts])
    return str(lifecycle_stage(frame, inactive_days=180, loyal_purchases=12).iloc[0])


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({}, "prospect"),
        ({"touch_count": 1}, "visitor"),
        (
            {"purchase_count": 1, "days_since_purchase": 5, "purchase_count_365d": 1},
            "first_purchase",
        ),
        ({"purchase_count": 2, "days_since_purchase": 5, "purchase_count_365d": 2}, "repeat"),
        ({"purchase_count": 12, "days_since_purchase": 5, "purchase_count_365d": 12}, "loyal"),
        ({"purchase_count": 12, "days_since_purchase": 180, "purchase_count_365d": 11}, "repeat"),
        ({"purchase_count": 12, "days_since_purchase": 181, "purchase_count_365d": 12}, "inactive"),
        ({"purchase_count": 1, "days_since_purchase": 900}, "inactive"),
    ],
)
def test_the_first_rule_that_holds_names_the_stage(facts: dict[str, float], stage: str) -> None:
    assert stage_of(**facts) == stage


def test_a_running_contract_keeps_a_customer_from_being_inactive() -> None:
    old = {"purchase_count": 2, "days_since_purchase": 900}
    assert stage_of(**old, contract_count=1) == "repeat"


def test_a_source_without_interactions_knows_no_visitors() -> None:
    frame = pd.DataFrame([QUIET]).drop(columns="touch_count")
    assert list(lifecycle_stage(frame, inactive_days=180, loyal_purchases=12)) == ["prospect"]
