"""What all hand-overs have in common, and the figure that most of them carry."""

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """A frozen, closed part of a hand-over: a key too many or too few is an error that names it.

    A field with a default may be absent from the file. One that was never given stays absent when
    the document is written.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(Document):
    """A point estimate with its 95% confidence interval; all three are null where undefined."""

    value: float | None
    low: float | None
    high: float | None
