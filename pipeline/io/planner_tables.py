"""Where the planner of the page finds the contacts of the wave."""

from collections.abc import Mapping

import pandas as pd

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.offers.plan_groups import group_contacts
from pipeline.reports.page.planner_inputs import Exploration, PlannerInputs


def read_planner_inputs(costs_cents: Mapping[str, int], assumed_share: float) -> PlannerInputs:
    """Read the offers, the channels that customers permit and the effect of each.

    Args:
        costs_cents: channel → one contact.
        assumed_share: of the expected sales that a contact is taken to cause.
    """
    decided = stored_tables.read_frame(paths.table(paths.OFFERS, "next_best_offers"))
    return PlannerInputs(
        exploration=count_explored(decided),
        groups=group_contacts(
            decided,
            stored_tables.read_frame(paths.table(paths.OFFERS, "permitted_channels")),
            stored_tables.read_frame(paths.EFFECTS, columns=[*OFFER_KEYS, "channel", "effect"]),
        ),
        costs_cents=costs_cents,
        assumed_share=assumed_share,
    )


def count_explored(decided: pd.DataFrame) -> Exploration:
    """Return how many contacts were drawn at random, and what those at a loss are expected to lose.

    Args:
        decided: NEXT_BEST_OFFERS.
    """
    sent = decided[decided["arm"] == TREATED]
    explored = sent[sent["is_explored"].astype("bool")]
    adds = explored["effect"] * explored["value_cents"] - explored["contact_cost_cents"]
    return Exploration(len(explored), int((adds < 0).sum()), -float(adds[adds < 0].sum()))
