from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.errors import DataError
from pipeline.models.examples import Examples
from pipeline.population.dates import OutcomeWindow
from pipeline.studies.panel import Origin, Panel

DAYS = [date(2026, 1, 1), date(2026, 1, 29), date(2026, 2, 26), date(2026, 3, 26)]


def panel(window: OutcomeWindow, days: list[date] = DAYS) -> Panel:
    dates = np.repeat(np.array(days, dtype="datetime64[D]"), 2)
    count = len(dates)
    features = pd.DataFrame({"x": np.arange(count, dtype="float32")})
    labels = (np.arange(count) % 2).astype(np.float64)
    return Panel(Examples(features, labels, np.ones(count), np.arange(count) % 2), dates, window)


def test_every_date_with_a_train_and_a_validation_date_before_it_is_an_origin() -> None:
    assert panel(OutcomeWindow(0, 28)).origins() == (
        Origin((DAYS[0],), DAYS[1], DAYS[2]),
        Origin((DAYS[0], DAYS[1]), DAYS[2], DAYS[3]),
    )


def test_a_date_whose_outcomes_were_not_complete_yet_is_not_learnt_from() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 29), date(2026, 2, 26), date(2026, 3, 26)]
    assert panel(OutcomeWindow(7, 21), days).origins() == panel(OutcomeWindow(0, 28)).origins()
    with pytest.raises(DataError, match="outcome windows follow one another"):
        panel(OutcomeWindow(0, 56), days).origins()
    longer = [*days, date(2026, 4, 23)]
    assert panel(OutcomeWindow(0, 56), longer).origins() == (
        Origin((days[0],), days[2], date(2026, 4, 23)),
    )


def test_the_rows_of_some_dates_come_in_the_order_of_the_panel() -> None:
    found = panel(OutcomeWindow(0, 28)).on([DAYS[2], DAYS[0]])
    assert found.features["x"].tolist() == [0.0, 1.0, 4.0, 5.0]
