"""What neither scores nor was trained last leaves the store; runs, figures and later records stay."""

import shutil
from pathlib import Path

import mlflow
import pytest

from pipeline.commands import forget_models
from pipeline.foundation import paths
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.tracking import store
from pipeline.tracking.location import Location, locate
from tests.tracking.models import base_rate, save, trees
from tests.tracking.test_store import result
from tests.workspace import ROOT

EXPERIMENT = "propensity"
pytestmark = pytest.mark.slow  # the store's tables alone take seconds to create


@pytest.fixture
def location(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Location:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copy(ROOT / paths.PARAMS, paths.PARAMS)
    paths.TRACKING.mkdir()
    return locate(paths.TRACKING, None)


def versions(name: str) -> dict[str, str]:
    """Return by kind of model its version that is registered last."""
    found = mlflow.MlflowClient().search_model_versions(f"name = '{name}'")
    return {entry.tags["model_version"]: str(entry.version) for entry in found}


def models_with_files() -> int:
    return len(list((paths.TRACKING / "artifacts/models").glob("*/artifacts/MLmodel")))


def test_only_the_models_that_an_alias_names_keep_their_files_and_all_runs_stay(
    location: Location, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = {
        "simple": save(base_rate(1), tmp_path / "simple"),
        "first": save(trees(1), tmp_path / "first"),
        "second": save(trees(2), tmp_path / "second"),
    }
    first = result("k1", saved["first"], saved["simple"])
    store.record(first, location, EXPERIMENT)
    store.record(result("k2", saved["second"], saved["simple"]), location, EXPERIMENT)
    client = mlflow.MlflowClient()
    found = client.get_experiment_by_name(EXPERIMENT)
    assert found is not None
    experiment = found.experiment_id
    before = {run.info.run_id: run.data.metrics for run in client.search_runs([experiment])}
    assert set(versions("up_sell")) == {one.version for one in saved.values()}
    assert models_with_files() == 6  # three of each model

    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)  # MLflow has set it to this store
    forget_models.main()

    kept = {saved["simple"].version, saved["second"].version}
    assert set(versions("up_sell")) == set(versions("cross_sell")) == kept
    assert models_with_files() == 4
    assert mlflow.pyfunc.load_model("models:/up_sell@champion") is not None
    runs = {run.info.run_id: run.data.metrics for run in client.search_runs([experiment])}
    assert runs == before
    assert len(runs) == 2 * (1 + 2 + 6)  # a result, its models, three trials of each

    # Back to the first result, as after `git checkout` and `dvc checkout`: its model is there anew.
    assert store.record(first, location, EXPERIMENT) is False
    assert saved["first"].version in versions("up_sell")
    assert mlflow.pyfunc.load_model("models:/cross_sell@challenger") is not None
    assert len(client.search_runs([experiment])) == len(runs)


def test_a_teams_server_and_a_project_without_runs_are_left_alone(
    location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert location.is_local
    with pytest.raises(DataError, match="Run make repro first"):
        forget_models.main()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://mlflow.example:5000")
    with pytest.raises(ConfigurationError, match="A team's server is cleaned by whoever runs it"):
        forget_models.main()
