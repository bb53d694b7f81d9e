"""Every distinct result is recorded once, in a real store."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pytest

from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.tracking import store
from pipeline.tracking.location import Location, local_store
from pipeline.tracking.records import (
    DatasetRecord,
    ModelRecord,
    Notes,
    RecordedTrial,
    ResultRecord,
    SavedModel,
)
from tests.tracking.models import base_rate, examples, save, trees

EXPERIMENT = "propensity"
FIGURES = {"auc.value": 0.71, "log_loss.value": 0.2} | {f"by.{i}": i / 7 for i in range(120)}

pytestmark = pytest.mark.slow  # the store's tables alone take seconds to create


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SavedModel]:
    folder = tmp_path_factory.mktemp("models")
    return {
        "trees": save(trees(1), folder / "trees"),
        "retrained": save(trees(2), folder / "retrained"),
        "base_rate": save(base_rate(1), folder / "base_rate"),
    }


@pytest.fixture(scope="module")
def location(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Location]:
    folder = tmp_path_factory.mktemp("project") / "a b ñ" / "mlruns"
    # MLflow itself loads no model from a folder with a per cent sign: test_location opens such ones.
    folder.mkdir(parents=True)
    yield local_store(folder)
    mlflow.set_tracking_uri("")


@pytest.fixture
def experiment(request: pytest.FixtureRequest) -> str:
    """Return an experiment of the test's own."""
    return f"{EXPERIMENT}-{request.node.name}"


def result(key: str, challenger: SavedModel, champion: SavedModel) -> ResultRecord:
    trials = [RecordedTrial(n, {"num_leaves": "7"}, {"trees": n}, "complete") for n in range(3)]
    data = [DatasetRecord("population", "data/population", f"{'a' * 32}.dir", "training")]
    models = [
        ModelRecord(
            name,
            Notes({"num_leaves": "4"}, FIGURES, {"source": "simulated"}, datasets=data),
            trials,
            challenger,
            champion,
        )
        for name in ("up_sell", "cross_sell")
    ]
    return ResultRecord(key, "simulated 2026-03-01", Notes(tags={"git_commit": "abc"}), models)


def runs(experiment: str, condition: str = "") -> list[Any]:
    client = mlflow.MlflowClient()
    found = client.get_experiment_by_name(experiment)
    assert found is not None
    return list(client.search_runs([found.experiment_id], condition, max_results=500))


