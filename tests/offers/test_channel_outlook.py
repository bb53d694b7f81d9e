"""What is expected of each channel, and from which share of its sales on it pays."""

import pandas as pd

from pipeline.foundation.contracts.hand_overs.funnel_report import ChannelOutlook
from pipeline.offers.channel_outlook import outlook_by_channel


def decided() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "arm": ["treated", "treated", "treated", "campaign_control", None],
            "channel": ["phone", "email", "phone", "phone", None],
            "propensity": [0.5, 0.1, 0.75, 0.9, None],
            "effect": [0.1, 0.01, 0.2, 0.5, None],
            "value_cents": [1200, 1000, 800, 5000, None],
            "contact_cost_cents": [450, 1, 450, 450, None],
        }
    )


def test_only_the_contacted_count_and_a_channel_pays_from_its_cost_over_its_predicted_sales() -> (
    None
):
    outlook = outlook_by_channel(decided())
    assert list(outlook) == ["email", "phone"]
    assert outlook["phone"] == ChannelOutlook(
        contacts=2,
        predicted_sales=1.25,
        predicted_sales_value_cents=1200,  # 0.5 × 1200 + 0.75 × 800
        contact_cost_cents=900,
        incremental_profit_cents=-620,  # 0.1 × 1200 + 0.2 × 800 − 900
        break_even_share=0.75,
    )


def test_where_nothing_is_expected_no_share_pays() -> None:
    nothing = decided().assign(value_cents=0)
    assert outlook_by_channel(nothing)["email"].break_even_share is None


def test_nobody_contacted_is_no_channel() -> None:
    assert outlook_by_channel(decided().iloc[3:]) == {}
