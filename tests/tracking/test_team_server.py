"""A team's MLflow: a real server before a real PostgreSQL, files elsewhere, a model served from it.

It lets in whom it knows, as docs/production.md has it started.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import Request, urlopen

import mlflow
import numpy as np
import pytest

from pipeline.foundation.errors import DataError
from pipeline.tracking import store
from pipeline.tracking.location import locate
from pipeline.tracking.records import ResultRecord
from tests.databases import new_database, rows
from tests.tracking.models import base_rate, examples, save, trees
from tests.tracking.servers import started
from tests.tracking.test_store import result

pytestmark = pytest.mark.slow
USER, PASSWORD = "analyst", "of-twelve-letters"


@dataclass(frozen=True)
class Team:
    """A server that a result was recorded at, its database, and where it keeps files."""

    address: str
    database: str
    files: Path
    recorded: ResultRecord


@pytest.fixture(scope="module")
def team(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("team")
    database, files = new_database(postgres, "mlflow"), folder / "elsewhere"
    backend = database.replace("postgresql://", "postgresql+psycopg://")
    arguments = ["server", "--workers", "1", "--backend-store-uri", backend]
    arguments += ["--artifacts-destination", files.as_uri(), "--app-name", "basic-auth"]
    users = folder / "users.ini"
    users.write_text(
        "[mlflow]\n"
        "default_permission = NO_PERMISSIONS\n"
        f"database_uri = sqlite:///{folder / 'users.db'}\n"
        f"admin_username = {USER}\n"
        "auth_cache_ttl_seconds = 60\n"  # else each of its requests hashes the password anew
        "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n",
        encoding="utf-8",
    )
    known = {
        "MLFLOW_AUTH_CONFIG_PATH": str(users),
        "MLFLOW_AUTH_ADMIN_PASSWORD": PASSWORD,
        "MLFLOW_FLASK_SERVER_SECRET_KEY": PASSWORD,
    }
    given = result("k1", save(trees(2), folder / "t"), save(base_rate(1), folder / "b"))
    given = replace(given, models=given.models[:1])
    with (
        started(arguments, "/health", folder / "server.log", known) as address,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("MLFLOW_TRACKING_USERNAME", USER)
        patch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)
        assert store.record(given, locate(folder / "mlruns", address), "propensity") is True
        assert not (folder / "mlruns").exists()
        yield Team(address, database, files, given)
    mlflow.set_tracking_uri("")


def test_runs_models_and_files_go_to_the_server_and_come_back_from_it(team: Team) -> None:
    location = locate(Path("mlruns"), team.address)
    assert store.record(team.recorded, location, "propensity") is False
    runs = "SELECT count(*) FROM runs WHERE lifecycle_stage = 'active'"
    assert rows(team.database, runs) == [(1 + 1 + 3,)]
    names = "SELECT name, count(*) FROM model_versions GROUP BY name"
    assert rows(team.database, names) == [("up_sell", 2)]
    assert list(team.files.rglob("model.json")), "the server keeps the files"
    served = mlflow.pyfunc.load_model("models:/up_sell@champion")
    asked = examples(9).features
    assert np.array_equal(served.predict(asked)["propensity"], base_rate(1).propensity(asked))


def test_a_served_model_answers_one_customer_and_many_as_the_batch_does(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", team.address)
    asked = examples(9).features
    batch = trees(2).propensity(asked)
    arguments = ["models", "serve", "--model-uri", "models:/up_sell@challenger"]
    arguments += ["--env-manager", "local"]
    with started(arguments, "/ping", tmp_path / "serving.log") as address:
        for part in ([1], [7], list(range(len(asked)))):  # 7 has a gap
            question = asked.iloc[part].to_json(orient="split", index=False, double_precision=15)
            answers = ask(address, f'{{"dataframe_split": {question}}}')
            found = np.array([answer["propensity"] for answer in answers])
            assert np.array_equal(found, batch[part])


def test_nobody_is_let_in_without_a_name_and_its_password(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = locate(Path("mlruns"), team.address)
    before = rows(team.database, "SELECT count(*) FROM runs")
    unheard = replace(team.recorded, key="k2")
    refused = r"lets in; found HTTP 401.*MLFLOW_TRACKING_USERNAME.*the same command again"
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "of-other-letters")
    with pytest.raises(DataError, match=refused) as wrong:
        store.record(unheard, location, "propensity")
    assert "of-other-letters" not in str(wrong.value)
    for name in ("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"):
        monkeypatch.delenv(name)
    with pytest.raises(DataError, match=refused):
        store.record(unheard, location, "propensity")
    assert rows(team.database, "SELECT count(*) FROM runs") == before


def ask(address: str, question: str) -> list[dict[str, float]]:
    """Return a server's answers, a row each."""
    request = Request(  # noqa: S310 - this machine's own
        f"{address}/invocations", question.encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=60) as answer:  # noqa: S310 - this machine's own
        given: list[dict[str, float]] = json.load(answer)["predictions"]
    return given
