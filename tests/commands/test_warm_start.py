import json
from pathlib import Path

import pytest
import yaml

from pipeline.commands import warm_start
from pipeline.foundation import config, paths
from pipeline.models.estimators.baselines import BASE_RATE
from pipeline.models.estimators.blend import trees_of
from pipeline.models.scorers import load_scorer
from pipeline.stages import train, tune
from tests.stages.model_project import (
    ROOT,
    change_params,
    enter_copy,
    make_project,
    run_stage,
    run_stages,
)

CHAMPION = paths.champion("simulated", "cross_sell")
TRIALS = paths.TUNING / "cross_sell" / "trials.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small company with a trained model."""
    folder = tmp_path_factory.mktemp("company")
    make_project(folder, customers=400)
    return run_stages(folder, tune, train)


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return enter_copy(made, tmp_path, monkeypatch)


@pytest.mark.usefixtures("project")
def test_the_next_tuning_tries_the_champions_parameters_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    champion = load_scorer(paths.MODELS / "cross_sell")
    champion.save(CHAMPION)
    warm_start.main()
    written = config.load().tune.warm_start["cross_sell"]
    trees = trees_of(champion.core)
    assert trees is not None
    assert written["num_leaves"] == trees.params.num_leaves
    assert "learning_rate" not in written  # which is not searched
    change_params(Path(), "tune", warm_start={"cross_sell": written | {"num_leaves": 5}})
    run_stage(tune.main, monkeypatch)
    first = json.loads(TRIALS.read_text(encoding="utf-8"))["trials"][0]["params"]
    assert first == written | {"num_leaves": 5}


@pytest.mark.usefixtures("project")
def test_a_rule_that_scores_has_no_parameters_to_start_from() -> None:
    load_scorer(paths.baselines("cross_sell") / BASE_RATE).save(CHAMPION)
    warm_start.main()
    assert config.load().tune.warm_start == {}


def test_all_else_in_the_parameters_stays_as_it_was_comments_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (ROOT / paths.PARAMS).read_text(encoding="utf-8")
    (tmp_path / paths.PARAMS).write_text(before, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    warm_start.write_warm_start({"up_sell": {"num_leaves": 5, "lambda_l2": 0.5}})
    after = paths.PARAMS.read_text(encoding="utf-8")
    assert yaml.safe_load(after)["tune"]["warm_start"] == {
        "up_sell": {"num_leaves": 5, "lambda_l2": 0.5}
    }
    kept = [line for line in after.splitlines() if line in before.splitlines()]
    assert len(before.splitlines()) - len(kept) == 1
    warm_start.write_warm_start({})
    assert yaml.safe_load(paths.PARAMS.read_text(encoding="utf-8")) == yaml.safe_load(before) | {
        "tune": yaml.safe_load(before)["tune"] | {"warm_start": {}}
    }
