"""The studies on the files that the stages before them leave: a small company of five dates."""

import json
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.commands import study
from pipeline.foundation import paths
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.io.tables import write_json
from pipeline.models.estimators.boosting import BoostingParams
from pipeline.models.tuning.search import TunedParams
from tests.stages.model_project import files_of, make_project

FOLDER = paths.STUDIES / "simulated"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small project in which every question was asked once."""
    folder = tmp_path_factory.mktemp("project")
    write_predictions(folder, make_project(folder))
    saved = folder / paths.TUNING / "cross_sell" / "best.json"
    saved.parent.mkdir(parents=True)
    tuned = TunedParams(BoostingParams(num_leaves=4, min_sum_hessian_in_leaf=2.0), 30, 0.4)
    saved.write_text(json.dumps(tuned.to_json()), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for question in study.QUESTIONS:
            ask(folder, patch, question)
    return folder


def write_predictions(folder: Path, rows: pd.DataFrame) -> None:
    """Write what `evaluate` would have: a model halfway between the base rate and the truth."""
    tested = rows[rows["split"] == "test"]
    base = tested["truth"].mean()
    said = tested[["as_of_date", "customer_id", "category"]].assign(
        propensity=(tested["truth"] + base) / 2, base_rate=base
    )
    path = folder / paths.table(paths.EVALUATION / "cross_sell", "predictions")
    path.parent.mkdir(parents=True)
    pq.write_table(pa.Table.from_pandas(said, preserve_index=False), path)


def ask(project: Path, patch: pytest.MonkeyPatch, question: str) -> None:
    patch.chdir(project)
    patch.setattr(sys, "argv", ["study", question, "cross_sell"])
    study.main()


def table(project: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(project / FOLDER / f"{name}.csv")


@pytest.mark.parametrize("question", sorted(study.QUESTIONS))
def test_a_question_is_answered_by_a_table_facts_and_a_page(project: Path, question: str) -> None:
    written = files_of(project / FOLDER)
    assert {f"{question}_cross_sell{end}" for end in (".csv", ".json", ".md")} <= set(written)
    assert b"nan" not in written[f"{question}_cross_sell.md"]


def test_the_same_question_gets_the_same_bytes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = files_of(project / FOLDER)
    ask(project, monkeypatch, "backtest")
    assert files_of(project / FOLDER) == first


def test_the_backtest_tests_every_date_that_has_a_past_and_ages_the_oldest_model(
    project: Path,
) -> None:
    figures = table(project, "backtest_cross_sell")
    assert figures["as_of_date"].tolist() == ["2026-03-01", "2026-04-01"] * 2
    assert figures["age_days"].tolist() == [0, 0, 0, 31]
    fresh, oldest = (figures[figures["scorer"] == name] for name in ("fresh", "oldest"))
    assert fresh["auc"].iloc[0] == oldest["auc"].iloc[0]
    ageing = table(project, "backtest_cross_sell_ageing").iloc[0]
    cost = oldest["log_loss"].iloc[1] - fresh["log_loss"].iloc[1]
    assert ageing["log_loss_difference"] == pytest.approx(cost, abs=2e-6)
    assert ageing["log_loss_difference_low"] <= cost <= ageing["log_loss_difference_high"]


def test_the_facts_say_what_the_study_was_made_from_and_how_well_each_date_was_ranked(
    project: Path,
) -> None:
    facts = json.loads((project / FOLDER / "backtest_cross_sell.json").read_text(encoding="utf-8"))
    assert facts["made_from"]["statement"] == "A company of a test."
    assert (facts["made_from"]["customers"], facts["made_from"]["outcome_days"]) == (4, 28)
    fresh = table(project, "backtest_cross_sell").query("scorer == 'fresh'")
    assert [one["as_of_date"] for one in facts["auc"]] == fresh["as_of_date"].tolist()
    assert [one["high"] for one in facts["auc"]] == fresh["auc_high"].tolist()


def test_a_family_that_carries_the_signal_is_missed_and_one_that_does_not_is_not(
    project: Path,
) -> None:
    found = table(project, "families_cross_sell").set_index("variant")
    auc, loss_low = found["auc"], found["log_loss_difference_low"]
    assert found["auc_difference"]["all"] == 0
    assert loss_low["without product_history"] > 0
    assert auc["none"] < auc["only product_history"]
    assert found["features"]["only socio_demographics"] == 2


def test_trees_that_see_all_that_moves_the_truth_leave_nothing_untold(project: Path) -> None:
    share = table(project, "limit_cross_sell").set_index("part")["log_loss_share"]
    assert share.sum() == pytest.approx(1, abs=1e-5)
    assert 0.5 < share["reached by the model"] < 0.9  # half of the way in propensity, not in loss
    assert abs(share["not told by the features"]) < 0.1


def test_an_unknown_question_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean 'backtest'"):
        study.arguments(["backtset"])
    with pytest.raises(ConfigurationError, match="cross_sell"):
        study.arguments(["backtest", "down_sell"])


def test_no_model_means_every_model() -> None:
    assert study.arguments(["refit"]) == ("refit", None)
    assert study.arguments(["refit", "up_sell"]) == ("refit", "up_sell")


def test_a_study_of_what_was_never_run_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path, customers=50)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["study", "backtest", "cross_sell"])
    with pytest.raises(DataError, match=r"no such file.*dvc repro"):
        study.main()


def test_a_model_that_was_not_fitted_for_want_of_outcomes_is_passed_over_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_project(tmp_path, customers=50)
    monkeypatch.chdir(tmp_path)
    best = TunedParams(BoostingParams(), 0, 0.1)
    write_json(best.to_json(), paths.TUNING / "cross_sell" / "best.json")
    monkeypatch.setattr(sys, "argv", ["study", "backtest", "cross_sell"])
    study.main()
    assert "cross_sell: no model could be fitted" in caplog.text
    assert not paths.backtest("simulated", "cross_sell").exists()
