"""The segments table: lifecycle stage, RFM, next purchase date and value of each customer."""

from dataclasses import dataclass

import pandas as pd

from pipeline.foundation.config import SegmentParams
from pipeline.segments.lifecycle import lifecycle_stage
from pipeline.segments.rfm import RfmScale
from pipeline.segments.rhythm import Rhythm
from pipeline.segments.worth import Worth


@dataclass(frozen=True)
class Segmenter:
    """From what is known of customers to their segments: it goes to where the customers are."""

    params: SegmentParams
    """Where the stages of the lifecycle begin."""
    scale: RfmScale
    rhythm: Rhythm
    worth: Worth

    def __call__(self, facts: pd.DataFrame) -> pd.DataFrame:
        """Return SEGMENTS of some customers, whoever the others are.

        Args:
            facts: what `customer_facts` returns of the scoring date.
        """
        params = self.params
        columns = {
            "lifecycle_stage": lifecycle_stage(
                facts, inactive_days=params.inactive_days, loyal_purchases=params.loyal_purchases
            ),
            **self.scale.rfm(facts),
            "spend_to_mean": self.scale.spend_to_mean(facts),
            "next_purchase_on": self.rhythm.next_purchase_on(facts),
            **self.worth.of(facts),
        }
        kept = ["customer_id", "as_of_date", "customer_type", "spend_cents_365d"]
        return facts[kept].assign(**columns)
