"""data/exports/<profile>/manifest.json: what a delivery package says of itself."""

from collections.abc import Mapping
from datetime import date

from pipeline.foundation.contracts.hand_overs.document import Document
from pipeline.foundation.contracts.hand_overs.funnel_report import SampleSizeAdvice
from pipeline.foundation.contracts.hand_overs.population_report import LeftOutCategory


class ManifestModel(Document):
    """Who scored for one model."""

    version: str
    scored_by: str
    """`model`, or the baseline that scores in its place."""
    in_words: str
    left_out: tuple[LeftOutCategory, ...]
    """Categories with too few outcomes to be offered at all."""
    pooled: tuple[LeftOutCategory, ...] = ()
    """Categories with few outcomes, learnt from together with the others."""
    not_scored: tuple[str, ...] = ()
    """Categories that may be offered and that the champion was not trained on."""


class RowAccount(Document):
    """The rows of one file: rows in = left out + rejected + rows out."""

    rows_in: int
    left_out: Mapping[str, int]
    """By reason."""
    rejected: int
    rows_out: int


class WrittenFile(Document):
    """One file of a package."""

    rows: int
    bytes: int
    sha256: str


class PackageManifest(Document):
    """One delivery package; names no time of writing, so equal content gives equal bytes."""

    profile: str
    content_id: str
    """Equal exactly where a target would load the same."""
    loading: str
    as_of_date: date
    timezone: str = "UTC"
    """Of weekdays and hours to send, but for the customers of `timezones`."""
    timezone_attribute: str | None = None
    """Column of customers that says where each lives; absent where all share `timezone`."""
    timezones: Mapping[str, str] = {}
    """Its value -> the zone of the weekdays and hours of the customers who have it."""
    direction: str
    models: Mapping[str, ManifestModel]
    missing_tables: tuple[str, ...]
    switched_off_feature_families: Mapping[str, str]
    waves: tuple[str, ...]
    valid_from: date | None
    valid_until: date | None
    arms: Mapping[str, int]
    effects: Mapping[str, int]
    """Offers by what the effect of their contact rests on."""
    sample_size: Mapping[str, SampleSizeAdvice] = {}
    """By campaign: what it can show, and how large controls and exploration should be."""
    suppressed: Mapping[str, int]
    """Customers by suppression reason."""
    accounts: Mapping[str, RowAccount]
    changes: Mapping[str, Mapping[str, int]] = {}
    """Of a profile of changes only; absent from others."""
    not_written: Mapping[str, str]
    """File → why."""
    files: Mapping[str, WrittenFile]
