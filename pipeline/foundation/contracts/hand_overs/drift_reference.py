"""data/models/<model>/reference.json: the histograms that drift (PSI) is measured against."""

from pipeline.foundation.contracts.hand_overs.document import Document


class ReferenceHistogram(Document):
    """How the values of one column are spread over bins in training."""

    bins: tuple[float, ...] | tuple[str, ...]
    """Inner edges of numbers, or known texts."""
    shares: tuple[float, ...]
    """Of the bins, then of numbers above all edges or new texts, then of missing values."""


class FeatureHistogram(ReferenceHistogram):
    """The histogram of one feature."""

    feature: str


class DriftReference(Document):
    """The histograms of score and strongest features on the training rows."""

    score: ReferenceHistogram
    features: tuple[FeatureHistogram, ...]
