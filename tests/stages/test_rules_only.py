"""A company with hardly an outcome, through the stages of a model: rules score, in the open."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation import paths
from pipeline.models.scorers import load_scorer
from pipeline.stages import evaluate, promote, score, train, tune
from tests.stages.model_project import make_project, run_stages

VERDICT = paths.VERDICTS / "cross_sell.json"
POPULATION = paths.table(paths.POPULATION, "cross_sell")


def company(folder: Path, **outcomes: int) -> Path:
    """Make a small company with so many outcomes left in each split named."""
    make_project(folder, customers=120)
    population = pd.read_parquet(folder / POPULATION)
    label = population["label"].copy()
    for split, kept in outcomes.items():
        positives = np.flatnonzero((population["split"] == split) & (label == 1))
        label.iloc[positives[kept:]] = 0
    population.assign(label=label).to_parquet(folder / POPULATION, index=False)
    return folder


def outcome_of(folder: Path) -> dict[str, Any]:
    """Take a company through all stages of the model, and return the verdict."""
    run_stages(folder, tune, train, evaluate, promote, score)
    found: dict[str, Any] = json.loads((folder / VERDICT).read_text(encoding="utf-8"))
    return found


def scores_of(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / paths.table(paths.SCORES, "propensities"))


def test_a_model_without_outcomes_to_learn_from_is_not_fitted_and_a_rule_scores(
    tmp_path: Path,
) -> None:
    folder = company(tmp_path, train=29, validation=5, test=3)
    found = outcome_of(folder)
    assert found["decision"] == "fallback"
    assert "No model could be fitted: 29 outcomes among" in found["in_words"]
    assert "and 5 among" in found["in_words"]
    assert "from a simple rule, not from a model" in found["in_words"]
    saved = load_scorer(folder / paths.MODELS / "cross_sell")
    assert (saved.core.kind, saved.made_from["trees"]) == ("group_rate", 0)
    assert json.loads((folder / paths.TUNING / "cross_sell" / "trials.json").read_text()) == {
        "trials": []
    }
    scores = scores_of(folder)
    assert scores["propensity"].between(0, 1, inclusive="neither").all()
    card = (folder / paths.MODEL_CARDS / "cross_sell.md").read_text(encoding="utf-8")
    assert "No model could be fitted" in card


def test_a_company_without_a_single_outcome_still_ends_in_scores(tmp_path: Path) -> None:
    folder = company(tmp_path, train=0, validation=0, test=0)
    found = outcome_of(folder)
    assert (found["decision"], found["scored_by"]) == ("fallback", "base_rate")
    scores = scores_of(folder)
    assert len(scores) > 0
    assert (scores["propensity"] < 0.01).all()  # half an outcome among some 600 rows


def test_a_model_whose_test_holds_no_outcome_is_refused_and_a_rule_scores(tmp_path: Path) -> None:
    folder = company(tmp_path, test=0)
    found = outcome_of(folder)
    assert (found["decision"], found["scored_by"]) == ("fallback", "base_rate")
    assert "0 outcomes in the test are too few" in found["in_words"]


def test_a_champion_scores_no_category_that_it_was_not_trained_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = company(tmp_path)
    outcome_of(folder)
    champion = folder / paths.champion("simulated", "cross_sell")
    saved = load_scorer(champion)
    assert saved.made_from["segments_seen"] == ["loan", "mobile", "pet"]
    fewer = {**saved.made_from, "segments_seen": ["loan", "pet"]}
    replace(saved, made_from=fewer).save(champion)
    before = scores_of(folder)
    run_stages(folder, score)
    scores = scores_of(folder)
    assert set(scores["category"]) == {"loan", "pet"}
    assert len(scores) == (before["category"] != "mobile").sum()
    assert "not trained on these categories" in caplog.text
    assert f"mobile ({(before['category'] == 'mobile').sum()} rows)" in caplog.text
