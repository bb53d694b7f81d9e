"""Where the planner of the page finds the contacts of the wave."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.keys import OFFER_KEYS
from pipeline.offers.plan_groups import group_contacts
from pipeline.reports.page.planner_inputs import Exploration, PlannerInputs

_BATCH_ROWS = 1_000_000
_DECIDED = [
    *(*OFFER_KEYS, "channel", "arm", "is_explored"),
    *("propensity", "effect", "value_cents", "contact_cost_cents", "priority_cents"),
]


def read_planner_inputs(costs_cents: Mapping[str, int], assumed_share: float) -> PlannerInputs:
    """Read the offers, the channels that customers permit and the effect of each.

    Args:
        costs_cents: channel → one contact.
        assumed_share: of the expected sales that a contact is taken to cause.
    """
    decided = stored_tables.read_frame(
        paths.table(paths.OFFERS, "next_best_offers"), columns=_DECIDED
    )
    return PlannerInputs(
        exploration=count_explored(decided),
        groups=group_contacts(
            decided,
            stored_tables.read_frame(paths.table(paths.OFFERS, "permitted_channels")),
            read_effects_of(decided),
        ),
        costs_cents=costs_cents,
        assumed_share=assumed_share,
    )


def read_effects_of(decided: pd.DataFrame) -> pd.DataFrame:
    """Return the effects of what is sent, on every channel; those of all candidates are many more."""
    sent = pa.Table.from_pandas(
        decided.loc[decided["arm"] == TREATED, list(OFFER_KEYS)], preserve_index=False
    )
    offered = _joined_keys(sent).combine_chunks()
    kept = [
        batch.filter(pc.is_in(_joined_keys(batch), value_set=offered))
        for batch in stored_tables.iter_batches(paths.EFFECTS, _BATCH_ROWS)
    ]
    found = pa.Table.from_batches(kept, stored_tables.read_schema(paths.EFFECTS))
    effects: pd.DataFrame = found.select([*OFFER_KEYS, "channel", "effect"]).to_pandas()
    return effects


def _joined_keys(rows: pa.Table | pa.RecordBatch) -> pa.Array | pa.ChunkedArray:
    """Return one text for each row: two offers may share it, none is lost by it."""
    texts = (pc.cast(rows[key], pa.string()) for key in OFFER_KEYS)
    return pc.binary_join_element_wise(*texts, "|")


def count_explored(decided: pd.DataFrame) -> Exploration:
    """Return how many contacts were drawn at random, and what those at a loss are expected to lose.

    Args:
        decided: NEXT_BEST_OFFERS.
    """
    sent = decided[decided["arm"] == TREATED]
    explored = sent[sent["is_explored"].astype("bool")]
    adds = explored["effect"] * explored["value_cents"] - explored["contact_cost_cents"]
    return Exploration(len(explored), int((adds < 0).sum()), -float(adds[adds < 0].sum()))
