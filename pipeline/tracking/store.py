"""The one door to MLflow, opened at call time: its import takes seconds, and most stages never need it.

A result is recorded once. A run that a killed session left half-written is removed and written anew.
"""

import json
import logging
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pandas as pd

import pipeline
from pipeline.foundation.errors import ConfigurationError, PipelineError
from pipeline.tracking.location import Location
from pipeline.tracking.records import (
    SHIFT_COLUMN,
    DatasetRecord,
    ModelRecord,
    Notes,
    RecordedTrial,
    ResultRecord,
    SavedModel,
)
from pipeline.tracking.server_probe import require_entry, require_server

log = logging.getLogger(__name__)

RESULT_TAG = "result"
VERSION_TAG = "model_version"
_LOGGED_TAG = "logged_model_id"
_MODEL_VERSIONS_TAG = "mlflow.modelVersions"
"""What the UI shows a logged model as registered by; `mlflow.register_model` sets it."""
_EXPERIMENT_TAGS = {
    "mlflow.experimentKind": "custom_model_development",
    "mlflow.note.content": "Whom to offer what next: one run for every distinct result of "
    "`dvc repro`, below it one for each model, below that its tuning trials. To compare results, "
    "tick their runs and choose Compare.",
}
_BATCH = 100  # MLflow takes no more parameters at once
_PARENT = "mlflow.parentRunId"
_NEEDED_TO_PREDICT = (
    "lightgbm",
    "mlflow",
    "numpy",
    "pandas",
    "pydantic",
    "pyyaml",
    "scikit-learn",
    "scipy",
)
_Model = TypeVar("_Model")


def serve(
    load: Callable[[Path], _Model], predict: Callable[[_Model, pd.DataFrame], pd.DataFrame]
) -> None:
    """Tell MLflow how a model folder is loaded and asked; called by the file that MLflow runs."""
    mlflow = _open_mlflow()

    class Served(mlflow.pyfunc.PythonModel):  # type: ignore[misc, name-defined]  # MLflow publishes no types
        """A model folder behind MLflow's interface."""

        def load_context(self, context: Any) -> None:
            """Load the folder."""
            self.model = load(Path(context.artifacts["model"]))

        def predict(self, context: Any, model_input: pd.DataFrame) -> pd.DataFrame:  # noqa: ARG002 - MLflow passes it
            """Answer for each row."""
            return predict(self.model, model_input)

    mlflow.models.set_model(Served())


def make_tables(location: Location) -> None:
    """Let MLflow make the tables of a new store, and let go of its file."""
    _open_mlflow()
    from mlflow.store.tracking.sqlalchemy_store import (  # noqa: PLC0415 - as MLflow itself
        SqlAlchemyStore,
    )

    store = SqlAlchemyStore(location.uri, location.artifacts)  # type: ignore[no-untyped-call]  # MLflow publishes no types
    store.engine.dispose()


def record(result: ResultRecord, location: Location, experiment: str) -> bool:
    """Record a result unless it is there already; point the aliases at its models either way.

    Args:
        result: what to record.
        location: the store.
        experiment: the experiment's name; it is made where it does not exist.

    Returns:
        Whether anything was written: false where a finished run of this result exists.

    Raises:
        DataError: the server stopped answering, or does not let this user in.
    """
    try:
        recorder = _Recorder(_open_mlflow(location), location, experiment)
        is_new = not recorder.is_recorded(result.key)
        if is_new:
            recorder.remove_half_written(result.key)
            recorder.write(result)
        else:
            recorder.log_forgotten(result)
        recorder.point_aliases(result.models)
    except PipelineError:
        raise
    except Exception as error:  # MLflow lets errors of many libraries through
        require_entry(error, location)
        require_server(location)  # that it died meanwhile is said in a sentence
        raise
    return is_new


