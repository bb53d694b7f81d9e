"""A tracking server that is dead is told in seconds and in one sentence, and loses no result."""

import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from pipeline.foundation.errors import DataError
from pipeline.io.tracking_context import open_location
from pipeline.tracking import server_probe
from pipeline.tracking.location import Location, local_store
from pipeline.tracking.server_probe import require_server


@contextmanager
def answering(status: HTTPStatus) -> Iterator[str]:
    """Give the address of a server that answers everything alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def closed_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def test_a_closed_port_is_told_at_once_with_the_remedy_and_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    url = f"http://ana:secret@127.0.0.1:{closed_port()}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", url)
    began = time.perf_counter()
    with pytest.raises(DataError, match=r"refused.*run the same command again") as told:
        open_location()
    assert time.perf_counter() - began < server_probe.SECONDS
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "status", [HTTPStatus.OK, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND]
)
def test_a_server_that_answers_in_any_way_is_alive(status: HTTPStatus) -> None:
    with answering(status) as url:
        require_server(Location(url, None))


def test_a_proxy_before_a_dead_server_is_none() -> None:
    with answering(HTTPStatus.BAD_GATEWAY) as url, pytest.raises(DataError, match="HTTP 502"):
        require_server(Location(f"{url}/", None))


def test_a_server_that_takes_the_call_and_says_nothing_is_dead_after_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_probe, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(DataError, match="timed out"):
            require_server(Location(url, None))


def test_a_store_without_a_server_is_not_asked(tmp_path: Path) -> None:
    require_server(local_store(tmp_path))
    require_server(Location("postgresql://nowhere.invalid/mlflow", None))
