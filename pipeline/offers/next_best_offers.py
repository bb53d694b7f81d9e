"""The decision on every customer: the arm of an offer, or the reason why there is none."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, TREATED, UNIVERSAL_CONTROL
from pipeline.foundation.errors import BrokenCheckError
from pipeline.offers.experiment import campaign_control


def name_wave(as_of_date: date) -> str:
    """Return the name of the wave that is decided on a day."""
    return f"w{as_of_date:%Y%m%d}"


def draw_arms(
    offers: pd.DataFrame, customers: pd.DataFrame, *, share: float, salt: str
) -> pd.Series:
    """Return the arm of each offer: controls are decided on as all others are, and then left alone.

    Args:
        offers: customer_id, campaign, propensity.
        customers: customer_id, household_id, is_universal_control.
        share: of the campaign control.
        salt: of its draw.
    """
    drawn = offers.merge(customers, on="customer_id", how="left", validate="one_to_one")
    drawn.index = offers.index
    is_universal = drawn["is_universal_control"].astype(bool)
    free = drawn.loc[~is_universal, ["customer_id", "household_id", "campaign", "propensity"]]
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


def decide_on_everybody(
    customers: pd.DataFrame, offers: pd.DataFrame, reasons: pd.Series, as_of_date: date
) -> pd.DataFrame:
    """Return one row a customer, sorted: the offer and its arm, or the reason for none.

    Args:
        customers: customer_id, household_id, is_universal_control of everybody known.
        offers: one row for each customer with an offer, with its arm.
        reasons: customer_id -> why there is no offer.
        as_of_date: of the decision.

    Raises:
        BrokenCheckError: a customer has neither an offer nor a reason, or both.
    """
    rows = customers[["customer_id", "household_id", "is_universal_control"]].merge(
        offers, on="customer_id", how="left", validate="one_to_one"
    )
    why_not = rows["customer_id"].map(reasons).astype("object")
    odd = int((why_not.notna() == rows["arm"].notna()).sum())
    if odd or len(rows) != len(customers):
        raise BrokenCheckError(
            "an offer or a reason for every customer", f"{odd} with both or neither", "Report it."
        )
    withheld = rows["arm"].where(rows["arm"] != TREATED)
    return rows.assign(
        as_of_date=as_of_date,
        wave=name_wave(as_of_date),
        suppression_reason=why_not.where(rows["arm"].isna(), withheld),
    ).sort_values("customer_id", ignore_index=True)