def runs_page(location: Location, experiment: str) -> str:
    """Return where the UI shows an experiment's runs, after its address; empty if there are none.

    The UI opens on traces of language models unless its address says what is looked for.
    """
    client = _open_mlflow(location).MlflowClient()
    found = client.get_experiment_by_name(experiment)
    if found is None:
        return ""
    return f"/#/experiments/{found.experiment_id}/runs?workflowType=machine_learning"


def forget_models(location: Location, names: Sequence[str]) -> int:
    """Delete every version of models that no alias names; return how many. Runs and figures stay.

    MLflow marks the files as deleted, and `mlflow gc` removes them. A version is deleted last, so that
    a call that was stopped is finished by the next; one that is trained again is logged anew.
    """
    mlflow = _open_mlflow(location)
    client, forgotten = mlflow.MlflowClient(), 0
    for model in client.search_registered_models():
        named = {str(version) for version in model.aliases.values()}
        own = client.search_model_versions(f"name = '{model.name}'") if model.name in names else ()
        for entry in own:
            if str(entry.version) not in named and _LOGGED_TAG in entry.tags:
                with suppress(mlflow.MlflowException):  # deleted by a call that was stopped
                    client.delete_logged_model(entry.tags[_LOGGED_TAG])
                client.delete_model_version(model.name, entry.version)
                forgotten += 1
    return forgotten


