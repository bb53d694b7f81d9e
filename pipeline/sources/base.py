"""What a source hands over."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa


@dataclass(frozen=True)
class RawData:
    """The raw tables of one source and what is to be said of where they come from."""

    tables: Mapping[str, pa.Table]
    """By contract name, each with the `raw_schema` of its contract; absent tables have no entry."""
    statement: str
    """Where the data come from, in a sentence that the log and the report print as it stands."""
    truth: Mapping[str, pa.Table] = field(default_factory=dict)
    """What is known because the source made the data, by name; empty for all others.

    `propensities`: model, as_of_date, customer_id, category, propensity. `effects`: the same keys
    on the scoring date, the propensity without a contact, and for each channel by how much one
    contact changes it.
    """
