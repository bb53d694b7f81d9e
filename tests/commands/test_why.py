"""`why` answers of the last wave, and tells by its exit that nobody has an id."""

import sys

import pandas as pd
import pytest

from pipeline.commands import why
from pipeline.foundation import paths


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.chdir(str(tmp_path))
    paths.OFFERS.mkdir(parents=True)
    row = {
        "customer_id": ["C1"],
        "wave": ["w20260315"],
        "model": [None],
        "suppression_reason": ["minimum_age"],
    }
    for name in ("next_best_offers", "runners_up"):
        pd.DataFrame(row).to_parquet(paths.table(paths.OFFERS, name))


@pytest.mark.usefixtures("decided")
def test_a_known_customer_is_answered_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "argv", ["why", "C1"])
    with caplog.at_level("INFO"):
        why.main()
    assert "C1 in wave w20260315 is not to be contacted (minimum_age)" in caplog.text


@pytest.mark.usefixtures("decided")
def test_an_id_that_nobody_has_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "argv", ["why", "C2"])
    with pytest.raises(SystemExit) as end, caplog.at_level("INFO"):
        why.main()
    assert end.value.code == 1
    assert "no such customer was known on the scoring day" in caplog.text
