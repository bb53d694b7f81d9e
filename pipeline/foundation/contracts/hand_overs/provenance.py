"""data/raw/provenance.json: where the raw tables come from."""

from collections.abc import Mapping

from pipeline.foundation.contracts.hand_overs.document import Document


class Provenance(Document):
    """The source, and what may be said of it."""

    source: str
    """As `source.name` in params.yaml."""
    statement: str
    """One sentence or two for the reader of a report."""
    erased_rows: Mapping[str, int] = {}
    """By table, rows of customers who were erased: the source has them, the tables do not."""
