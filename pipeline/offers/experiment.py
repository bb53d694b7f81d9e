"""Who is left alone so that the campaign's effect can be measured, and how many that takes.

The universal control is withheld from all marketing, wave after wave; a campaign control from one
wave. Both are drawn by salted hash, so that nobody stores a random number: the same customers and
the same salt give the same controls, on any machine and in any order of the rows.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.households import randomisation_units
from pipeline.statistics.hashed_draw import hashed_uniform
from pipeline.statistics.within_group import part_of

_DECILES = 10


def universal_control(
    customers: pd.DataFrame, *, share: float, salt: str, earlier: pd.DataFrame | None
) -> "pd.Series[bool]":
    """Say who is withheld from all marketing, households together.

    Whoever was in an earlier wave keeps the place; who joins their household takes the same.

    Args:
        customers: customer_id and household_id, which may be empty.
        share: of the households that have no place yet.
        salt: of the hash; another salt draws others.
        earlier: customer_id and is_universal_control of waves that were sent, or None.
    """
    household = randomisation_units(customers)
    drawn = hashed_uniform(household, salt) < share
    if earlier is None or earlier.empty:
        return drawn
    places = earlier.groupby("customer_id")["is_universal_control"].max()
    own = customers["customer_id"].map(places.astype("boolean"))
    theirs = own.groupby(household).transform("max")
    return own.fillna(theirs).fillna(drawn).astype(bool)


def campaign_control(offered: pd.DataFrame, *, share: float, salt: str) -> "pd.Series[bool]":
    """Say who is withheld from this wave, alike in every campaign and decile of propensity.

    Every household is withheld with the same probability. Within a campaign households are put in
    order of decile and hash, and every (1 / share)-th is taken from a random start on, so that
    each decile gives its share to within one household. A household stands where its likeliest
    member does.

    Args:
        offered: customer_id, household_id, campaign and propensity; one row a customer. The
            campaign names its wave, so that another wave draws others.
        share: of the households.
        salt: of the hash.
    """
    keyed = offered.assign(household=randomisation_units(offered))
    first = keyed.sort_values(["propensity", "customer_id"], ascending=[False, True])
    first = first.drop_duplicates("household")
    place = hashed_uniform(first["campaign"] + "|" + first["household"], salt)
    first = first.assign(decile=_deciles(first), place=place)
    first = first.sort_values(["campaign", "decile", "place", "household"])
    number = first.groupby("campaign").cumcount()
    start = hashed_uniform(first["campaign"], salt)
    is_next = np.floor((number + 1) * share + start) > np.floor(number * share + start)
    withheld = pd.Series(np.asarray(is_next), index=first["household"].to_numpy())
    return keyed["household"].map(withheld).astype(bool)


def _deciles(offered: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the tenth of its campaign that each row stands in; rows are sorted, best first."""
    campaign = offered.groupby("campaign")["propensity"]
    rank, size = campaign.cumcount() + 1, campaign.transform("size")
    ranks, sizes = (np.asarray(one, dtype=np.int64) for one in (rank, size))
    return part_of(ranks, sizes, _DECILES)