class _Recorder:
    """Writes runs into one experiment."""

    def __init__(self, mlflow: ModuleType, location: Location, experiment: str) -> None:
        self._mlflow = mlflow
        self._client = mlflow.MlflowClient()
        found = self._client.get_experiment_by_name(experiment)
        if found is not None and found.lifecycle_stage != "active":
            raise ConfigurationError(
                "track.experiment that is not deleted",
                repr(experiment),
                "Restore it in the MLflow UI, or choose another name in params.yaml.",
            )
        if found is not None and location.artifacts not in {None, found.artifact_location}:
            raise ConfigurationError(
                f"a store that keeps its files in {location.artifacts}",
                f"one that was made for {found.artifact_location}: the project was moved",
                "Delete the folder mlruns and run dvc repro; it records the present result again.",
            )
        self._experiment_id = (
            found.experiment_id
            if found is not None
            else self._make_experiment(experiment, location.artifacts)
        )
        self._describe_experiment()
        self._context = mlflow.tracking.context.registry.resolve_tags()

    def _describe_experiment(self) -> None:
        """Say what the experiment is, and of which kind."""
        known = self._client.get_experiment(self._experiment_id).tags
        for name, value in _EXPERIMENT_TAGS.items():
            if name not in known:  # what a person wrote there stays
                self._client.set_experiment_tag(self._experiment_id, name, value)

    def _make_experiment(self, name: str, artifacts: str | None) -> Any:
        """Make the experiment, or take the one that another run has made since we looked."""
        try:
            return self._client.create_experiment(name, artifacts)
        except self._mlflow.MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            return self._client.get_experiment_by_name(name).experiment_id

    def is_recorded(self, key: str) -> bool:
        """Say whether a finished run of a result exists."""
        return any(
            run.info.status == "FINISHED" for run in self._runs(f"tags.{RESULT_TAG} = '{key}'")
        )

    def remove_half_written(self, key: str) -> None:
        """Delete this user's unfinished runs of a result, with all that is below them."""
        for run in self._runs(f"tags.{RESULT_TAG} = '{key}'"):
            # On a server, somebody else's unfinished run may still be alive.
            if run.data.tags.get("mlflow.user") == self._context.get("mlflow.user"):
                log.info("a half-written run of this result is removed: %s", run.info.run_name)
                self._delete(run)

    def write(self, result: ResultRecord) -> None:
        """Write a result; its run is finished last, so that an unfinished one is half-written."""
        parent = self._start(result.name, {RESULT_TAG: result.key, **result.notes.tags})
        self._note(parent, result.notes)
        for model in result.models:
            self._write_model(model, parent)
        self._client.set_terminated(parent.info.run_id)

    def log_forgotten(self, result: ResultRecord) -> None:
        """Log models of a recorded result anew that were forgotten since, as after a checkout."""
        for model in result.models:
            for saved in (model.champion, model.challenger):
                if self._registered(model.name, saved.version) is None:
                    self._link(saved, model.name, self._child(result.key, model.name))

    def _child(self, key: str, name: str) -> Any:
        """Return the run of a model below the finished run of a result."""
        recorded = self._runs(f"tags.{RESULT_TAG} = '{key}'")
        (parent, *_) = [run for run in recorded if run.info.status == "FINISHED"]
        below = self._runs(f"tags.`{_PARENT}` = '{parent.info.run_id}'")
        (child, *_) = [run for run in below if run.info.run_name == name]
        return child

    def _write_model(self, model: ModelRecord, parent: Any) -> None:
        """Write a child run and its trials.

        MLflow hands the figures a run has to each model it logs there: they are the challenger's,
        so another champion goes before them.
        """
        child = self._start(model.name, {**model.notes.tags, _PARENT: parent.info.run_id})
        if model.champion.version != model.challenger.version:
            self._link(model.champion, model.name, child)
        self._note(child, model.notes)
        self._link(model.challenger, model.name, child)
        for trial in model.trials:
            self._write_trial(trial, child)
        self._client.set_terminated(child.info.run_id)

    def point_aliases(self, models: Sequence[ModelRecord]) -> None:
        """Point champion and challenger at the versions of a result's models."""
        for model in models:
            for alias, saved in (("champion", model.champion), ("challenger", model.challenger)):
                entry = self._registered(model.name, saved.version)
                self._client.set_registered_model_alias(model.name, alias, entry.version)

    def _runs(self, condition: str) -> list[Any]:
        return list(self._client.search_runs([self._experiment_id], condition))

    def _delete(self, run: Any) -> None:
        for child in self._runs(f"tags.`{_PARENT}` = '{run.info.run_id}'"):
            self._delete(child)
        self._delete_orphans(run.info.run_id)
        self._client.delete_run(run.info.run_id)

    def _delete_orphans(self, run_id: str) -> None:
        """Delete the models that a killed session logged under a run and did not register."""
        logged = self._client.search_logged_models(
            [self._experiment_id], filter_string=f"source_run_id = '{run_id}'"
        )
        for model in logged:
            if not self._client.search_model_versions(f"tag.{_LOGGED_TAG} = '{model.model_id}'"):
                self._client.delete_logged_model(model.model_id)

    def _start(self, name: str, tags: Mapping[str, str]) -> Any:
        return self._client.create_run(
            self._experiment_id, tags={**self._context, **tags}, run_name=name
        )

    def _write_trial(self, trial: RecordedTrial, child: Any) -> None:
        tags = {_PARENT: child.info.run_id, "state": trial.state}
        run = self._start(f"{child.info.run_name} trial {trial.number:03d}", tags)
        self._note(run, Notes(params=trial.params, metrics=trial.metrics))
        self._client.set_terminated(run.info.run_id)

    def _note(self, run: Any, notes: Notes) -> None:
        run_id, entities = run.info.run_id, self._mlflow.entities
        moment = run.info.start_time
        metrics = [entities.Metric(n, value, moment, 0) for n, value in notes.metrics.items()]
        metrics += [
            entities.Metric(name, value, moment, step)
            for name, values in notes.curves.items()
            for step, value in enumerate(values)
        ]
        params = [entities.Param(name, value) for name, value in notes.params.items()]
        for start in range(0, max(len(metrics), len(params)), _BATCH):
            part = slice(start, start + _BATCH)
            self._client.log_batch(run_id, metrics=metrics[part], params=params[part])
        for file, folder in notes.files:
            self._client.log_artifact(run_id, str(file), folder or None)
        for path, make_text in notes.texts.items():
            self._client.log_text(run_id, make_text(), path)
        if notes.datasets:
            self._client.log_inputs(run_id, [self._dataset(data) for data in notes.datasets])

    def _dataset(self, data: DatasetRecord) -> Any:
        """Return a data set by its hash; the data stay where they are."""
        entities = self._mlflow.entities
        source = json.dumps({"uri": data.path})
        dataset = entities.Dataset(data.name, data.digest, "dvc", source)
        return entities.DatasetInput(
            dataset, [entities.InputTag("mlflow.data.context", data.context)]
        )

    def _link(self, saved: SavedModel, name: str, child: Any) -> None:
        """Show a model under a run; each distinct version is logged and registered once."""
        entry = self._registered(name, saved.version)
        if entry is None:
            self._register(saved, name, child, self._log_model(saved, name, child))
            return
        output = self._mlflow.entities.LoggedModelOutput(entry.tags[_LOGGED_TAG], 0)
        self._client.log_outputs(child.info.run_id, [output])

    def _registered(self, name: str, model_version: str) -> Any:
        """Return the registered entry of a model's version, or None."""
        found = self._client.search_model_versions(
            f"name = '{name}' and tag.{VERSION_TAG} = '{model_version}'"
        )
        return min(found, key=lambda entry: int(entry.version), default=None)

    def _log_model(self, saved: SavedModel, name: str, child: Any) -> str:
        """Log a model under a run and return its id."""
        pyfunc = self._mlflow.pyfunc
        with warnings.catch_warnings(), self._mlflow.start_run(run_id=child.info.run_id):
            # A text may come as a category, which MLflow knows no type of.
            warnings.filterwarnings("ignore", message=".*AnyType")
            logged = pyfunc.log_model(
                name=name,
                python_model=str(Path(__file__).with_name("pyfunc_model.py")),
                artifacts={"model": str(saved.folder)},
                code_paths=[str(Path(pipeline.__file__).parent)],
                signature=self._signature(saved),
                input_example=pd.DataFrame([saved.example]) if saved.example else None,
                pip_requirements=[f"{name}=={version(name)}" for name in _NEEDED_TO_PREDICT],
            )
        return str(logged.model_id)

    def _register(self, saved: SavedModel, name: str, child: Any, model_id: str) -> None:
        client = self._client
        if not client.search_registered_models(f"name = '{name}'"):
            client.create_registered_model(
                name,
                description="Propensity model: rows of features in, `score` and calibrated "
                "`propensity` out. The alias `champion` scores, `challenger` was trained last.",
            )
        tags = {VERSION_TAG: saved.version, "kind": saved.kind, _LOGGED_TAG: model_id}
        entry = client.create_model_version(
            name,
            f"models:/{model_id}",
            child.info.run_id,
            tags,
            description=f"{saved.kind} {saved.version}, {len(saved.columns)} columns. Scored files "
            f"name it in `model_version`; the run that it was trained in is {child.info.run_id}.",
            model_id=model_id,
        )
        shown = [{"name": name, "version": str(entry.version)}]
        client.set_logged_model_tags(model_id, {_MODEL_VERSIONS_TAG: json.dumps(shown)})

    def _signature(self, saved: SavedModel) -> Any:
        types = self._mlflow.types
        any_type = types.schema.AnyType()
        inputs = [
            types.ColSpec(any_type if column in saved.text_columns else "double", column)
            for column in saved.columns
        ]
        inputs.append(types.ColSpec("double", SHIFT_COLUMN, required=False))
        outputs = [types.ColSpec("double", name) for name in ("score", "propensity")]
        return self._mlflow.models.ModelSignature(types.Schema(inputs), types.Schema(outputs))


def _open_mlflow(location: Location | None = None) -> ModuleType:
    """Import MLflow, quietly, and point it at a store."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    import mlflow  # noqa: PLC0415 - takes seconds, and most stages never need it

    for noisy in ("alembic", "mlflow"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if location is not None:
        mlflow.set_tracking_uri(location.uri)
    return mlflow
