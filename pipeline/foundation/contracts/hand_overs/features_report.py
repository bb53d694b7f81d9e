"""reports/features.json: which feature families were computed, and which are switched off."""

from collections.abc import Mapping

from pipeline.foundation.contracts.hand_overs.document import Document


class FamilyCounts(Document):
    """Features of one family by grain."""

    customer: int
    candidate: int


class FeaturesReport(Document):
    """The families of this run."""

    families: Mapping[str, FamilyCounts]
    switched_off: Mapping[str, str]
    """Family → why the source does not allow it."""
