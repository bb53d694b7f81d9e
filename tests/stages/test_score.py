from pathlib import Path

import pandas as pd
import pytest

from pipeline.foundation import paths
from pipeline.foundation.contracts.outputs import PROPENSITIES, REASONS
from pipeline.stages import evaluate, promote, score, train, tune
from tests.stages.model_project import change_params, files_of, make_project, run_stage, run_stages


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    make_project(folder)
    return run_stages(folder, tune, train, evaluate, promote, score)


@pytest.fixture
def scores(scored: Path) -> pd.DataFrame:
    return pd.read_parquet(scored / paths.table(paths.SCORES, "propensities"))


@pytest.fixture
def reasons(scored: Path) -> pd.DataFrame:
    return pd.read_parquet(scored / paths.table(paths.SCORES, "reasons"))


def test_every_eligible_candidate_is_scored_once_and_nobody_else(
    scored: Path, scores: pd.DataFrame
) -> None:
    population = pd.read_parquet(scored / paths.table(paths.POPULATION, "cross_sell"))
    asked = population[(population["split"] == "scoring") & population["is_eligible"]]
    keys = ["category", "customer_id"]
    assert list(scores.columns) == [name for name, _ in PROPENSITIES.columns]
    assert sorted(scores[keys].itertuples(index=False)) == sorted(
        asked[keys].itertuples(index=False)
    )


def test_rows_stand_in_the_order_of_their_keys(scores: pd.DataFrame, reasons: pd.DataFrame) -> None:
    for frame, output in ((scores, PROPENSITIES), (reasons, REASONS)):
        keys = list(output.keys)
        assert frame[keys].equals(frame[keys].sort_values(keys).reset_index(drop=True))


def test_the_highest_score_of_a_category_is_rank_one_of_decile_one(scores: pd.DataFrame) -> None:
    for _, rows in scores.groupby("category"):
        best = rows[rows["score"] == rows["score"].max()]
        assert best[["rank", "top_percent", "decile"]].to_numpy()[0].tolist() == [1, 1, 1]
        assert sorted(rows["rank"]) == list(range(1, len(rows) + 1))
        assert rows.sort_values("rank")["propensity"].is_monotonic_decreasing


def test_the_base_rate_is_that_of_the_eligible_test_rows(
    scored: Path, scores: pd.DataFrame
) -> None:
    population = pd.read_parquet(scored / paths.table(paths.POPULATION, "cross_sell"))
    tested = population[(population["split"] == "test") & population["is_eligible"]]
    for category, rate in tested.groupby("category")["label"].mean().items():
        stated = scores.loc[scores["category"] == category, "base_rate"]
        assert stated.to_numpy() == pytest.approx(rate)


def test_every_propensity_lies_in_its_interval(scores: pd.DataFrame) -> None:
    low, propensity, high = (scores[f"propensity{end}"] for end in ("_low", "", "_high"))
    assert ((low <= propensity) & (propensity <= high)).all()
    assert (low < high).all()
    assert ((low >= 0) & (high <= 1)).all()


def test_a_sensitive_attribute_is_never_a_reason(
    scored: Path, reasons: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not reasons["feature"].str.contains("gender").any()
    # It would be one, were it not declared: the test can fail.
    monkeypatch.chdir(tmp_path)
    for name, content in files_of(scored).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    change_params(tmp_path, "exports", sensitive_attributes=[])
    run_stage(score.main, monkeypatch)
    told = pd.read_parquet(tmp_path / paths.table(paths.SCORES, "reasons"))
    assert told["feature"].str.contains("gender").any()


def test_nobody_is_explained_to_a_target_that_asks_for_offers_alone(
    scored: Path, scores: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in files_of(scored).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    change_params(tmp_path, "exports", profiles=["braze"])
    run_stage(score.main, monkeypatch)
    assert pd.read_parquet(paths.table(paths.SCORES, "reasons")).empty
    pd.testing.assert_frame_equal(
        pd.read_parquet(paths.table(paths.SCORES, "propensities")), scores
    )


def test_reasons_are_told_for_the_best_candidate_of_a_customer_only(
    scores: pd.DataFrame, reasons: pd.DataFrame
) -> None:
    ordered = scores.sort_values(["propensity", "category"], ascending=[False, True])
    best = ordered.drop_duplicates("customer_id").set_index("customer_id")["category"]
    assert (reasons["customer_id"].map(best) == reasons["category"]).all()
    assert (reasons["contribution"] > 0).all()
    assert reasons["feature"].str.startswith("category").sum() == 0


def test_scoring_twice_gives_the_same_bytes(scored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files_of(scored / paths.SCORES)
    monkeypatch.chdir(scored)
    run_stage(score.main, monkeypatch)
    assert files_of(scored / paths.SCORES) == before