def below(experiment: str, parent: Any) -> list[Any]:
    return runs(experiment, f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'")


def test_a_result_is_one_parent_with_the_models_and_their_trials_below(
    saved: dict[str, SavedModel], location: Location, experiment: str
) -> None:
    given = result("k1", saved["trees"], saved["base_rate"])
    assert store.record(given, location, experiment) is True
    (parent,) = runs(experiment, "tags.result = 'k1'")
    assert parent.info.status == "FINISHED"
    assert parent.data.tags["git_commit"] == "abc"
    children = below(experiment, parent)
    assert sorted(child.info.run_name for child in children) == ["cross_sell", "up_sell"]
    for child in children:
        assert child.data.metrics == FIGURES
        assert child.data.params == {"num_leaves": "4"}
        assert [data.dataset.digest for data in child.inputs.dataset_inputs] == [f"{'a' * 32}.dir"]
        assert len(below(experiment, child)) == 3


def test_recording_a_result_again_adds_nothing(
    saved: dict[str, SavedModel], location: Location, experiment: str
) -> None:
    given = result("k1", saved["trees"], saved["base_rate"])
    assert store.record(given, location, experiment) is True
    before = len(runs(experiment))
    assert store.record(given, location, experiment) is False
    assert len(runs(experiment)) == before == 1 + 2 + 2 * 3


@pytest.mark.parametrize("place", ["_link", "_register"])
def test_a_run_that_was_killed_half_way_is_written_anew(
    saved: dict[str, SavedModel],
    location: Location,
    experiment: str,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    fresh = replace(saved["trees"], version=f"killed {place}")
    given = result("k1", fresh, saved["base_rate"])

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store._Recorder, place, stop)  # noqa: SLF001 - the place of the kill
        with pytest.raises(KeyboardInterrupt):
            store.record(given, location, experiment)
    (left,) = runs(experiment, "tags.result = 'k1'")
    assert left.info.status == "RUNNING"
    assert store.record(given, location, experiment) is True
    (parent,) = runs(experiment, "tags.result = 'k1'")
    assert parent.info.run_id != left.info.run_id
    assert len(runs(experiment)) == 1 + 2 + 2 * 3
    client = mlflow.MlflowClient()
    logged = client.search_logged_models([parent.info.experiment_id])
    registered = {
        version.tags["logged_model_id"]
        for name in ("up_sell", "cross_sell")
        for version in client.search_model_versions(f"name = '{name}'")
    }
    assert [one.model_id for one in logged if one.model_id not in registered] == []


def test_somebody_elses_unfinished_run_is_left_alone(
    saved: dict[str, SavedModel], location: Location, experiment: str
) -> None:
    given = result("k1", saved["trees"], saved["base_rate"])
    store.record(given, location, experiment)
    (mine,) = runs(experiment, "tags.result = 'k1'")
    client = mlflow.MlflowClient()
    theirs = client.create_run(
        mine.info.experiment_id, tags={"result": "k2", "mlflow.user": "somebody else"}
    )
    store.record(replace(given, key="k2"), location, experiment)
    assert client.get_run(theirs.info.run_id).info.lifecycle_stage == "active"


def test_a_store_that_was_moved_is_refused_before_anything_is_written_elsewhere(
    saved: dict[str, SavedModel], location: Location, experiment: str
) -> None:
    given = result("k1", saved["trees"], saved["base_rate"])
    store.record(given, location, experiment)
    moved = replace(location, artifacts="file:///elsewhere/mlruns/artifacts")
    with pytest.raises(ConfigurationError, match="the project was moved"):
        store.record(given, moved, experiment)


def test_each_distinct_model_is_registered_once_and_the_aliases_say_who_scores(
    saved: dict[str, SavedModel], location: Location, experiment: str
) -> None:
    first = result("k1", saved["trees"], saved["base_rate"])
    store.record(first, location, experiment)
    store.record(result("k2", saved["trees"], saved["trees"]), location, experiment)
    client = mlflow.MlflowClient()
    mine = {saved["trees"].version, saved["base_rate"].version}
    tags = [v.tags["model_version"] for v in client.search_model_versions("name = 'up_sell'")]
    assert sorted(tag for tag in tags if tag in mine) == sorted(mine)
    assert alias("champion") == alias("challenger") == saved["trees"].version
    # Back to the first result, as after `git checkout` and `dvc checkout`.
    assert store.record(first, location, experiment) is False
    assert alias("champion") == saved["base_rate"].version


def test_the_ui_opens_on_the_runs_and_shows_a_model_as_registered(
    saved: dict[str, SavedModel], location: Location, experiment: str
) -> None:
    fresh = replace(saved["trees"], version=f"shown {experiment}")
    store.record(result("k1", fresh, fresh), location, experiment)
    client = mlflow.MlflowClient()
    found = client.get_experiment_by_name(experiment)
    assert found is not None
    tags = found.tags
    assert tags["mlflow.experimentKind"] == "custom_model_development"
    assert tags["mlflow.note.content"]
    (entry,) = client.search_model_versions(
        f"name = 'up_sell' and tag.model_version = '{fresh.version}'"
    )
    logged = client.get_logged_model(entry.tags["logged_model_id"])
    assert json.loads(logged.tags["mlflow.modelVersions"]) == [
        {"name": "up_sell", "version": str(entry.version)}
    ]
    assert fresh.version in str(entry.description)
    assert client.get_registered_model("up_sell").description


def test_the_figures_of_a_run_are_shown_with_the_challenger_only(
    saved: dict[str, SavedModel], location: Location, experiment: str
) -> None:
    models = {name: replace(saved[name], version=f"new {name}") for name in ("trees", "base_rate")}
    store.record(result("k1", models["trees"], models["base_rate"]), location, experiment)
    client = mlflow.MlflowClient()
    shown = {
        entry.tags["model_version"]: client.get_logged_model(entry.tags["logged_model_id"]).metrics
        for entry in client.search_model_versions("name = 'up_sell'")
    }
    assert {metric.key for metric in shown["new trees"] or []} == FIGURES.keys()
    assert not shown["new base_rate"]


def alias(name: str) -> str:
    entry = mlflow.MlflowClient().get_model_version_by_alias("up_sell", name)
    return str(entry.tags["model_version"])


def test_a_registered_model_answers_like_the_model_it_was_made_from(
    saved: dict[str, SavedModel], location: Location, experiment: str, tmp_path: Path
) -> None:
    store.record(result("k1", saved["retrained"], saved["base_rate"]), location, experiment)
    features = examples(9).features
    texts = features.assign(category=features["category"].astype("str").mask(features.index == 3))
    texts.to_json(tmp_path / "features.json", orient="split", double_precision=15)
    answers = ask_elsewhere(location, tmp_path)
    for name, model in (("challenger", trees(2)), ("champion", base_rate(1))):
        expected = {"score": model.score(texts), "propensity": model.propensity(texts)}
        for kind in ("str", "category", "object", "served"):
            for column, values in expected.items():
                assert np.array_equal(answers[name][kind][column], values), (name, kind)


ASK = """
import json, mlflow, pandas as pd
from mlflow.pyfunc import scoring_server
mlflow.set_tracking_uri({uri!r})
text = open("features.json").read()
rows = pd.read_json("features.json", orient="split", dtype={{"visits": "float32"}})
def ask(name):
    model = mlflow.pyfunc.load_model(f"models:/up_sell@{{name}}")
    found = {{
        kind: model.predict(rows.assign(category=rows["category"].astype(kind))).to_dict("list")
        for kind in ("str", "category", "object")
    }}
    body = '{{"dataframe_split": ' + text + "}}"
    schema = model.metadata.get_input_schema()
    served = scoring_server.invocations(body, "application/json", model, schema).response
    found["served"] = pd.DataFrame(json.loads(served)["predictions"]).to_dict("list")
    return found
print(json.dumps({{name: ask(name) for name in ("challenger", "champion")}}))
"""


def ask_elsewhere(location: Location, folder: Path) -> dict[str, Any]:
    """Load both models in another process, outside the project, and ask them in every way."""
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(uri=location.uri)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def test_a_server_that_dies_while_it_records_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, location: Location
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens
        dead = Location(f"http://127.0.0.1:{closed.getsockname()[1]}", None)
        try:
            with pytest.raises(DataError, match="a tracking server that answers"):
                store.record(ResultRecord("a" * 64, "a result", Notes(), ()), dead, "propensity")
        finally:
            mlflow.set_tracking_uri(location.uri)
