"""Moments that stand inside other text of an export, written in the shop's own time."""

import pandas as pd

MOMENT = "%Y-%m-%d %H:%M:%S"


def read_moments(texts: "pd.Series[str]", timezone: str) -> "pd.Series[pd.Timestamp]":
    """Return the moments in UTC, empty where there is none, such as `0000-00-00 00:00:00`.

    An hour that the clocks pass twice is taken for the first: nothing here is as exact as that.
    """
    local = pd.to_datetime(texts, format=MOMENT, errors="coerce")
    first = pd.Series(data=True, index=local.index).to_numpy()
    zoned = local.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    return zoned.dt.tz_convert("UTC").dt.tz_localize(None).astype("datetime64[us]")
