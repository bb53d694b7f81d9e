"""The outcome table of a wave: one row for everybody in an arm, sent or not (intention to treat)."""

import pandas as pd

from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.households import randomisation_units
from pipeline.foundation.contracts.responses import KINDS, ORDERED

WITHOUT_HOUSEHOLDS = (
    "The wave was sealed without households, so every customer counts alone: where households were "
    "drawn together, the intervals are too narrow."
)


def outcomes(wave: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    """Return what everybody in an arm of one wave did.

    Args:
        wave: the sealed wave, with the households of the day on which it was decided.
        matched: responses as `match` returns them; those of other waves do not matter.

    Returns:
        The wave's rows with an arm, in their order, with `household`, the unit of the draw; a flag
        for each kind of response; `take_up` (ordered, 0 or 1); `revenue_cents`, the amounts of the
        orders; and `profit_cents`, the offer's value if it was taken up less what the contact cost.
    """
    drawn = wave[wave["arm"].notna()]
    counted = matched[matched["is_counted"] & (matched["wave"].isin(wave["wave"]))]
    did = {kind: drawn["customer_id"].isin(_who(counted, kind)) for kind in KINDS}
    revenue = counted[counted["kind"] == ORDERED].groupby("customer_id")["amount_cents"].sum()
    cost = drawn["contact_cost_cents"].where(drawn["arm"] == TREATED, 0)
    taken = did[ORDERED].astype("int64")
    return drawn.assign(
        **did,
        household=randomisation_units(drawn),
        take_up=taken,
        revenue_cents=drawn["customer_id"].map(revenue).fillna(0).astype("int64"),
        profit_cents=(taken * drawn["value_cents"] - cost).astype("int64"),
    )


def _who(counted: pd.DataFrame, kind: str) -> "pd.Series[str]":
    return counted.loc[counted["kind"] == kind, "customer_id"]
