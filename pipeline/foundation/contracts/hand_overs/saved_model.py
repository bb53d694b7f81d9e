"""model.json and calibrator.json of a saved model, as far as its readers outside `models` go.

The models room owns these files and reads them back itself; kinds of estimators add keys of their
own. So these two models alone are open: what they do not name is none of a report's business.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, JsonValue


class _OpenDocument(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SavedColumn(_OpenDocument):
    """A feature that a model reads."""

    name: str
    type: str = "number"
    """`number` or `text`."""
    vocabulary: tuple[str, ...] = ()
    """The texts that the fit saw."""


class SavedBlend(_OpenDocument):
    """The mean of trees and logistic regression, in log-odds."""

    share_of_trees: float


class SavedModelFile(_OpenDocument):
    """model.json."""

    name: str
    kind: str
    version: str
    base_rate: float
    """Of the rows it was fitted on."""
    made_from: Mapping[str, JsonValue]
    """Rows, outcomes, hyperparameters, calibration log losses."""
    params: Mapping[str, JsonValue] | None = None
    """Hyperparameters; absent from baselines."""
    trees: int | None = None
    features: tuple[SavedColumn, ...] | None = None
    columns: tuple[SavedColumn, ...] | None = None
    """Of a rule."""
    column: str | None = None
    """Of a rate by group."""
    blend: SavedBlend | None = None

    def never_seen(self, segments: Sequence[str]) -> tuple[str, ...]:
        """Return those segments that the fit did not see; none where it does not say."""
        seen = self.made_from.get("segments_seen")
        return tuple(one for one in segments if isinstance(seen, list) and one not in seen)

    def counted(self, name: str) -> int | None:
        """Return a count of the rows it was made from, where it names one."""
        found = self.made_from.get(name)
        return found if isinstance(found, int) else None


class SegmentShiftsFile(_OpenDocument):
    """Shifts of the calibration by segment."""

    column: str


class CalibratorFile(_OpenDocument):
    """calibrator.json."""

    method: str
    segments: SegmentShiftsFile | None = None
