"""What a served model is asked, answered by the champion itself, is what the file holds."""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.commands import model_input
from pipeline.foundation import paths
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.stages import evaluate, promote, score, train, tune
from pipeline.tracking.served_model import load_served, predict
from tests.stages.model_project import make_project, run_stages


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    make_project(folder, customers=400)
    return run_stages(folder, tune, train, evaluate, promote, score)


def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *given: str) -> str:
    monkeypatch.setattr(sys, "argv", ["model_input", *given])
    model_input.main()
    return capsys.readouterr().out


def answers_to(text: str) -> pd.DataFrame:
    """Return what the served champion says to a body of JSON."""
    body = json.loads(text)["dataframe_split"]
    rows = pd.read_json(io.StringIO(json.dumps(body)), orient="split", precise_float=True)
    return predict(load_served(paths.champion("simulated", "cross_sell")), rows)


def test_one_customers_question_is_answered_as_in_the_file(
    scored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(scored)
    file = pd.read_parquet(paths.table(paths.SCORES, "propensities"))
    for customer in ("c00000", "c00007"):
        found = answers_to(ask(monkeypatch, capsys, "cross_sell", customer))
        said = file[file["customer_id"] == customer].sort_values("category")
        assert len(said) > 0
        for column in ("score", "propensity"):
            assert np.array_equal(found[column], said[column])


def test_all_customers_at_once_are_answered_as_in_the_file(
    scored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(scored)
    file = pd.read_parquet(paths.table(paths.SCORES, "propensities"))
    found = answers_to(ask(monkeypatch, capsys, "cross_sell"))
    said = file.sort_values(["customer_id", "category"])
    for column in ("score", "propensity"):
        assert np.array_equal(found[column], said[column])


def test_who_cannot_be_asked_about_and_what_is_no_model_are_named(
    scored: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(scored)
    with pytest.raises(DataError, match="none called nobody"):
        ask(monkeypatch, capsys, "cross_sell", "nobody")
    with pytest.raises(ConfigurationError, match="Did you mean 'cross_sell'"):
        ask(monkeypatch, capsys, "cros_sell")
