"""The offers of a wave: its name, their campaign and validity, and the arm of each."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, TREATED, UNIVERSAL_CONTROL
from pipeline.offers.experiment import campaign_control


def name_wave(as_of_date: date) -> str:
    """Return the name of the wave that is decided on a day."""
    return f"w{as_of_date:%Y%m%d}"


def draw_arms(offers: pd.DataFrame, *, share: float, salt: str) -> pd.Series:
    """Return the arm of each offer: controls are decided on as all others are, and then left alone.

    Args:
        offers: customer_id, household_id, is_universal_control, campaign, propensity.
        share: of the campaign control.
        salt: of its draw.
    """
    is_universal = offers["is_universal_control"].astype(bool)
    free = offers.loc[~is_universal, ["customer_id", "household_id", "campaign", "propensity"]]
    is_campaign = campaign_control(free, share=share, salt=salt).reindex(offers.index)
    is_campaign = is_campaign.fillna(value=False).astype(bool)
    arms = np.select([is_universal, is_campaign], [UNIVERSAL_CONTROL, CAMPAIGN_CONTROL], TREATED)
    return pd.Series(arms, index=offers.index, dtype="object", name="arm")


def date_offers(offers: pd.DataFrame, as_of_date: date, valid_days: int) -> pd.DataFrame:
    """Name the campaign of each offer, and its first and last valid day."""
    return offers.assign(
        campaign=name_wave(as_of_date) + "-" + offers["model"].astype("object"),
        valid_from=as_of_date,
        valid_until=as_of_date + timedelta(days=valid_days - 1),
    )
