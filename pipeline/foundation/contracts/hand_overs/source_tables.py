"""data/validated/source_tables.json: what the source has of the contract's tables."""

from pipeline.foundation.contracts.hand_overs.document import Document


class SourceTables(Document):
    """What `validate` found in the source."""

    missing_tables: tuple[str, ...]
    """Optional tables of the contract that the source has not, in order of their names."""
