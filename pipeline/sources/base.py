"""What a source hands over."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class RawData:
    """The raw tables of one source and what is to be said of where they come from."""

    tables: Mapping[str, pa.Table]
    """By contract name, each with the `raw_schema` of its contract; absent tables have no entry."""
    statement: str
    """Where the data come from, in a sentence that the log and the report print as it stands."""
    truth: pa.Table | None = None
    """Known propensities, where the source made the data: model, as_of_date, customer_id,
    category, propensity."""
