"""Where the planner of the page finds the contacts of the wave."""

from collections.abc import Mapping

import pandas as pd

from pipeline.foundation import paths
from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.offers.plan_groups import group_contacts
from pipeline.reports.page.planner_inputs import PlannerInputs


def read_planner_inputs(costs_cents: Mapping[str, int], assumed_share: float) -> PlannerInputs:
    """Read the offers, the channels that customers permit and the effect of each.

    Args:
        costs_cents: channel → one contact.
        assumed_share: of the expected sales that a contact is taken to cause.
    """
    return PlannerInputs(
        groups=group_contacts(
            pd.read_parquet(paths.table(paths.OFFERS, "next_best_offers")),
            pd.read_parquet(paths.table(paths.OFFERS, "permitted_channels")),
            pd.read_parquet(paths.EFFECTS, columns=[*OFFER_KEYS, "channel", "effect"]),
        ),
        costs_cents=costs_cents,
        assumed_share=assumed_share,
    )
