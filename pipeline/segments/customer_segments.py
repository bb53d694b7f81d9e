"""The segments table: lifecycle stage, RFM, next purchase date and value of each customer."""

import pandas as pd

from pipeline.foundation.config import SegmentParams
from pipeline.segments.lifecycle import lifecycle_stage
from pipeline.segments.rfm import rfm, spend_to_mean
from pipeline.segments.rhythm import Rhythm


def segment_customers(
    facts: pd.DataFrame, forecasts: pd.DataFrame, rhythm: Rhythm, params: SegmentParams
) -> pd.DataFrame:
    """Return SEGMENTS.

    Args:
        facts: what `customer_facts` returns of the scoring date.
        forecasts: of `Worth`, in the order of the facts.
        rhythm: predicts the next purchase.
        params: where the stages of the lifecycle begin.
    """
    columns = {
        "lifecycle_stage": lifecycle_stage(
            facts, inactive_days=params.inactive_days, loyal_purchases=params.loyal_purchases
        ),
        **rfm(facts),
        "spend_to_mean": spend_to_mean(facts),
        "next_purchase_on": rhythm.next_purchase_on(facts),
        **forecasts,
    }
    kept = ["customer_id", "as_of_date", "customer_type", "spend_cents_365d"]
    return facts[kept].assign(**columns)
