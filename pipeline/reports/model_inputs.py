"""What the stages before wrote of one model, as the page reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.reports.scores import ScoreSummary


@dataclass(frozen=True)
class ModelInputs:
    """What the stages before wrote of one model."""

    evaluation: Mapping[str, Any]
    verdict: Mapping[str, Any]
    population: Mapping[str, Any]
    plots: Mapping[str, pd.DataFrame]
    scores: ScoreSummary
    descriptions: Mapping[str, str]
    """Feature column -> what it measures."""
