"""Where stages find how a model would have done at past dates."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.hand_overs.past_dates import PastDate, PastDates
from pipeline.io.documents import read_document, write_document
from pipeline.models.pasts.judgement import PastJudgement

EPOCH = date(1970, 1, 1)


def date_of(period: int) -> date:
    """Return the as-of date of a period of labelled rows."""
    return EPOCH + timedelta(days=period)


def write_pasts(model: ModelName, judged: Sequence[PastJudgement]) -> None:
    """Write how the model just trained would have done."""
    found = ({"as_of_date": date_of(one.period), **asdict(one)} for one in judged)
    dates = tuple(
        PastDate(**{key: value for key, value in one.items() if key != "period"}) for one in found
    )
    write_document(PastDates(dates=dates), paths.pasts(model))


def read_pasts(model: ModelName) -> tuple[PastDate, ...]:
    """Return how the model just trained would have done, the oldest date first."""
    return read_document(paths.pasts(model), PastDates).dates
