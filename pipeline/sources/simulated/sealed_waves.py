"""The waves that were sealed: whom the simulated company contacted in them, and about what.

A wave is lived through in the period at whose start it was decided, once that period is part of the
records: the one that was sealed last, on the day on which they end, changes nothing of them.
"""

from collections.abc import Mapping

import pandas as pd
import pyarrow.parquet as pq

from pipeline.foundation import paths
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.keys import CUSTOMER_KEYS
from pipeline.foundation.contracts.tombstones import without_tombstones
from pipeline.foundation.wave_seals import check_seals
from pipeline.sources.simulated.timeline import date_of

CONTACTED = ("customer_id", "as_of_date", "model", "category", "channel", "campaign", "valid_from")


def read_sealed_waves() -> pd.DataFrame:
    """Return CONTACTED of all sealed waves: those who were contacted, the oldest wave first."""
    check_seals()
    parts = [
        without_tombstones(pq.read_table(path, columns=[*CONTACTED, "arm"])).to_pandas()
        for path in sorted(paths.WAVES.glob("*.parquet"))
    ]
    if not parts:
        return pd.DataFrame(columns=[*CONTACTED])
    every = pd.concat(parts, ignore_index=True)
    return contacted_of(every)


def contacted_of(offers: pd.DataFrame) -> pd.DataFrame:
    """Return the offers of waves that went out, in a fixed order."""
    sent = offers.loc[offers["arm"] == TREATED, [*CONTACTED]]
    return sent.sort_values(list(CUSTOMER_KEYS), ignore_index=True)


def by_period(contacted: pd.DataFrame, periods: int) -> Mapping[int, pd.DataFrame]:
    """Return the contacts of each period that is lived through, by its number.

    Args:
        contacted: as `contacted_of` returns them.
        periods: that the records cover.
    """
    days = contacted["as_of_date"].astype("str")
    rows = {period: contacted[days == date_of(period).isoformat()] for period in range(periods)}
    return {period: sent.reset_index(drop=True) for period, sent in rows.items() if not sent.empty}
